#pragma once

#include "models/member_order.hpp"
#include "models/values.hpp"

#include <tuple>
#include <type_traits>

// One table per struct maps JSON members to C++ members; everything else follows from the tables.
// A module that has models of its own includes this header, writes tables and instantiates:
//
//   template <>
//   struct Table<ResourceId> {
//     static constexpr auto kFields = std::tuple(field("id", &ResourceId::id, kRequired));
//   };
//   BATCHAI_MODEL(ResourceId)

namespace batchai::inline v1::describe {

enum FieldFlags : unsigned {
  kPlain = 0,
  /// A request without it is refused; it is written also when it is empty.
  kRequired = 1,
  /// Left out of requests.
  kReadOnly = 2,
  /// Lies in the object's `properties`.
  kInProperties = 4,
};

template <class Owner, class Member>
struct Field {
  const char* name;
  Member Owner::*member;
  unsigned flags;

  constexpr bool has(FieldFlags flag) const { return (flags & flag) != 0; }
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(const char* name, Member Owner::*member, unsigned flags = kPlain) {
  return {name, member, flags};
}

/// Specialised for each model, with `static constexpr std::tuple kFields`.
template <Model T>
struct Table;

template <Model T, class Visit>
void for_each_field(const Visit& visit) {
  std::apply([&visit](const auto&... fields) { (visit(fields), ...); }, Table<T>::kFields);
}

template <Model T>
constexpr bool has_properties() {
  return std::apply([](const auto&... fields) { return (fields.has(kInProperties) || ...); }, Table<T>::kFields);
}

/// Whether the table has a member of this name, in `properties` or beside them.
template <Model T>
bool knows(std::string_view name, bool in_properties) {
  bool known = has_properties<T>() && !in_properties && name == "properties";
  for_each_field<T>(
      [&](const auto& field) { known = known || (field.has(kInProperties) == in_properties && name == field.name); });
  return known;
}

/// What a member's values are made of: itself, what an optional holds, or the items of a list.
template <class T>
struct Content {
  using Type = T;
};
template <class T>
struct Content<std::optional<T>> : Content<T> {};
template <class T>
struct Content<std::vector<T>> : Content<T> {};

template <class T>
constexpr bool kIsList = false;
template <class T>
constexpr bool kIsList<std::optional<T>> = kIsList<T>;
template <class T>
constexpr bool kIsList<std::vector<T>> = true;

template <class T>
constexpr Notation notation_of() {
  if constexpr (std::is_same_v<T, Timestamp>) {
    return Notation::kDate;
  } else {
    return std::is_same_v<T, Duration> ? Notation::kDuration : Notation::kPlain;
  }
}

template <Model T>
const Shape& shape_of() {
  static const Shape kShape = [] {
    Shape shape;
    for_each_field<T>([&]<class Owner, class Member>(const Field<Owner, Member>& field) {
      using Value = typename Content<Member>::Type;
      const Shape* inner = nullptr;
      if constexpr (Model<Value>) {
        inner = &shape_of<Value>();
      }
      shape.push_back({.name = field.name,
                       .in_properties = field.has(kInProperties),
                       .list = kIsList<Member>,
                       .content = inner,
                       .notation = notation_of<Value>()});
    });
    return shape;
  }();
  return kShape;
}

template <Model T>
void read_model(const nlohmann::json& json, const JsonPath& where, Reading reading, T& value) {
  require_object(json, where);
  const nlohmann::json& properties = has_properties<T>() ? member_of(json, "properties") : json;
  const JsonPath inside(where, "properties");
  if (has_properties<T>() && !properties.is_null()) {
    require_object(properties, inside);
  }
  value = T{};
  for_each_field<T>([&](const auto& field) {
    const bool nested = field.has(kInProperties);
    const JsonPath at(nested ? inside : where, field.name);
    const nlohmann::json& content = member_of(nested ? properties : json, field.name);
    if (!content.is_null()) {
      read_value(content, at, reading, value.*(field.member));
    } else if (reading == Reading::Complete && field.has(kRequired)) {
      fail_missing(at);
    }
  });
  keep_unknown(json, &knows<T>, false, value.unknown.members);
  if (has_properties<T>()) {
    keep_unknown(properties, &knows<T>, true, value.unknown.properties);
  }
}

template <Model T>
nlohmann::json write_model(const T& value, Writing writing) {
  nlohmann::json json = nlohmann::json::object();
  nlohmann::json properties = nlohmann::json::object();
  for_each_field<T>([&](const auto& field) {
    if (writing == Writing::Request && field.has(kReadOnly)) {
      return;
    }
    nlohmann::json content = write_value(value.*(field.member), writing);
    if (!content.is_null() && (field.has(kRequired) || !is_empty(value.*(field.member), content))) {
      (field.has(kInProperties) ? properties : json)[field.name] = std::move(content);
    }
  });
  if (writing != Writing::Shown) {
    write_unknown(value.unknown.members, json);
    write_unknown(value.unknown.properties, properties);
  }
  if (!properties.empty()) {
    json["properties"] = std::move(properties);
  }
  return json;
}

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

template <Model T>
void to_json(nlohmann::json& json, const T& value) {
  json = describe::write_model(value, describe::Writing::Everything);
}

template <Model T>
void from_json(const nlohmann::json& json, T& value) {
  describe::read_model(json, describe::JsonPath(), describe::Reading::Lenient, value);
}

template <Model T>
nlohmann::json request_body(const T& value) {
  return describe::write_model(value, describe::Writing::Request);
}

template <Model T>
nlohmann::json without_secrets(const T& value) {
  return describe::write_model(value, describe::Writing::Shown);
}

template <Model T>
nlohmann::ordered_json in_order(const nlohmann::json& document) {
  return describe::in_order(document, describe::shape_of<T>());
}

template <Model T>
T from_request(const nlohmann::json& json) {
  T value;
  describe::read_model(json, describe::JsonPath(), describe::Reading::Complete, value);
  return value;
}

template <Model T>
T parse_json(std::string_view text, std::string_view what) {
  const nlohmann::json json = parse_json_text(text, what);
  T value;
  describe::read_model(json, describe::JsonPath(what), describe::Reading::Lenient, value);
  return value;
}

template <Model T>
Page<T> parse_page(std::string_view text, std::string_view what) {
  const nlohmann::json json = parse_json_text(text, what);
  const describe::JsonPath top(what);
  describe::require_object(json, top);
  Page<T> page;
  const nlohmann::json& items = describe::member_of(json, "value");
  if (!items.is_null()) {
    describe::read_value(items, describe::JsonPath(top, "value"), describe::Reading::Lenient, page.items);
  }
  const nlohmann::json& link = describe::member_of(json, "nextLink");
  if (!link.is_null()) {
    describe::read_value(link, describe::JsonPath(top, "nextLink"), describe::Reading::Lenient, page.next_link);
  }
  return page;
}

template <Model T>
nlohmann::json page_to_json(const Page<T>& page) {
  nlohmann::json json = {{"value", nlohmann::json::array()}};
  for (const T& item : page.items) {
    json["value"].push_back(without_secrets(item));
  }
  if (!page.next_link.empty()) {
    json["nextLink"] = page.next_link;
  }
  return json;
}

}  // namespace batchai::inline v1

// NOLINTBEGIN(bugprone-macro-parentheses): the argument is a type, which takes no parentheses.

/// Compiles the functions of one model. To be used once per model, in namespace batchai, behind its table.
#define BATCHAI_MODEL(T)                                                                                          \
  template void describe::read_model<T>(const nlohmann::json&, const describe::JsonPath&, describe::Reading, T&); \
  template nlohmann::json describe::write_model<T>(const T&, describe::Writing);                                  \
  template const describe::Shape& describe::shape_of<T>();                                                        \
  template void to_json<T>(nlohmann::json&, const T&);                                                            \
  template void from_json<T>(const nlohmann::json&, T&);                                                          \
  template nlohmann::json request_body<T>(const T&);                                                              \
  template nlohmann::json without_secrets<T>(const T&);                                                           \
  template nlohmann::ordered_json in_order<T>(const nlohmann::json&);                                             \
  template T from_request<T>(const nlohmann::json&);                                                              \
  template T parse_json<T>(std::string_view, std::string_view);                                                   \
  template Page<T> parse_page<T>(std::string_view, std::string_view);                                             \
  template nlohmann::json page_to_json<T>(const Page<T>&);

/// Declares that BATCHAI_MODEL(T) is in some source file, so that models which contain a T do not compile it again.
#define BATCHAI_MODEL_ELSEWHERE(T)                                                                                  \
  extern template void describe::read_model<T>(const nlohmann::json&, const describe::JsonPath&, describe::Reading, \
                                               T&);                                                                 \
  extern template nlohmann::json describe::write_model<T>(const T&, describe::Writing);                             \
  extern template const describe::Shape& describe::shape_of<T>();

// NOLINTEND(bugprone-macro-parentheses)

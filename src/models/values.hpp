#pragma once

#include "batchai/core/open_enum.hpp"
#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"
#include "batchai/models/model.hpp"

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

// Single values to and from JSON, and where in the document they are.

namespace batchai::inline v1::describe {

/// A path in a JSON document, for error messages. Lives on the stack only: it refers to its parent.
class JsonPath {
 public:
  JsonPath() = default;
  /// The top of a document, which `what` names.
  explicit JsonPath(std::string_view what) : what_(what) {}
  JsonPath(const JsonPath& parent, std::string_view name) : parent_(&parent), name_(name) {}
  JsonPath(const JsonPath& parent, std::size_t index) : parent_(&parent), index_(index) {}

  /// `properties.mountVolumes.azureFileShares[0]: `, with the name of the document in front. Empty at an unnamed
  /// top.
  std::string lead() const;

 private:
  std::string path() const;
  const JsonPath& top() const { return parent_ == nullptr ? *this : parent_->top(); }

  const JsonPath* parent_ = nullptr;
  std::string_view what_ = {};
  std::string_view name_ = {};
  std::optional<std::size_t> index_ = {};
};

enum class Reading {
  Lenient,
  /// Required members have to be there.
  Complete,
};

enum class Writing {
  Everything,
  /// Without read-only members.
  Request,
  /// Without secrets and unknown members.
  Shown,
};

[[noreturn]] void fail_missing(const JsonPath& where);
/// Throws ProtocolError unless `json` is an object.
void require_object(const nlohmann::json& json, const JsonPath& where);
/// A null where the member is absent or `object` is no object.
const nlohmann::json& member_of(const nlohmann::json& object, const char* name);
/// Takes over the members of one level for which `knows` says no; nothing if it is no object.
void keep_unknown(const nlohmann::json& level, bool (*knows)(std::string_view name, bool in_properties),
                  bool in_properties, std::map<std::string, std::string>& unknown);
void write_unknown(const std::map<std::string, std::string>& unknown, nlohmann::json& object);

void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, std::string& value);
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, Secret& value);
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, bool& value);
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, std::int32_t& value);
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, std::int64_t& value);
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, Timestamp& value);
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, Duration& value);
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading,
                std::map<std::string, std::string>& value);
void require_array(const nlohmann::json& json, const JsonPath& where);

template <Model T>
void read_model(const nlohmann::json& json, const JsonPath& where, Reading reading, T& value);
template <Model T>
nlohmann::json write_model(const T& value, Writing writing);

template <class T>
concept Enum = std::derived_from<T, OpenEnum<T>>;

template <Model T>
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, T& value) {
  read_model(json, where, reading, value);
}

template <Enum T>
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, T& value) {
  std::string text;
  read_value(json, where, reading, text);
  value = T(std::move(text));
}

template <class T>
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, std::optional<T>& value) {
  read_value(json, where, reading, value.emplace());
}

template <class T>
void read_value(const nlohmann::json& json, const JsonPath& where, Reading reading, std::vector<T>& value) {
  require_array(json, where);
  value.resize(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    read_value(json[i], JsonPath(where, i), reading, value[i]);
  }
}

// A null means: nothing to write.

inline nlohmann::json write_value(const std::string& value, Writing) { return value; }
inline nlohmann::json write_value(bool value, Writing) { return value; }
inline nlohmann::json write_value(std::int32_t value, Writing) { return value; }
inline nlohmann::json write_value(std::int64_t value, Writing) { return value; }
inline nlohmann::json write_value(const std::map<std::string, std::string>& value, Writing) { return value; }
nlohmann::json write_value(const Secret& value, Writing writing);
nlohmann::json write_value(const Timestamp& value, Writing writing);
nlohmann::json write_value(const Duration& value, Writing writing);

template <Model T>
nlohmann::json write_value(const T& value, Writing writing) {
  return write_model(value, writing);
}

template <Enum T>
nlohmann::json write_value(const T& value, Writing) {
  return value.value();
}

template <class T>
nlohmann::json write_value(const std::optional<T>& value, Writing writing) {
  return value ? write_value(*value, writing) : nlohmann::json();
}

template <class T>
nlohmann::json write_value(const std::vector<T>& value, Writing writing) {
  nlohmann::json array = nlohmann::json::array();
  for (const T& item : value) {
    array.push_back(write_value(item, writing));
  }
  return array;
}

/// Whether a member's value means that it is absent. Numbers and what is optional never do.
template <class T>
bool is_empty(const T& value, const nlohmann::json& written) {
  if constexpr (requires { value.has_value(); }) {
    return false;
  } else {
    return written.is_string() ? written.get_ref<const std::string&>().empty()
                               : written.is_structured() && written.empty();
  }
}

}  // namespace batchai::inline v1::describe

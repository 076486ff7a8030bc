#pragma once

#include "batchai/core/http.hpp"
#include "batchai/version.hpp"

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

/// The order of texts in which upper and lower case of ASCII letters are the same.
[[nodiscard]] std::weak_ordering compare_ignoring_case(std::string_view a, std::string_view b);

/// Writes `text` as `<<` does.
std::ostream& print_text(std::ostream& out, std::string_view text);

/// A known value of some open enumeration, as `ExecutionState::kQueued`.
template <class T>
concept OpenEnumConstant = requires {
  typename T::OpenEnumOfConstant;
};

/// A value out of a set that the service may extend: unknown values survive a round trip. Compares, orders and hashes
/// without regard to case, as the service's own clients do. `Derived` lists the known values as `static constexpr
/// Constant`; those of another enumeration can neither be compared with it nor assigned to it. A value: not to be
/// changed by one thread while others use it.
template <class Derived>
class OpenEnum {
 public:
  /// One of the known values. Converts to text. Immutable, thread-safe.
  class Constant {
   public:
    /// The enumeration that it is of.
    using OpenEnumOfConstant = Derived;
    /// `text` as it is on the wire; it has to stay, as literals do.
    constexpr explicit Constant(std::string_view text) : text_(text) {}
    /// As it is on the wire.
    constexpr std::string_view value() const noexcept { return text_; }
    /// The same.
    constexpr operator std::string_view() const noexcept { return text_; }
    template <std::convertible_to<std::string_view> Text>
    requires(!OpenEnumConstant<Text>) friend bool operator==(Constant a, const Text& b) {
      return iequals(a.value(), b);
    }

   private:
    std::string_view text_;
  };
  /// How enumerations are told from other types.
  using OpenEnumType = OpenEnum;

  /// The empty text: absent.
  OpenEnum() = default;
  /// Of any text, known or not.
  OpenEnum(std::string value) : value_(std::move(value)) {}
  /// The same.
  OpenEnum(std::string_view value) : value_(value) {}
  /// The same; not null.
  OpenEnum(const char* value) : value_(value) {}
  /// One of the known values.
  OpenEnum(Constant value) : value_(value.value()) {}
  template <OpenEnumConstant Other>
  OpenEnum(Other) = delete;

  /// As it is on the wire.
  [[nodiscard]] const std::string& value() const& noexcept { return value_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string value() && { return std::move(value_); }
  /// Whether there is no text.
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  friend bool operator==(const Derived& a, const Derived& b) { return iequals(a.value(), b.value()); }
  friend bool operator==(const Derived& a, Constant b) { return iequals(a.value(), b.value()); }
  /// With text of any kind, literals included; a template, as else these could be taken for a Derived as well.
  template <std::convertible_to<std::string_view> Text>
  requires(!OpenEnumConstant<Text>) friend bool operator==(const Derived& a, const Text& b) {
    return iequals(a.value(), b);
  }
  friend std::weak_ordering operator<=>(const Derived& a, const Derived& b) {
    return compare_ignoring_case(a.value(), b.value());
  }
  friend std::ostream& operator<<(std::ostream& out, const Derived& value) { return print_text(out, value.value()); }

 private:
  std::string value_;
};

/// An open enumeration, as ExecutionState.
template <class T>
concept OpenEnumeration = std::same_as<typename T::OpenEnumType, OpenEnum<T>>;

BATCHAI_NAMESPACE_END

/// Equal values have equal hashes, whatever their case.
template <batchai::OpenEnumeration T>
struct std::hash<T> {
  /// Of the value in lower case. Thread-safe.
  std::size_t operator()(const T& value) const { return std::hash<std::string>()(batchai::to_lower(value.value())); }
};

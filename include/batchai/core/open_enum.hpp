#pragma once

#include "batchai/core/http.hpp"
#include "batchai/version.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

/// A value out of a set that the service may extend: unknown values survive a round trip. Compares without regard to
/// case, as the service's own clients do. `Derived` lists the known values as `static constexpr std::string_view`.
template <class Derived>
class OpenEnum {
 public:
  OpenEnum() = default;
  OpenEnum(std::string value) : value_(std::move(value)) {}
  OpenEnum(std::string_view value) : value_(value) {}
  OpenEnum(const char* value) : value_(value) {}

  /// As it is on the wire.
  const std::string& value() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }

  friend bool operator==(const Derived& a, const Derived& b) { return iequals(a.value(), b.value()); }
  /// With text of any kind, literals included; a template, as else these could be taken for a Derived as well.
  template <std::convertible_to<std::string_view> Text>
  friend bool operator==(const Derived& a, const Text& b) {
    return iequals(a.value(), b);
  }

 private:
  std::string value_;
};

BATCHAI_NAMESPACE_END

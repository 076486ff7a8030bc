#pragma once

#include "batchai/version.hpp"

#include <string>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

/// A value that must not be shown: it has no stream operator and no conversion to a string, so that it cannot be
/// printed or logged by accident. Reading it takes a call that is easy to find in a review. A value: not to be changed
/// by one thread while others use it.
class Secret {
 public:
  Secret() = default;
  /// Takes the value over.
  explicit Secret(std::string value) : value_(std::move(value)) {}

  /// The value itself. Valid as long as this object is neither changed nor destroyed.
  [[nodiscard]] const std::string& reveal() const& noexcept { return value_; }
  const std::string& reveal() const&& = delete;
  /// Whether there is a value.
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string value_;
};

BATCHAI_NAMESPACE_END

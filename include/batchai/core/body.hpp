#pragma once

#include "batchai/version.hpp"

#include <cstdint>
#include <span>
#include <string_view>

BATCHAI_NAMESPACE_BEGIN

/// The body of a request, read while it is sent, and again when it is sent again. Called from other threads than the
/// one that sends, but only during the call that sends the request, and not by two of them at the same time.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// In bytes; the same for as long as the request is under way.
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Fills all of `into` with the bytes from `offset` on; never beyond size(). What it throws, Transport::send throws.
  virtual void read(std::uint64_t offset, std::span<char> into) const = 0;
};

/// Takes the body of an answer as it comes. Called as a BodySource is. Not called by two threads at the same time.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// `offset` counts from the beginning of the body; it is 0 again when a request is sent again. What it throws,
  /// Transport::send throws.
  virtual void write(std::uint64_t offset, std::string_view bytes) = 0;
};

BATCHAI_NAMESPACE_END

#pragma once

#include "core/descriptor.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>

#include <spdlog/sinks/base_sink.h>

namespace batchai::server {

/// Writes each line with one call, so that lines of several processes do not mix. Lines that cannot be written are
/// counted and dropped: a full disk must not stop the service.
class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// Empty: standard error. A file is made with 0600, and appended to. Throws std::runtime_error naming it.
  explicit LogSink(std::filesystem::path file);

  /// Continues in a new file of the same name, or in the old one if that cannot be made. Whether there was a file to
  /// open.
  bool reopen();
  std::uint64_t lost_lines() const noexcept { return lost_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}
  Descriptor open() const;

  std::filesystem::path file_;
  Descriptor descriptor_;
  std::atomic<std::uint64_t> lost_ = 0;
};

}  // namespace batchai::server

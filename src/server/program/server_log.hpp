#pragma once

#include "server/http/message.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace batchai::server {

/// The service's log: standard error and `DIR/log/server.log` (0600), one line an event. Never holds a query, as that
/// may be a shared access signature. Thread-safe.
class ServerLog {
 public:
  /// `level` as in spdlog. If standard error is that very file, lines are written once. Throws std::runtime_error.
  ServerLog(const std::filesystem::path& folder, const std::string& level);

  void info(std::string_view text);
  /// `text` may quote what an operator has written: file names and their contents.
  void warning(std::string_view text);
  void error(std::string_view text);
  /// One request with its answer.
  void request(std::string_view face, const Request& request, const std::string& principal, int status,
               std::chrono::milliseconds time);
  /// What a handler should not have thrown.
  void failure(const Request& request, std::string_view what);

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace batchai::server

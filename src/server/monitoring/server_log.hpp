#pragma once

#include "server/http/listen_options.hpp"
#include "server/monitoring/log_options.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spdlog {
class logger;
}

namespace batchai::server {

class LogSink;

struct LogField {
  std::string_view name;
  std::variant<std::string, std::int64_t, double> value;
};

/// The service's log: one line per event, as text (`TIME LEVEL EVENT NAME=VALUE…`, odd values quoted as in JSON) or as
/// one JSON object. Never holds a query, as that may be a shared access signature; what looks like a signature in other
/// texts is masked. Thread-safe.
class ServerLog {
 public:
  enum class Level { Debug, Info, Warning, Error };

  /// Throws std::runtime_error if the file cannot be opened.
  explicit ServerLog(const LogOptions& options);

  void info(std::string_view text) { message(Level::Info, text); }
  /// `text` may quote an operator's file names and their contents.
  void warning(std::string_view text) { message(Level::Warning, text); }
  void error(std::string_view text) { message(Level::Error, text); }
  void event(std::string_view name, const std::vector<LogField>& fields, Level level = Level::Info);
  /// One request with its answer. Those of monitors are of level debug.
  void request(std::string_view api, const Exchange& exchange);
  /// An exception that a handler should not have thrown.
  void failure(const Request& request, std::string_view what);

  /// For logrotate: continues in a new file. Whether there is a file.
  bool reopen();
  /// Lines that could not be written, as on a full disk.
  std::uint64_t lost_lines() const;

 private:
  void message(Level level, std::string_view text);
  void write(Level level, const std::string& line);

  LogFormat format_;
  std::shared_ptr<LogSink> sink_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace batchai::server

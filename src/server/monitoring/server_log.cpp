#include "server/monitoring/server_log.hpp"

#include "core/printable.hpp"
#include "server/monitoring/log_line.hpp"
#include "server/monitoring/log_sink.hpp"

#include <algorithm>
#include <stdexcept>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>

namespace batchai::server {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
constexpr std::size_t kLongestClientId = 128;

spdlog::level::level_enum severity(ServerLog::Level level) {
  switch (level) {
    case ServerLog::Level::Debug:
      return spdlog::level::debug;
    case ServerLog::Level::Warning:
      return spdlog::level::warn;
    case ServerLog::Level::Error:
      return spdlog::level::err;
    case ServerLog::Level::Info:
      break;
  }
  return spdlog::level::info;
}

double milliseconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000; }

bool is_of_a_monitor(const Exchange& exchange) {
  return exchange.status == 200 && (exchange.request.path == "/healthz" || exchange.request.path == "/metrics");
}

/// In the text form control characters of messages become blanks, so that they cannot control a terminal.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return printable(text);
}

}  // namespace

ServerLog::ServerLog(const LogOptions& options)
    : format_(options.format),
      sink_(std::make_shared<LogSink>(options.file)),
      logger_(std::make_shared<spdlog::logger>("batchai-server", sink_)) {
  logger_->set_level(spdlog::level::from_str(options.level));
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      format_ == LogFormat::Json ? kJsonPattern : kTextPattern, spdlog::pattern_time_type::utc));
}

void ServerLog::write(Level level, const std::string& line) { logger_->log(severity(level), "{}", line); }

void ServerLog::message(Level level, std::string_view text) {
  const std::string shown = loggable(text);
  write(level, format_ == LogFormat::Json ? json_members("message", {{"message", shown}}) : one_line(shown));
}

void ServerLog::event(std::string_view name, const std::vector<LogField>& fields, Level level) {
  if (logger_->should_log(severity(level))) {
    write(level, format_ == LogFormat::Json ? json_members(name, fields) : text_line(name, fields));
  }
}

void ServerLog::request(std::string_view api, const Exchange& exchange) {
  const Request& request = exchange.request;
  const std::string client_id = request.headers.get("x-ms-client-request-id").substr(0, kLongestClientId);
  event("request",
        {{"api", std::string(api)},
         {"id", request.request_id},
         {"client_id", loggable(client_id)},
         {"peer", request.remote_address},
         {"principal", exchange.principal},
         {"principal_name", loggable(exchange.principal_name)},
         {"operation", loggable(exchange.operation)},
         {"method", loggable(request.method)},
         {"path", loggable(request.path)},
         {"status", std::int64_t{exchange.status}},
         {"ms", milliseconds(exchange.total_time)},
         {"handler_ms", milliseconds(exchange.handling_time)},
         {"received", static_cast<std::int64_t>(exchange.received_bytes)},
         {"sent", static_cast<std::int64_t>(exchange.sent_bytes)},
         {"end", exchange.complete ? "" : "broken"}},
        is_of_a_monitor(exchange) ? Level::Debug : Level::Info);
}

void ServerLog::failure(const Request& request, std::string_view what) {
  event("failure",
        {{"id", request.request_id},
         {"method", loggable(request.method)},
         {"path", loggable(request.path)},
         {"what", loggable(what)}},
        Level::Error);
}

bool ServerLog::reopen() { return sink_->reopen(); }
std::uint64_t ServerLog::lost_lines() const { return sink_->lost_lines(); }

}  // namespace batchai::server

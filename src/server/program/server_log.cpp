#include "server/program/server_log.hpp"

#include <stdexcept>

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {
namespace {

/// Makes the file, for its owner only, and says whether standard error goes there already.
bool prepare(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct stat log {};
  struct stat error_stream {};
  const bool same = descriptor >= 0 && ::fstat(descriptor, &log) == 0 && ::fstat(STDERR_FILENO, &error_stream) == 0 &&
                    log.st_dev == error_stream.st_dev && log.st_ino == error_stream.st_ino;
  if (descriptor < 0) {
    throw std::runtime_error("cannot write the log file " + file.string());
  }
  ::close(descriptor);
  return same;
}

/// Paths come from peers: what could begin a line of its own is taken out.
std::string printable(std::string_view text) {
  std::string result(text.substr(0, 1024));
  for (char& c : result) {
    c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return result;
}

}  // namespace

ServerLog::ServerLog(const std::filesystem::path& folder, const std::string& level) {
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  const std::filesystem::path file = folder / "server.log";
  std::vector<spdlog::sink_ptr> sinks = {std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  if (!prepare(file)) {
    sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string()));
  }
  logger_ = std::make_shared<spdlog::logger>("batchai-server", sinks.begin(), sinks.end());
  logger_->set_level(spdlog::level::from_str(level));
  logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger_->flush_on(spdlog::level::info);
}

void ServerLog::info(std::string_view text) { logger_->info("{}", text); }
void ServerLog::warning(std::string_view text) { logger_->warn("{}", printable(text)); }
void ServerLog::error(std::string_view text) { logger_->error("{}", text); }

void ServerLog::request(std::string_view face, const Request& request, const std::string& principal, int status,
                        std::chrono::milliseconds time) {
  logger_->info("request face={} id={} principal={} method={} path={} status={} ms={}", face, request.request_id,
                principal.empty() ? "-" : printable(principal), printable(request.method), printable(request.path),
                status, time.count());
}

void ServerLog::failure(const Request& request, std::string_view what) {
  logger_->error("failure id={} method={} path={} what={}", request.request_id, printable(request.method),
                 printable(request.path), printable(what));
}

}  // namespace batchai::server

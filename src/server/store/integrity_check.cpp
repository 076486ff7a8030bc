#include "server/store/integrity_check.hpp"

#include "server/records/store_error.hpp"
#include "server/store/schema.hpp"
#include "server/store/sqlite.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace batchai::server {

namespace sqlite {

void refuse_damaged(Connection& connection, const std::filesystem::path& file, CheckDepth depth) {
  const std::string found =
      connection.text(depth == CheckDepth::Contents ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
  if (found == "ok") {
    return;
  }
  // The first line names the database.
  throw StoreError("The service database " + file.string() + " is damaged (" + found.substr(found.rfind('\n') + 1) +
                   "). Restore it from a copy, or move it away to start anew.");
}

}  // namespace sqlite

namespace {

/// Not so much that the check takes long on a busy machine: the write-ahead log can only grow meanwhile.
constexpr int kNiceness = 10;
constexpr std::chrono::milliseconds kInterruptAgain{10};

void give_way_to_others() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness); }

}  // namespace

IntegrityCheck::IntegrityCheck(std::filesystem::path file, Done done)
    : file_(std::move(file)), done_(std::move(done)) {}

IntegrityCheck::~IntegrityCheck() { stop(); }

void IntegrityCheck::start() {
  is_running_ = true;
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    is_running_ = false;
    throw;
  }
}

// An interrupt counts only for a statement that runs already, hence again and again.
void IntegrityCheck::stop() {
  {
    std::unique_lock lock(mutex_);
    is_stopped_ = true;
    while (is_running_) {
      if (connection_) {
        connection_->interrupt();
      }
      ended_.wait_for(lock, kInterruptAgain);
    }
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::optional<std::string> IntegrityCheck::damage() const {
  const std::scoped_lock lock(mutex_);
  return damage_;
}

void IntegrityCheck::run() {
  give_way_to_others();
  std::optional<std::string> damage;
  try {
    open();
    sqlite::refuse_damaged(*connection_, file_, sqlite::CheckDepth::Structure);
  } catch (const std::exception& error) {
    damage = error.what();
  }
  // What it says after an interrupt means nothing.
  if (close(damage)) {
    done_(damage);
  }
  const std::scoped_lock lock(mutex_);
  is_running_ = false;
  ended_.notify_all();
}

void IntegrityCheck::open() {
  const std::scoped_lock lock(mutex_);
  connection_ = std::make_unique<sqlite::Connection>(file_);
}

bool IntegrityCheck::close(const std::optional<std::string>& damage) {
  const std::scoped_lock lock(mutex_);
  connection_.reset();
  if (!is_stopped_) {
    damage_ = damage;
  }
  return !is_stopped_;
}

void check_completely(const std::filesystem::path& file) {
  std::error_code missing;
  if (std::filesystem::file_size(file, missing) == 0 || missing) {
    throw StoreError("The service database " + file.string() + " is " + (missing ? "missing." : "empty."));
  }
  sqlite::Connection connection(file);
  sqlite::refuse_unknown_schema(connection, file);
  sqlite::refuse_damaged(connection, file, sqlite::CheckDepth::Contents);
}

}  // namespace batchai::server

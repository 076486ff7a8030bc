#include "server/store/integrity_check.hpp"

#include "server/store/schema.hpp"
#include "server/store/sqlite.hpp"

#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

namespace batchai::server {

namespace sqlite {

namespace {

bool is_damage(int code) { return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB; }

/// SQLite lists a page that the disk does not give among what is wrong in the database.
bool is_failed_read(std::string_view found) {
  return found.find("unable to get the page. error code=") != std::string_view::npos ||
         found.find("failed to get page ") != std::string_view::npos;
}

std::string findings(Connection& connection, CheckDepth depth) {
  try {
    return connection.text(depth == CheckDepth::Contents ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
  } catch (const StoreError& error) {
    if (is_damage(sqlite3_errcode(connection.handle()))) {
      throw DamageError(error.what());
    }
    throw;
  }
}

}  // namespace

void refuse_damaged(Connection& connection, const std::filesystem::path& file, CheckDepth depth) {
  const std::string found = findings(connection, depth);
  if (found == "ok") {
    return;
  }
  // The first line names the database.
  const std::string problem = found.substr(found.rfind('\n') + 1);
  if (is_failed_read(problem)) {
    throw StoreError("The service database " + file.string() + " cannot be read (" + problem + ").");
  }
  throw DamageError("The service database " + file.string() + " is damaged (" + problem +
                    "). Restore it from a copy, or move it away to start anew.");
}

}  // namespace sqlite

namespace {

using Verdict = CheckResult::Verdict;

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
  } catch (const std::system_error& error) {
    is_running_ = false;
    done_({Verdict::Unchecked,
           "There is no thread for the check of the service database: " + std::string(error.what()) + "."});
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

CheckResult IntegrityCheck::check() {
  try {
    open();
    sqlite::refuse_damaged(*connection_, file_, sqlite::CheckDepth::Structure);
    return {};
  } catch (const sqlite::DamageError& error) {
    return {Verdict::Damaged, error.what()};
  } catch (const std::exception& error) {
    return {Verdict::Unchecked, error.what()};
  }
}

void IntegrityCheck::run() {
  give_way_to_others();
  const CheckResult result = check();
  // What it says after an interrupt means nothing.
  if (close(result)) {
    done_(result);
  }
  const std::scoped_lock lock(mutex_);
  is_running_ = false;
  ended_.notify_all();
}

void IntegrityCheck::open() {
  const std::scoped_lock lock(mutex_);
  connection_ = std::make_unique<sqlite::Connection>(file_);
}

bool IntegrityCheck::close(const CheckResult& result) {
  const std::scoped_lock lock(mutex_);
  connection_.reset();
  if (!is_stopped_ && result.verdict == Verdict::Damaged) {
    damage_ = result.problem;
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

#include "server/store/sqlite_store.hpp"

#include "core/descriptor.hpp"
#include "server/store/schema.hpp"
#include "server/store/sqlite.hpp"
#include "server/store/sqlite_transaction.hpp"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {

namespace {

using sqlite::Connection;
using sqlite::DocumentTransaction;

// Opened by us before SQLite does, so that nobody else can read it at any moment; its companions (-wal, -shm) take
// over the mode.
Descriptor open_private(const std::filesystem::path& file) {
  Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (descriptor.get() < 0 || ::fchmod(descriptor.get(), 0600) != 0) {
    throw StoreError("The service database file " + file.string() + " cannot be opened: " + std::strerror(errno) + ".");
  }
  return descriptor;
}

Descriptor lock(const std::filesystem::path& file) {
  auto lock_file = file;
  lock_file += ".lock";
  Descriptor descriptor = open_private(lock_file);
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    throw StoreError("The service database " + file.string() +
                     " is in use by another process. Stop that service, or choose another data folder.");
  }
  return descriptor;
}

std::unique_ptr<Connection> open_reader(const std::filesystem::path& file) {
  auto connection = std::make_unique<Connection>(file);
  connection->execute("PRAGMA query_only = ON");
  return connection;
}

std::unique_ptr<Connection> open_writer(const std::filesystem::path& file) {
  open_private(file);
  auto connection = std::make_unique<Connection>(file);
  sqlite::prepare_schema(*connection, file);
  if (connection->text("PRAGMA journal_mode = WAL") != "wal") {
    throw StoreError("The service database " + file.string() + " lies on a disk that cannot hold a write-ahead log.");
  }
  connection->execute("PRAGMA synchronous = FULL");
  return connection;
}

void run(Connection& connection, const std::string& begin, Transaction& transaction,
         const std::function<void(Transaction&)>& work) {
  connection.execute(begin);
  try {
    work(transaction);
    connection.execute("COMMIT");
  } catch (...) {
    try {
      connection.execute("ROLLBACK");
    } catch (const StoreError&) {
      // After some failures (disk full, I/O) SQLite has rolled back by itself: what counts is the first error.
    }
    throw;
  }
}

}  // namespace

class SqliteStore::Impl {
 public:
  Impl(std::filesystem::path file, std::shared_ptr<Clock> clock)
      : file_(std::move(file)), clock_(std::move(clock)), lock_(lock(file_)), writer_(open_writer(file_)) {}

  void write(const std::function<void(Transaction&)>& work) {
    const std::scoped_lock guard(writing_);
    DocumentTransaction transaction(*writer_, clock_.get());
    run(*writer_, "BEGIN IMMEDIATE", transaction, work);
  }

  void read(const std::function<void(Transaction&)>& work) {
    auto reader = take_reader();
    DocumentTransaction transaction(*reader, nullptr);
    run(*reader, "BEGIN", transaction, work);
    const std::scoped_lock guard(idle_mutex_);
    idle_readers_.push_back(std::move(reader));
  }

 private:
  std::unique_ptr<Connection> take_reader() {
    {
      const std::scoped_lock guard(idle_mutex_);
      if (!idle_readers_.empty()) {
        auto reader = std::move(idle_readers_.back());
        idle_readers_.pop_back();
        return reader;
      }
    }
    return open_reader(file_);
  }

  std::filesystem::path file_;
  std::shared_ptr<Clock> clock_;
  Descriptor lock_;
  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  std::mutex idle_mutex_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;
};

SqliteStore::SqliteStore(const std::filesystem::path& file, std::shared_ptr<Clock> clock)
    : impl_(std::make_unique<Impl>(file, std::move(clock))) {}

SqliteStore::~SqliteStore() = default;

void SqliteStore::write(const std::function<void(Transaction&)>& work) { impl_->write(work); }

void SqliteStore::read(const std::function<void(Transaction&)>& work) { impl_->read(work); }

}  // namespace batchai::server

#include "server/store/sqlite_store.hpp"

#include "core/descriptor.hpp"
#include "server/records/active_jobs.hpp"
#include "server/store/backup.hpp"
#include "server/store/database_files.hpp"
#include "server/store/group_transaction.hpp"
#include "server/store/memory_follows.hpp"
#include "server/store/schema.hpp"
#include "server/store/sqlite.hpp"
#include "server/store/sqlite_transaction.hpp"
#include "server/store/write_queue.hpp"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
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

// A file is on the disk for good when its folder's entry is.
void sync_folder_of(const std::filesystem::path& file) {
  const Descriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) {
    ::fsync(folder.get());
  }
}

Descriptor lock(const std::filesystem::path& file) {
  auto lock_file = file;
  lock_file += ".lock";
  Descriptor descriptor = open_private(lock_file);
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    throw StoreInUse("The service database " + file.string() +
                     " is in use by another process. Stop that service, or choose another data folder.");
  }
  return descriptor;
}

std::unique_ptr<Connection> open_reader(const std::filesystem::path& file) {
  auto connection = std::make_unique<Connection>(file);
  connection->execute("PRAGMA query_only = ON");
  return connection;
}

std::unique_ptr<Connection> open_writer(const std::filesystem::path& file, const SqliteStore::Report& report) {
  open_private(file);
  sync_folder_of(file);
  auto connection = std::make_unique<Connection>(file);
  sqlite::prepare_schema(*connection, file, report);
  if (connection->text("PRAGMA journal_mode = WAL") != "wal") {
    throw StoreError("The service database " + file.string() + " lies on a disk that cannot hold a write-ahead log.");
  }
  connection->execute("PRAGMA synchronous = FULL");
  // What undoes one write of a group needs no file.
  connection->execute("PRAGMA temp_store = MEMORY");
  // After a burst of writes the log is truncated.
  connection->text("PRAGMA journal_size_limit = 67108864");
  // The first read makes the log, so that it can be watched from here on.
  connection->number("SELECT count(*) FROM sqlite_schema");
  return connection;
}

void end_read(Connection& reader) {
  try {
    reader.run("ROLLBACK");
  } catch (const StoreError&) {
    // The first error is the one to report.
  }
}

}  // namespace

class SqliteStore::Impl {
 public:
  Impl(std::filesystem::path file, std::shared_ptr<Clock> clock, const Report& report)
      : file_(std::move(file)),
        clock_(std::move(clock)),
        lock_(lock(file_)),
        writer_(open_writer(file_, report)),
        times_(*writer_, *clock_),
        files_(file_) {
    sqlite::load_active_jobs(*writer_, active_jobs_);
  }

  void write(const std::function<void(Transaction&)>& work) { queue_.write(work); }

  void read(const std::function<void(Transaction&)>& work) {
    if (files_.recent_problem()) {
      // Has what there is saved, and throws.
      write([](Transaction&) {});
    }
    auto reader = take_reader();
    DocumentTransaction transaction(*reader);
    reader->run("BEGIN");
    try {
      work(transaction);
      reader->run("COMMIT");
    } catch (const StoreError&) {
      throw;  // and the connection is not used again
    } catch (...) {
      end_read(*reader);
      keep_reader(std::move(reader));
      throw;
    }
    keep_reader(std::move(reader));
  }

 private:
  void write_group(const sqlite::WriteQueue::Next& next) {
    refuse_lost_files();
    {
      DocumentTransaction transaction(*writer_, &state_);
      sqlite::GroupTransaction group(*writer_, transaction, events_);
      while (auto* write = next()) {
        group.run(*write);
      }
      group.commit();
    }
    // Checked again: what was written into removed files is not stored.
    refuse_lost_files();
  }

  /// Called by the writer that runs a group, outside its transaction.
  void refuse_lost_files() {
    const auto problem = files_.problem();
    if (!problem) {
      return;
    }
    if (!rescued_) {
      rescued_ = rescue();
    }
    throw StoreError("The service database " + file_.string() + " is lost while the service runs: " + *problem +
                     ". Nothing can be stored any more. " +
                     (*rescued_ ? "What it held is in " + rescued_copy(file_).string() +
                                      ": stop the service, delete batchai.db-wal and batchai.db-shm, put the copy in "
                                      "place of the database, and start the service."
                                : "Stop the service and restore the database from a copy."));
  }

  /// Whether there is a copy now.
  bool rescue() {
    try {
      sqlite::copy_database(*writer_, rescued_copy(file_));
      return true;
    } catch (const StoreError&) {
      return false;
    }
  }

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

  void keep_reader(std::unique_ptr<Connection> reader) {
    const std::scoped_lock guard(idle_mutex_);
    idle_readers_.push_back(std::move(reader));
  }

  std::filesystem::path file_;
  std::shared_ptr<Clock> clock_;
  Descriptor lock_;
  std::unique_ptr<Connection> writer_;
  sqlite::ChangeTimes times_;
  ActiveJobs active_jobs_;
  sqlite::ParsedDocuments parsed_;
  sqlite::WriteState state_{times_, active_jobs_, parsed_};
  sqlite::DatabaseFiles files_;
  /// Whether what the database held could be copied, once that was necessary.
  std::optional<bool> rescued_;
  sqlite::MemoryFollows events_{*writer_, state_};
  sqlite::WriteQueue queue_{[this](const sqlite::WriteQueue::Next& next) { write_group(next); }};
  std::mutex idle_mutex_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;
};

std::filesystem::path SqliteStore::rescued_copy(const std::filesystem::path& file) {
  auto copy = file;
  return copy += ".rescued";
}

SqliteStore::SqliteStore(const std::filesystem::path& file, std::shared_ptr<Clock> clock, const Report& report)
    : impl_(std::make_unique<Impl>(file, std::move(clock), report)) {}

SqliteStore::~SqliteStore() = default;

void SqliteStore::write(const std::function<void(Transaction&)>& work) { impl_->write(work); }

void SqliteStore::read(const std::function<void(Transaction&)>& work) { impl_->read(work); }

}  // namespace batchai::server

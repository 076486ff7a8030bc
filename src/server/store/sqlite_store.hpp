#pragma once

#include "batchai/core/clock.hpp"
#include "server/records/store.hpp"
#include "server/records/store_error.hpp"

#include <filesystem>
#include <memory>

namespace batchai::server {

/// Store in one SQLite file (write-ahead log, full synchronisation: a returned write survives SIGKILL and power loss).
/// The file is 0600, and one process at a time may have it open. It is watched: when it or its log has been removed,
/// replaced or emptied, every write and, from 10 ms after that on, every read throws StoreError, and what the database
/// held is copied to `FILE.rescued` if that can be done.
class SqliteStore final : public Store {
 public:
  /// Called with one sentence about what happens to the file: that an older one was copied and brought up to date.
  using Report = std::function<void(const std::string&)>;

  /// Opens `file`, makes it if it is not there, and brings an older schema up to date, after a copy beside it. Throws
  /// StoreError if the folder is missing, the file is foreign, comes from a newer version or is damaged where it is
  /// read first, or another process has it open. The rest of it is for IntegrityCheck to read.
  SqliteStore(
      const std::filesystem::path& file, std::shared_ptr<Clock> clock,
      const Report& report = [](const std::string&) {});
  ~SqliteStore() override;

  /// Where a database that was removed while it was open is copied to.
  static std::filesystem::path rescued_copy(const std::filesystem::path& file);

  /// Writes that arrive while another one is being made durable share one transaction, in the order of their arrival;
  /// each is answered when that is on the disk. What one of them does before it throws is undone, the others stay; if
  /// the transaction fails, all that are in it throw StoreError. `work` may run on the thread of another caller. So it
  /// must not wait for anything that a caller of write() holds meanwhile, and must not use thread-local state of its
  /// own caller. Not to be called from inside a callback of the same store.
  void write(const std::function<void(Transaction&)>& work) override;
  /// The same; `put` and `erase` throw std::logic_error in here.
  void read(const std::function<void(Transaction&)>& work) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace batchai::server

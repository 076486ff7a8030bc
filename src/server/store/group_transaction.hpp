#pragma once

#include "server/store/sqlite.hpp"
#include "server/store/write_queue.hpp"

namespace batchai::server::sqlite {

/// What becomes of writes, for what is kept in memory beside the database: it has to follow. Called on the thread that
/// runs the group, one at a time.
class WriteEvents {
 public:
  virtual ~WriteEvents() = default;
  /// A write is about to make its changes. May not throw, like all but one of these.
  virtual void begun() {}
  /// What was changed since the last begun() has not happened.
  virtual void undone() {}
  /// Everything is about to be made durable. The only one that may throw (StoreError, and then the group fails).
  virtual void committing() {}
  /// What was changed since the last end of a group is durable. Its writers are answered after this.
  virtual void committed() {}
  /// What was changed since the last end of a group has not happened.
  virtual void failed() {}
};

/// Several writes in one transaction of SQLite, each of which can be undone by itself.
class GroupTransaction {
 public:
  /// `transaction` is a view on `connection`, whose only user this is as long as it lives. All outlive it.
  GroupTransaction(Connection& connection, Transaction& transaction, WriteEvents& events)
      : connection_(connection), transaction_(transaction), events_(events) {}
  /// Undoes all that has not been committed.
  ~GroupTransaction();
  GroupTransaction(const GroupTransaction&) = delete;
  GroupTransaction& operator=(const GroupTransaction&) = delete;

  /// Runs one more, and undoes it if it throws; the exception is in `write`. Throws StoreError if all of the group is
  /// lost.
  void run(QueuedWrite& write);
  /// Makes all of them durable. Throws StoreError if that fails; then nothing of them has happened.
  void commit();

 private:
  void begin();
  void keep();
  void undo(const QueuedWrite& write);

  Connection& connection_;
  Transaction& transaction_;
  WriteEvents& events_;
  bool open_ = false;
  /// The first of a transaction needs no savepoint.
  bool has_kept_some_ = false;
};

}  // namespace batchai::server::sqlite

#include "server/store/group_transaction.hpp"

#include "server/records/store_error.hpp"

namespace batchai::server::sqlite {

namespace {

[[noreturn]] void fail_group(const QueuedWrite& write) {
  try {
    if (write.failure()) {
      std::rethrow_exception(write.failure());
    }
  } catch (const StoreError& error) {
    throw StoreError(error.what());
  } catch (...) {
    // It has hidden what went wrong in the database.
  }
  throw StoreError("The service database has undone a write and those that were to be stored together with it.");
}

}  // namespace

GroupTransaction::~GroupTransaction() {
  if (!open_) {
    return;
  }
  try {
    connection_.run("ROLLBACK");
  } catch (const StoreError&) {
    // After some failures (disk full, I/O) SQLite has rolled back by itself: the first error is the one to report.
  }
  events_.failed();
}

void GroupTransaction::begin() {
  if (!open_) {
    connection_.run("BEGIN IMMEDIATE");
    open_ = true;
  } else {
    connection_.run("SAVEPOINT work");
  }
  events_.begun();
}

void GroupTransaction::run(QueuedWrite& write) {
  begin();
  write.run(transaction_);
  if (write.failure() || !connection_.is_in_transaction()) {
    undo(write);
  } else {
    keep();
  }
}

void GroupTransaction::keep() {
  if (has_kept_some_) {
    connection_.run("RELEASE work");
  }
  has_kept_some_ = true;
}

void GroupTransaction::undo(const QueuedWrite& write) {
  const bool is_rolled_back = !connection_.is_in_transaction();
  if (is_rolled_back && (has_kept_some_ || !write.failure())) {
    fail_group(write);
  }
  if (has_kept_some_) {
    connection_.run("ROLLBACK TO work");
    connection_.run("RELEASE work");
  } else {
    if (!is_rolled_back) {
      connection_.run("ROLLBACK");
    }
    open_ = false;
  }
  events_.undone();
}

void GroupTransaction::commit() {
  if (open_) {
    events_.committing();
    connection_.run("COMMIT");
    open_ = false;
    events_.committed();
  }
}

}  // namespace batchai::server::sqlite

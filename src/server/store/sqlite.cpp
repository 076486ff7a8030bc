#include "server/store/sqlite.hpp"

#include "server/store/sqlite_store.hpp"

#include <cerrno>
#include <new>

#include <sqlite3.h>

namespace batchai::server::sqlite {

namespace {

/// SQLite calls it an I/O error where its index of the write-ahead log does not fit.
bool is_for_want_of_space(int code, sqlite3* handle) {
  const int reason = handle == nullptr ? 0 : sqlite3_system_errno(handle);
  return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE ||
         ((code & 0xff) == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT));
}

}  // namespace

void Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Statement::Statement(Connection& connection, std::string_view sql)
    : connection_(connection), sql_(sql), statement_(connection.take(sql_)) {}

Statement::~Statement() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  connection_.give_back(std::move(sql_), std::move(statement_));
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) {
    connection_.fail(code);
  }
}

Statement& Statement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int parameter, std::int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), parameter, number));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    connection_.fail(code);
  }
  return code == SQLITE_ROW;
}

std::string_view Statement::view(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(size));
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

void Connection::Close::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }

Connection::Connection(const std::filesystem::path& file) : file_(file) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) {
    fail(code);
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 10'000);
}

void Connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    fail(code);
  }
}

void Connection::run(std::string_view sql) { Statement(*this, sql).step(); }

PreparedStatement Connection::take(const std::string& sql) {
  const auto found = prepared_.find(sql);
  if (found != prepared_.end()) {
    PreparedStatement statement = std::move(found->second);
    prepared_.erase(found);
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    fail(code);
  }
  return PreparedStatement(statement);
}

void Connection::give_back(std::string sql, PreparedStatement statement) noexcept {
  try {
    prepared_.emplace(std::move(sql), std::move(statement));
  } catch (const std::bad_alloc&) {
    // It will be prepared anew.
  }
}

std::int64_t Connection::number(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

std::string Connection::text(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.text(0) : std::string();
}

bool Connection::is_in_transaction() const noexcept { return sqlite3_get_autocommit(handle_.get()) == 0; }

void Connection::interrupt() noexcept { sqlite3_interrupt(handle_.get()); }

void Connection::fail(int code) const {
  const int primary = code & 0xff;
  const std::string name = "The service database " + file_.string();
  if (primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT) {
    throw StoreError(name + " is damaged or is not a database. Restore it from a copy, or move it away to start anew.");
  }
  if (is_for_want_of_space(code, handle_.get())) {
    throw StoreError(name + " cannot grow: no space is left on its disk.");
  }
  if (primary == SQLITE_READONLY) {
    throw StoreError(name + " cannot be written: the file or its disk is read-only.");
  }
  const std::string reason = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_.get());
  throw StoreError(name + " failed: " + reason + ".");
}

}  // namespace batchai::server::sqlite

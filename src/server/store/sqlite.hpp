#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace batchai::server::sqlite {

class Connection;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept;
};
using PreparedStatement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// A prepared statement, borrowed from the connection: preparing takes longer than running. Columns and parameters
/// count from 0 and 1, as in SQLite itself.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::int64_t number);
  /// Whether there is a row.
  bool step();
  std::string text(int column) const { return std::string(view(column)); }
  /// Valid until the next step. Empty for NULL.
  std::string_view view(int column) const;
  std::int64_t number(int column) const;

 private:
  void check(int code) const;

  Connection& connection_;
  std::string sql_;
  PreparedStatement statement_;
};

/// One connection, used by one thread at a time. Every failure is a StoreError that names the file.
class Connection {
 public:
  /// The file must exist.
  explicit Connection(const std::filesystem::path& file);

  /// Runs statements that give no rows, as many as there are.
  void execute(const std::string& sql);
  /// Runs one statement that gives no rows, and keeps it prepared.
  void run(std::string_view sql);
  /// First column of the first row.
  std::int64_t number(const std::string& sql);
  std::string text(const std::string& sql);
  /// Not where SQLite has rolled back by itself, as it does after some failures.
  bool is_in_transaction() const noexcept;
  /// Ends the statement that another thread runs, if any, with a StoreError there. The only member for any thread.
  void interrupt() noexcept;
  sqlite3* handle() const noexcept { return handle_.get(); }
  [[noreturn]] void fail(int code) const;
  PreparedStatement take(const std::string& sql);
  void give_back(std::string sql, PreparedStatement statement) noexcept;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<std::string, PreparedStatement> prepared_;
};

}  // namespace batchai::server::sqlite

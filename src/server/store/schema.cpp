#include "server/store/schema.hpp"

#include "server/store/sqlite_store.hpp"

#include <array>

namespace batchai::server::sqlite {

namespace {

// "BtAI": marks the file as ours (PRAGMA application_id).
constexpr std::int64_t kApplicationId = 0x42744149;

// Entry i leads from schema i to schema i + 1 (PRAGMA user_version). Entries are never changed, only added.
// AUTOINCREMENT: a sequence is never used again, also after its document is gone.
constexpr std::array<const char*, 1> kMigrations = {R"(
  CREATE TABLE documents (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    body TEXT NOT NULL,
    hidden TEXT NOT NULL,
    changed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX documents_by_kind ON documents (kind, sequence);
  CREATE INDEX documents_by_parent ON documents (kind, parent, sequence);
  CREATE TABLE marks (last_changed INTEGER NOT NULL) STRICT;
  INSERT INTO marks VALUES (0);
)"};

void refuse_foreign_file(Connection& connection, const std::filesystem::path& file) {
  if (connection.text("PRAGMA quick_check(1)") != "ok") {
    throw StoreError("The service database " + file.string() +
                     " is damaged. Restore it from a copy, or move it away to start anew.");
  }
  const auto id = connection.number("PRAGMA application_id");
  const bool empty = connection.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (id != kApplicationId && !empty) {
    throw StoreError("The file " + file.string() + " is a database of another program. Choose another data folder.");
  }
}

}  // namespace

void prepare_schema(Connection& connection, const std::filesystem::path& file) {
  refuse_foreign_file(connection, file);
  const auto version = connection.number("PRAGMA user_version");
  if (version > static_cast<std::int64_t>(kMigrations.size())) {
    throw StoreError("The service database " + file.string() + " was written by a newer version (schema " +
                     std::to_string(version) + ", this program knows up to " + std::to_string(kMigrations.size()) +
                     "). Use that version, or another data folder.");
  }
  for (auto next = static_cast<std::size_t>(version); next < kMigrations.size(); ++next) {
    connection.execute("BEGIN IMMEDIATE;" + std::string(kMigrations.at(next)) +
                       "PRAGMA application_id = " + std::to_string(kApplicationId) +
                       ";PRAGMA user_version = " + std::to_string(next + 1) + ";COMMIT;");
  }
}

}  // namespace batchai::server::sqlite

#include "server/store/schema.hpp"

#include "batchai/version.hpp"
#include "server/records/store_error.hpp"
#include "server/store/backup.hpp"
#include "server/store/integrity_check.hpp"
#include "server/store/sqlite_transaction.hpp"

#include <array>
#include <vector>

namespace batchai::server::sqlite {

namespace {

// "BtAI": marks the file as ours (PRAGMA application_id).
constexpr std::int64_t kApplicationId = 0x42744149;

// Entry i leads from schema i to schema i + 1 (PRAGMA user_version). Entries are never changed, only added.
// AUTOINCREMENT: a sequence is never used again, also after its document is gone.
// Where a column follows from a document, write_derived_columns fills it. From schema 4 on `cluster` is set for all
// jobs, `rank` for those that have not ended, and `workspace` is the part of `parent` before `/experiments/NAME`.
constexpr std::array<const char*, 4> kMigrations = {R"(
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
)",
                                                    R"(
  CREATE TABLE history (
    schema INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    moment TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
  ) STRICT;
)",
                                                    R"(
  ALTER TABLE documents ADD COLUMN state TEXT;
  ALTER TABLE documents ADD COLUMN cluster TEXT;
  ALTER TABLE documents ADD COLUMN rank INTEGER;
  ALTER TABLE documents ADD COLUMN node_count INTEGER;
  ALTER TABLE documents ADD COLUMN only_waits INTEGER;
  DELETE FROM documents WHERE kind = 'activeJob';
  CREATE INDEX documents_by_state ON documents (kind, state) WHERE state IS NOT NULL;
  CREATE INDEX active_jobs ON documents (cluster, rank, node_count, only_waits) WHERE cluster IS NOT NULL;
)",
                                                    R"(
  DROP INDEX active_jobs;
  UPDATE documents SET cluster = json_extract(hidden, '$.cluster') WHERE kind = 'job' AND cluster IS NULL;
  ALTER TABLE documents ADD COLUMN workspace TEXT GENERATED ALWAYS AS (CASE kind WHEN 'job' THEN
    substr(parent, 1, length(rtrim(parent, replace(parent, '/', ''))) - length('/experiments/')) END) VIRTUAL;
  CREATE INDEX active_jobs ON documents (cluster, rank, node_count, only_waits) WHERE rank IS NOT NULL;
  CREATE INDEX jobs_by_cluster ON documents (cluster, state) WHERE cluster IS NOT NULL;
  CREATE INDEX jobs_by_workspace ON documents (workspace, state) WHERE workspace IS NOT NULL;
)"};
// The one whose columns follow from the documents.
constexpr std::int64_t kSchemaOfDerivedColumns = 3;
// The first one whose migration writes into `history` which program made it.
constexpr std::int64_t kFirstWithHistory = 2;
constexpr auto kNewest = static_cast<std::int64_t>(kMigrations.size());
constexpr const char* kProgram = "batchai-server " BATCHAI_VERSION;

void refuse_foreign_file(Connection& connection, const std::filesystem::path& file) {
  const auto id = connection.number("PRAGMA application_id");
  const bool empty = connection.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (id != kApplicationId && !empty) {
    throw StoreError("The file " + file.string() + " is a database of another program. Choose another data folder.");
  }
}

/// Reads the way to the first row of each table; all else is checked when the service runs (IntegrityCheck).
void refuse_unreadable_tables(Connection& connection) {
  std::vector<std::string> tables;
  {
    Statement row(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'");
    while (row.step()) {
      tables.push_back(row.text(0));
    }
  }
  for (const std::string& table : tables) {
    connection.execute("SELECT * FROM \"" + table + "\" LIMIT 1");
  }
}

std::string writer_of(Connection& connection) {
  const bool known = connection.number("SELECT count(*) FROM sqlite_schema WHERE name = 'history'") != 0;
  const std::string program =
      known ? connection.text("SELECT program FROM history ORDER BY schema DESC LIMIT 1") : std::string();
  return program.empty() ? "a newer version" : program;
}

void refuse_newer(Connection& connection, const std::filesystem::path& file, std::int64_t version) {
  if (version <= kNewest) {
    return;
  }
  const auto backup = backup_of_schema(file, kNewest);
  throw StoreError("The service database " + file.string() + " was written by " + writer_of(connection) + " (schema " +
                   std::to_string(version) + "). This is " + kProgram + ", which knows schemas up to " +
                   std::to_string(kNewest) + ". Use the newer program" +
                   (std::filesystem::exists(backup) ? ", put back the older copy " + backup.string() : "") +
                   ", or take another data folder.");
}

void migrate(Connection& connection, std::int64_t to) {
  const std::string version = std::to_string(to);
  try {
    connection.execute("BEGIN IMMEDIATE;" + std::string(kMigrations.at(static_cast<std::size_t>(to - 1))));
    if (to == kSchemaOfDerivedColumns) {
      write_derived_columns(connection);
    }
    if (to >= kFirstWithHistory) {
      connection.execute("INSERT INTO history (schema, program) VALUES (" + version + ", '" + kProgram + "')");
    }
    connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                       ";PRAGMA user_version = " + version + ";COMMIT");
  } catch (...) {
    try {
      connection.execute("ROLLBACK");
    } catch (const StoreError&) {
      // SQLite may have done so itself: the first error is the one to report.
    }
    throw;
  }
}

}  // namespace

std::filesystem::path backup_of_schema(const std::filesystem::path& file, std::int64_t schema) {
  auto backup = file;
  return backup += ".schema" + std::to_string(schema) + ".backup";
}

std::int64_t refuse_unknown_schema(Connection& connection, const std::filesystem::path& file) {
  refuse_foreign_file(connection, file);
  const auto version = connection.number("PRAGMA user_version");
  refuse_newer(connection, file, version);
  return version;
}

void prepare_schema(Connection& connection, const std::filesystem::path& file,
                    const std::function<void(const std::string&)>& report) {
  const auto found = refuse_unknown_schema(connection, file);
  refuse_unreadable_tables(connection);
  if (found > 0 && found < kNewest) {
    refuse_damaged(connection, file, CheckDepth::Structure);
    const auto backup = backup_of_schema(file, found);
    copy_database(connection, backup);
    report("The service database is brought from schema " + std::to_string(found) + " to " + std::to_string(kNewest) +
           "; a copy of the old one is " + backup.string() + ".");
  }
  for (auto next = found + 1; next <= kNewest; ++next) {
    migrate(connection, next);
  }
}

}  // namespace batchai::server::sqlite

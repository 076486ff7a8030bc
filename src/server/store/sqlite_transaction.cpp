#include "server/store/sqlite_transaction.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace batchai::server::sqlite {

namespace {

constexpr std::string_view kColumns = "SELECT sequence, key, kind, parent, body, hidden, changed FROM documents ";

Document read_row(const Statement& row) {
  Document document;
  document.sequence = row.number(0);
  document.key = row.text(1);
  document.kind = row.text(2);
  document.parent = row.text(3);
  document.body = nlohmann::json::parse(row.text(4));
  document.hidden = nlohmann::json::parse(row.text(5));
  document.changed = Timestamp(Ticks(row.number(6)));
  return document;
}

}  // namespace

void DocumentTransaction::require_writable() const {
  if (clock_ == nullptr) {
    throw std::logic_error("a read of the store may not change it");
  }
}

std::optional<Document> DocumentTransaction::get(std::string_view key) {
  Statement row(connection_, std::string(kColumns) + "WHERE key = ?1");
  row.bind(1, key);
  if (!row.step()) {
    return std::nullopt;
  }
  return read_row(row);
}

// Kept in the database and not taken from the clock alone: the clock may be set back, and a new document must not get
// the time of an erased one.
Timestamp DocumentTransaction::next_change() {
  const auto last = connection_.number("SELECT last_changed FROM marks");
  const auto next = std::max(clock_->now().time_since_epoch().count(), last + 1);
  Statement(connection_, "UPDATE marks SET last_changed = ?1").bind(1, next).step();
  return Timestamp(Ticks(next));
}

Document DocumentTransaction::put(Document document) {
  require_writable();
  document.changed = next_change();
  Statement row(connection_,
                "INSERT INTO documents (key, kind, parent, body, hidden, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                "ON CONFLICT (key) DO UPDATE SET kind = ?2, parent = ?3, body = ?4, hidden = ?5, changed = ?6 "
                "RETURNING sequence");
  row.bind(1, document.key).bind(2, document.kind).bind(3, document.parent);
  row.bind(4, document.body.dump()).bind(5, document.hidden.dump());
  row.bind(6, document.changed.time_since_epoch().count());
  row.step();
  document.sequence = row.number(0);
  return document;
}

bool DocumentTransaction::erase(std::string_view key) {
  require_writable();
  Statement(connection_, "DELETE FROM documents WHERE key = ?1").bind(1, key).step();
  return connection_.changes() > 0;
}

std::int64_t DocumentTransaction::count(std::string_view kind) {
  Statement row(connection_, "SELECT count(*) FROM documents WHERE kind = ?1");
  row.bind(1, kind);
  return row.step() ? row.number(0) : 0;
}

std::vector<Document> DocumentTransaction::list(std::string_view kind, std::optional<std::string_view> parent,
                                                std::int64_t after_sequence, std::size_t limit) {
  Statement row(connection_, std::string(kColumns) + "WHERE kind = ?1 AND sequence > ?2 " +
                                 (parent ? "AND parent = ?4 " : "") + "ORDER BY sequence LIMIT ?3");
  row.bind(1, kind).bind(2, after_sequence);
  row.bind(3, limit == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(limit));
  if (parent) {
    row.bind(4, *parent);
  }
  std::vector<Document> documents;
  while (row.step()) {
    documents.push_back(read_row(row));
  }
  return documents;
}

}  // namespace batchai::server::sqlite

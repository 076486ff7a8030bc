#include "server/store/sqlite_transaction.hpp"

#include "server/records/active_jobs.hpp"
#include "server/records/store_error.hpp"
#include "server/records/wire_text.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace batchai::server::sqlite {

namespace {

constexpr std::string_view kColumns = "SELECT sequence, key, kind, parent, body, hidden, changed FROM documents ";
/// Also bounds their memory: a cluster of 100 nodes takes some 100 KB.
constexpr std::size_t kMostParsed = 64;
constexpr std::string_view kTextColumns = "SELECT key, body, sequence, changed FROM documents ";

Timestamp moment(std::int64_t ticks) { return Timestamp(Ticks(ticks)); }

nlohmann::json parse(const Document& document, std::string_view text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception&) {
    throw StoreError("The service database holds something unreadable as " + document.key +
                     ". Restore the database from a copy.");
  }
}

Document read_row(const Statement& row) {
  Document document;
  document.sequence = row.number(0);
  document.key = row.text(1);
  document.kind = row.text(2);
  document.parent = row.text(3);
  document.body = parse(document, row.view(4));
  document.hidden = parse(document, row.view(5));
  document.changed = moment(row.number(6));
  return document;
}

DocumentText read_text(const Statement& row) {
  return {row.text(0), row.text(1), row.number(2), moment(row.number(3))};
}

std::optional<ActiveJob> active_job_of(const Document& document) {
  return document.kind == "job" ? active_job(document) : std::nullopt;
}

/// Columns state, cluster, rank, node_count, only_waits from parameter `first` on.
void bind_derived(Statement& row, int first, const Document& document, const std::optional<ActiveJob>& job) {
  if (const std::string state = shown_state(document); !state.empty()) {
    row.bind(first, state);
  }
  if (const std::string cluster = document.kind == "job" ? text_at(document.hidden, "cluster") : ""; !cluster.empty()) {
    row.bind(first + 1, cluster);
  }
  if (job) {
    row.bind(first + 2, std::int64_t{job->rank});
    row.bind(first + 3, std::int64_t{job->node_count}).bind(first + 4, std::int64_t{job->only_waits});
  }
}

/// The rest of a query for the documents of a kind, and of a parent if there is one.
std::string page_of(bool with_parent) {
  return std::string("WHERE kind = ?1 AND sequence > ?2 ") + (with_parent ? "AND parent = ?4 " : "") +
         "ORDER BY sequence LIMIT ?3";
}

void bind_page(Statement& row, std::string_view kind, std::optional<std::string_view> parent,
               std::int64_t after_sequence, std::size_t limit) {
  row.bind(1, kind).bind(2, after_sequence);
  row.bind(3, limit == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(limit));
  if (parent) {
    row.bind(4, *parent);
  }
}

}  // namespace

ChangeTimes::ChangeTimes(Connection& connection, const Clock& clock)
    : clock_(clock), last_(connection.number("SELECT last_changed FROM marks")), saved_(last_) {}

Timestamp ChangeTimes::next() {
  last_ = std::max(clock_.now().time_since_epoch().count(), last_ + 1);
  return moment(last_);
}

void ChangeTimes::save(Connection& connection) {
  if (saved_ != last_) {
    Statement(connection, "UPDATE marks SET last_changed = ?1").bind(1, last_).step();
    saved_ = last_;
  }
}

bool ParsedDocuments::keeps(std::string_view kind) {
  return kind == "resourceGroup" || kind == "workspace" || kind == "experiment" || kind == "cluster";
}

const Document* ParsedDocuments::find(std::string_view key) const {
  const auto found = documents_.find(key);
  return found == documents_.end() ? nullptr : &found->second;
}

void ParsedDocuments::put(const Document& document) {
  if (documents_.size() >= kMostParsed) {
    documents_.clear();
  }
  documents_.insert_or_assign(document.key, document);
}

void ParsedDocuments::erase(std::string_view key) {
  if (const auto found = documents_.find(key); found != documents_.end()) {
    documents_.erase(found);
  }
}

const WriteState& DocumentTransaction::writable() const {
  if (state_ == nullptr) {
    throw std::logic_error("a read of the store may not change it");
  }
  return *state_;
}

std::optional<Document> DocumentTransaction::get(std::string_view key) {
  if (state_ != nullptr) {
    if (const Document* parsed = state_->parsed.find(key)) {
      return *parsed;
    }
  }
  Statement row(connection_, std::string(kColumns) + "WHERE key = ?1");
  row.bind(1, key);
  if (!row.step()) {
    return std::nullopt;
  }
  Document document = read_row(row);
  if (state_ != nullptr && ParsedDocuments::keeps(document.kind)) {
    state_->parsed.put(document);
  }
  return document;
}

std::optional<Document> DocumentTransaction::get(std::int64_t sequence) {
  Statement row(connection_, std::string(kColumns) + "WHERE sequence = ?1");
  row.bind(1, sequence);
  return row.step() ? std::optional(read_row(row)) : std::nullopt;
}

std::optional<DocumentText> DocumentTransaction::text(std::string_view key) {
  Statement row(connection_, std::string(kTextColumns) + "WHERE key = ?1");
  row.bind(1, key);
  return row.step() ? std::optional(read_text(row)) : std::nullopt;
}

std::optional<DocumentState> DocumentTransaction::state(std::string_view key) {
  Statement row(connection_, "SELECT kind, state FROM documents WHERE key = ?1");
  row.bind(1, key);
  return row.step() ? std::optional(DocumentState{row.text(0), row.text(1)}) : std::nullopt;
}

Document DocumentTransaction::put(Document document) {
  const WriteState& state = writable();
  document.changed = state.times.next();
  auto job = active_job_of(document);
  Statement row(connection_,
                "INSERT INTO documents (key, kind, parent, body, hidden, changed, state, cluster, rank, node_count, "
                "only_waits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
                "ON CONFLICT (key) DO UPDATE SET kind = ?2, parent = ?3, body = ?4, hidden = ?5, changed = ?6, "
                "state = ?7, cluster = ?8, rank = ?9, node_count = ?10, only_waits = ?11 RETURNING sequence");
  row.bind(1, document.key).bind(2, document.kind).bind(3, document.parent);
  row.bind(4, wire_text(document)).bind(5, document.hidden.dump());
  row.bind(6, document.changed.time_since_epoch().count());
  bind_derived(row, 7, document, job);
  row.step();
  document.sequence = row.number(0);
  if (job) {
    job->sequence = document.sequence;
    state.active_jobs.put(std::move(*job));
  } else if (document.kind == "job") {
    state.active_jobs.erase(document);
  } else if (document.kind == "cluster") {
    state.active_jobs.mark_changed(document.key);
  }
  if (ParsedDocuments::keeps(document.kind)) {
    state.parsed.put(document);
  }
  return document;
}

bool DocumentTransaction::erase(std::string_view key) {
  const WriteState& state = writable();
  state.parsed.erase(key);
  Statement row(connection_,
                "DELETE FROM documents WHERE key = ?1 "
                "RETURNING sequence, iif(rank IS NULL, NULL, cluster), rank, node_count");
  row.bind(1, key);
  if (!row.step()) {
    return false;
  }
  if (const std::string cluster = row.text(1); !cluster.empty()) {
    state.active_jobs.erase({.sequence = row.number(0),
                             .cluster = cluster,
                             .rank = static_cast<int>(row.number(2)),
                             .node_count = static_cast<int>(row.number(3))});
  }
  return true;
}

std::int64_t DocumentTransaction::count(std::string_view kind) {
  Statement row(connection_, "SELECT count(*) FROM documents WHERE kind = ?1");
  row.bind(1, kind);
  return row.step() ? row.number(0) : 0;
}

std::map<std::string, std::int64_t> DocumentTransaction::count_by_state(std::string_view kind) {
  // The condition lets SQLite use the index of states alone, which holds no documents without one.
  Statement row(connection_,
                "SELECT state, count(*) FROM documents WHERE kind = ?1 AND state IS NOT NULL GROUP BY state");
  row.bind(1, kind);
  std::map<std::string, std::int64_t> counts;
  std::int64_t without = count(kind);
  while (row.step()) {
    counts[row.text(0)] = row.number(1);
    without -= row.number(1);
  }
  if (without > 0) {
    counts[""] = without;
  }
  return counts;
}

std::int64_t DocumentTransaction::count_active_jobs(std::string_view cluster) {
  if (state_ != nullptr) {
    return static_cast<std::int64_t>(state_->active_jobs.count(cluster));
  }
  Statement row(connection_, "SELECT count(*) FROM documents WHERE cluster = ?1 AND rank IS NOT NULL");
  row.bind(1, cluster);
  return row.step() ? row.number(0) : 0;
}

ActiveJobs& DocumentTransaction::active_jobs() { return writable().active_jobs; }

std::vector<Document> DocumentTransaction::list(std::string_view kind, std::optional<std::string_view> parent,
                                                std::int64_t after_sequence, std::size_t limit) {
  Statement row(connection_, std::string(kColumns) + page_of(parent.has_value()));
  bind_page(row, kind, parent, after_sequence, limit);
  std::vector<Document> documents;
  while (row.step()) {
    documents.push_back(read_row(row));
  }
  return documents;
}

std::vector<DocumentText> DocumentTransaction::list_texts(std::string_view kind, std::optional<std::string_view> parent,
                                                          std::int64_t after_sequence, std::size_t limit) {
  Statement row(connection_, std::string(kTextColumns) + page_of(parent.has_value()));
  bind_page(row, kind, parent, after_sequence, limit);
  std::vector<DocumentText> texts;
  while (row.step()) {
    texts.push_back(read_text(row));
  }
  return texts;
}

void load_active_jobs(Connection& connection, ActiveJobs& jobs) {
  Statement row(connection,
                "SELECT sequence, cluster, rank, node_count, only_waits FROM documents WHERE rank IS NOT NULL");
  while (row.step()) {
    if (row.number(4) == 0) {
      jobs.load(active_job(DocumentTransaction(connection).get(row.number(0)).value()).value());
    } else {
      jobs.load({.sequence = row.number(0),
                 .cluster = row.text(1),
                 .rank = static_cast<int>(row.number(2)),
                 .node_count = static_cast<int>(row.number(3))});
    }
  }
}

void write_derived_columns(Connection& connection) {
  constexpr std::string_view kPage = "WHERE sequence > ?1 ORDER BY sequence LIMIT 500";
  std::vector<Document> page;
  do {
    Statement row(connection, std::string(kColumns) + std::string(kPage));
    row.bind(1, page.empty() ? 0 : page.back().sequence);
    page.clear();
    while (row.step()) {
      page.push_back(read_row(row));
    }
    for (const Document& document : page) {
      Statement update(connection,
                       "UPDATE documents SET body = ?2, state = ?3, cluster = ?4, rank = ?5, node_count = ?6, "
                       "only_waits = ?7 WHERE sequence = ?1");
      update.bind(1, document.sequence).bind(2, wire_text(document));
      bind_derived(update, 3, document, active_job_of(document));
      update.step();
    }
  } while (!page.empty());
}

}  // namespace batchai::server::sqlite

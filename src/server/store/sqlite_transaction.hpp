#pragma once

#include "batchai/core/clock.hpp"
#include "server/records/store.hpp"
#include "server/store/sqlite.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace batchai::server::sqlite {

/// The times of changes, strictly increasing over the life of the database: the clock may be set back, and a new
/// document must not get the time of an erased one.
class ChangeTimes {
 public:
  /// Continues with what the database holds.
  ChangeTimes(Connection& connection, const Clock& clock);

  Timestamp next();
  /// Before a commit: writes down the last one.
  void save(Connection& connection);

 private:
  const Clock& clock_;
  std::int64_t last_ = 0;
  std::int64_t saved_ = 0;
};

/// Documents that nearly every write reads, parsed: the groups, workspaces, experiments and clusters that things are
/// made in. Holds what the writer's connection would read.
class ParsedDocuments {
 public:
  /// Whether documents of this kind are kept.
  static bool keeps(std::string_view kind);
  /// Null if it is not here.
  const Document* find(std::string_view key) const;
  void put(const Document& document);
  void erase(std::string_view key);
  /// After an undone write.
  void clear() { documents_.clear(); }

 private:
  std::map<std::string, Document, std::less<>> documents_;
};

/// What a writing transaction changes besides the database. All outlive it.
struct WriteState {
  ChangeTimes& times;
  ActiveJobs& active_jobs;
  ParsedDocuments& parsed;
};

/// Reads and writes documents over an open transaction of `connection`.
class DocumentTransaction final : public Transaction {
 public:
  /// Without a state it only reads.
  explicit DocumentTransaction(Connection& connection, const WriteState* state = nullptr)
      : connection_(connection), state_(state) {}

  std::optional<Document> get(std::string_view key) override;
  std::optional<Document> get(std::int64_t sequence) override;
  std::optional<DocumentText> text(std::string_view key) override;
  std::optional<DocumentState> state(std::string_view key) override;
  Document put(Document document) override;
  bool erase(std::string_view key) override;
  std::vector<Document> list(std::string_view kind, std::optional<std::string_view> parent, std::int64_t after_sequence,
                             std::size_t limit) override;
  std::vector<DocumentText> list_texts(std::string_view kind, std::optional<std::string_view> parent,
                                       std::int64_t after_sequence, std::size_t limit) override;
  std::vector<DocumentText> list_jobs(const JobSelection& selection, std::size_t limit) override;
  std::int64_t count(std::string_view kind) override;
  std::map<std::string, std::int64_t> count_by_state(std::string_view kind) override;
  std::int64_t count_active_jobs(std::string_view cluster) override;
  ActiveJobs& active_jobs() override;

 private:
  const WriteState& writable() const;

  Connection& connection_;
  const WriteState* state_;
};

/// Puts the active jobs of the database into `jobs`, reading the documents of those only that do not merely wait.
void load_active_jobs(Connection& connection, ActiveJobs& jobs);

/// For the migration to schema 3, inside its transaction: writes anew what follows from a document.
void write_derived_columns(Connection& connection);

}  // namespace batchai::server::sqlite

#include "server/records/record.hpp"
#include "server/store/sqlite_transaction.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>

namespace batchai::server::sqlite {

namespace {

/// The columns that an index leads from to the jobs of a state in their order, and what else they have to be.
std::string condition_of(const JobSelection& selection) {
  if (!selection.cluster.empty()) {
    // The jobs of a cluster lie in few workspaces, nearly always in one.
    return selection.workspace.empty() ? "cluster = ?4" : "cluster = ?4 AND +workspace = ?5";
  }
  return selection.workspace.empty() ? "kind = ?4" : "workspace = ?4";
}

void bind_condition(Statement& row, const JobSelection& selection) {
  if (!selection.cluster.empty()) {
    row.bind(4, selection.cluster);
    if (!selection.workspace.empty()) {
      row.bind(5, selection.workspace);
    }
  } else {
    row.bind(4, selection.workspace.empty() ? std::string_view("job") : std::string_view(selection.workspace));
  }
}

/// The newest jobs of one state. Reads the index alone, and of it only these.
void add_newest(Connection& connection, const JobSelection& selection, std::string_view state, std::size_t limit,
                std::vector<std::int64_t>& sequences) {
  Statement row(connection, "SELECT sequence FROM documents WHERE " + condition_of(selection) +
                                " AND state = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3");
  row.bind(1, state).bind(2, selection.before.value_or(std::numeric_limits<std::int64_t>::max()));
  row.bind(3, static_cast<std::int64_t>(limit));
  bind_condition(row, selection);
  while (row.step()) {
    sequences.push_back(row.number(0));
  }
}

}  // namespace

std::vector<DocumentText> DocumentTransaction::list_jobs(const JobSelection& selection, std::size_t limit) {
  std::vector<std::int64_t> sequences;
  if (selection.states.empty()) {
    for (const std::string_view state : kJobStates) {
      add_newest(connection_, selection, state, limit, sequences);
    }
  } else {
    for (const std::string& state : selection.states) {
      add_newest(connection_, selection, state, limit, sequences);
    }
  }
  std::sort(sequences.begin(), sequences.end(), std::greater<>());
  sequences.resize(std::min(sequences.size(), limit));
  std::vector<DocumentText> texts;
  for (const std::int64_t sequence : sequences) {
    Statement row(connection_, "SELECT key, body, changed FROM documents WHERE sequence = ?1");
    row.bind(1, sequence);
    if (row.step()) {
      texts.push_back({row.text(0), row.text(1), sequence, Timestamp(Ticks(row.number(2)))});
    }
  }
  return texts;
}

}  // namespace batchai::server::sqlite

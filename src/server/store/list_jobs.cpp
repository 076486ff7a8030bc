#include "server/records/record.hpp"
#include "server/store/sqlite_transaction.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server::sqlite {

namespace {

/// Jobs that one part of an index leads to, those of each state in their order.
struct Indexed {
  std::string column;
  std::string_view value;
  /// Keys of the workspaces that they have to lie in as well; empty: in any.
  const std::vector<std::string>& workspaces;
};

const std::vector<std::string> kAnyWorkspace;

std::vector<Indexed> indexed(const JobSelection& selection) {
  if (!selection.cluster.empty()) {
    // The jobs of a cluster lie in few workspaces, nearly always in one.
    return {{"cluster", selection.cluster, selection.workspaces}};
  }
  if (selection.workspaces.empty()) {
    return {{"kind", "job", kAnyWorkspace}};
  }
  std::vector<Indexed> result;
  for (const std::string& workspace : selection.workspaces) {
    result.push_back({"workspace", workspace, kAnyWorkspace});
  }
  return result;
}

/// The newest jobs of one state. Reads the index alone where any workspace and any time will do, and of it only these.
void add_newest(Connection& connection, const Indexed& jobs, const JobSelection& selection, std::string_view state,
                std::size_t limit, std::vector<std::int64_t>& sequences) {
  const auto& workspaces = jobs.workspaces;
  Statement row(connection, "SELECT sequence" + std::string(workspaces.empty() ? "" : ", workspace") +
                                " FROM documents WHERE " + jobs.column + " = ?1 AND state = ?2 AND sequence < ?3 " +
                                (selection.changed_since ? "AND changed >= ?4 " : "") + "ORDER BY sequence DESC");
  row.bind(1, jobs.value).bind(2, state).bind(3, selection.before.value_or(std::numeric_limits<std::int64_t>::max()));
  if (selection.changed_since) {
    row.bind(4, std::int64_t{selection.changed_since->time_since_epoch().count()});
  }
  for (std::size_t added = 0; added < limit && row.step();) {
    if (workspaces.empty() || std::find(workspaces.begin(), workspaces.end(), row.view(1)) != workspaces.end()) {
      sequences.push_back(row.number(0));
      ++added;
    }
  }
}

}  // namespace

std::vector<DocumentText> DocumentTransaction::list_jobs(const JobSelection& selection, std::size_t limit) {
  std::vector<std::int64_t> sequences;
  std::vector<std::string_view> states(selection.states.begin(), selection.states.end());
  if (states.empty()) {
    states.assign(std::begin(kJobStates), std::end(kJobStates));
  }
  for (const Indexed& jobs : indexed(selection)) {
    for (const std::string_view state : states) {
      add_newest(connection_, jobs, selection, state, limit, sequences);
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

#include "batchai/core/http.hpp"
#include "server/resources/job_filter.hpp"
#include "server/resources/jobs.hpp"
#include "server/resources/parents.hpp"
#include "server/resources/waiting_reason.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

namespace {

/// Whether the time at `pointer` in the job's properties is there, and not before `since`.
bool is_since(const DocumentText& job, const char* pointer, Timestamp since) {
  const auto properties = nlohmann::json::parse(job.body).at("properties");
  const auto time = parse_iso8601(properties.value(nlohmann::json::json_pointer(pointer), std::string()));
  return time && *time >= since;
}

/// The newest jobs that have ended since then, at most `limit`.
std::vector<DocumentText> list_ended(Transaction& transaction, JobSelection selection, Timestamp since,
                                     std::size_t limit) {
  selection.changed_since = since;  // which its end was
  std::vector<DocumentText> ended;
  for (bool more = true; more && ended.size() < limit;) {
    auto jobs = transaction.list_jobs(selection, limit);
    more = jobs.size() == limit;
    selection.before = more ? jobs.back().sequence : 0;
    std::copy_if(std::move_iterator(jobs.begin()), std::move_iterator(jobs.end()), std::back_inserter(ended),
                 [&](const DocumentText& job) { return is_since(job, "/executionInfo/endTime", since); });
  }
  ended.resize(std::min(ended.size(), limit));
  return ended;
}

/// Keys of the workspaces in these groups.
std::vector<std::string> workspaces_in(Transaction& transaction, const VisibleGroups& visible) {
  std::vector<std::string> keys;
  for (const DocumentText& group : transaction.list_texts("resourceGroup")) {
    if (visible.have(group.key)) {
      for (DocumentText& workspace : transaction.list_texts("workspace", group.key)) {
        keys.push_back(std::move(workspace.key));
      }
    }
  }
  return keys;
}

/// A page of jobs, the newest first. `workspaces`: keys of those that they lie in; empty: in any. They are in the order
/// of their creation, so the first one that is older than the filter allows ends the list.
DocumentPage list_newest_jobs(Transaction& transaction, std::vector<std::string> workspaces, const JobFilter& filter,
                              const PageRequest& page) {
  JobSelection selection{
      .workspaces = std::move(workspaces), .cluster = to_lower(filter.cluster), .states = filter.states};
  if (page.after != 0) {
    selection.before = page.after;
  }
  DocumentPage result;
  auto& jobs = result.documents;
  jobs = filter.ended_since ? list_ended(transaction, std::move(selection), *filter.ended_since, page.maximum + 1)
                            : transaction.list_jobs(selection, page.maximum + 1);
  if (filter.created_since) {
    // A search for the place, since each look parses a document.
    const auto end = std::partition_point(jobs.begin(), jobs.end(), [&](const DocumentText& job) {
      return is_since(job, "/creationTime", *filter.created_since);
    });
    jobs.erase(end, jobs.end());
  }
  if (jobs.size() > page.maximum) {
    jobs.pop_back();
    result.next = jobs.back().sequence;
  }
  WaitingReasons reasons(transaction, page.visible);
  for (DocumentText& job : jobs) {
    reasons.add_to(job);
  }
  return result;
}

}  // namespace

DocumentPage Jobs::list(const WorkspaceName& workspace, const JobFilter& filter, const PageRequest& page) {
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    check_workspace(transaction, workspace);
    result = list_newest_jobs(transaction, {workspace.key()}, filter, page);
  });
  return result;
}

DocumentPage Jobs::list(const JobFilter& filter, const PageRequest& page) {
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    auto workspaces = page.visible.are_all() ? std::vector<std::string>() : workspaces_in(transaction, page.visible);
    if (page.visible.are_all() || !workspaces.empty()) {
      result = list_newest_jobs(transaction, std::move(workspaces), filter, page);
    }
  });
  return result;
}

}  // namespace batchai::server

#include "batchai/core/http.hpp"
#include "core/text_at.hpp"
#include "server/resources/job_filter.hpp"
#include "server/resources/jobs.hpp"
#include "server/resources/parents.hpp"
#include "server/resources/waiting_reason.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

namespace {

bool is_created_since(const DocumentText& job, Timestamp since) {
  const auto body = nlohmann::json::parse(job.body, nullptr, false);
  const auto created = parse_iso8601(text_at(body.value("properties", nlohmann::json::object()), "creationTime"));
  return created && *created >= since;
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
  DocumentPage result{.documents = transaction.list_jobs(selection, page.maximum + 1)};
  auto& jobs = result.documents;
  if (filter.created_since) {
    // A search for the place, since each look parses a document.
    const auto end = std::partition_point(jobs.begin(), jobs.end(), [&](const DocumentText& job) {
      return is_created_since(job, *filter.created_since);
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

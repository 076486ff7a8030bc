#pragma once

#include "batchai/models/job.hpp"
#include "server/resources/job_filter.hpp"
#include "server/resources/precondition.hpp"
#include "server/resources/remote_login.hpp"
#include "server/resources/resource_name.hpp"
#include "server/resources/rules_context.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// The rules of jobs. Thread-safe. All calls throw ServiceFault.
class Jobs {
 public:
  /// `login_address` and `find_login` are for remote_login_of(): where users reach the nodes from outside.
  Jobs(RulesContext context, std::string login_address, LoginFinder find_login = nullptr)
      : context_(std::move(context)), login_address_(std::move(login_address)), find_login_(std::move(find_login)) {}

  /// An existing one is returned if it was made from the same parameters, else 409.
  Change create(const JobName& name, JobCreateParameters parameters, const Precondition& precondition = {});
  Document get(const JobName& name);
  /// The same as it is sent: with what it waits for, and how it is with the cluster where that is visible.
  DocumentText text(const JobName& name, const VisibleGroups& visible = {});
  DocumentPage list(const ExperimentName& experiment, const PageRequest& page);
  /// Of a workspace, or of all; the newest first.
  DocumentPage list(const WorkspaceName& workspace, const JobFilter& filter, const PageRequest& page);
  DocumentPage list(const JobFilter& filter, const PageRequest& page);
  /// Nothing if there is none.
  std::optional<OperationRecord> remove(const JobName& name, const Precondition& precondition = {});
  /// The operation ends when the job has; at once for one that has ended already.
  std::optional<OperationRecord> terminate(const JobName& name);
  /// Of the nodes that the job ran or runs on, if they are still there. No names of jobs that are not visible.
  std::vector<RemoteLoginInformation> remote_login(const JobName& name, const VisibleGroups& visible = {});

 private:
  RulesContext context_;
  std::string login_address_;
  LoginFinder find_login_;
};

}  // namespace batchai::server

#pragma once

#include "batchai/models/cluster.hpp"
#include "server/resources/precondition.hpp"
#include "server/resources/remote_login.hpp"
#include "server/resources/resource_name.hpp"
#include "server/resources/rules_context.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// The rules of clusters. Thread-safe. All calls throw ServiceFault.
class Clusters {
 public:
  /// `login_address` and `find_login` are for remote_login_of(): where users reach the nodes from outside.
  Clusters(RulesContext context, std::string login_address, LoginFinder find_login = nullptr)
      : context_(std::move(context)), login_address_(std::move(login_address)), find_login_(std::move(find_login)) {}

  /// An existing one is returned if it was made from the same parameters, else 409.
  Change create(const ClusterName& name, ClusterCreateParameters parameters, const Precondition& precondition = {});
  Document update(const ClusterName& name, ClusterUpdateParameters parameters, const Precondition& precondition = {});
  Document get(const ClusterName& name);
  /// The same as it is sent.
  DocumentText text(const ClusterName& name);
  DocumentPage list(const WorkspaceName& workspace, const PageRequest& page);
  /// Of all workspaces.
  DocumentPage list(const PageRequest& page);
  /// Nothing if there is none.
  std::optional<OperationRecord> remove(const ClusterName& name, const Precondition& precondition = {});
  /// Of all nodes. No names of jobs that are not visible.
  std::vector<RemoteLoginInformation> remote_login(const ClusterName& name, const VisibleGroups& visible = {});

 private:
  RulesContext context_;
  std::string login_address_;
  LoginFinder find_login_;
};

}  // namespace batchai::server

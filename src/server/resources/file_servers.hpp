#pragma once

#include "batchai/models/file_server.hpp"
#include "server/resources/precondition.hpp"
#include "server/resources/resource_name.hpp"
#include "server/resources/rules_context.hpp"

namespace batchai::server {

/// The rules of file servers. A file server is a folder of this machine; FileServerFolders makes and removes it.
/// Thread-safe. All calls throw ServiceFault.
class FileServers {
 public:
  explicit FileServers(RulesContext context) : context_(std::move(context)) {}

  /// An existing one is returned if it was made from the same parameters, else 409.
  Change create(const FileServerName& name, FileServerCreateParameters parameters,
                const Precondition& precondition = {});
  Document get(const FileServerName& name);
  DocumentPage list(const WorkspaceName& workspace, const PageRequest& page);
  /// Removes its data too. Clusters and jobs that mount it do not prevent that: their next job fails to mount it.
  /// Nothing if there is none.
  std::optional<OperationRecord> remove(const FileServerName& name, const Precondition& precondition = {});

 private:
  RulesContext context_;
};

}  // namespace batchai::server

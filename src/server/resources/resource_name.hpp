#pragma once

#include <string>
#include <string_view>

namespace batchai::server {

/// Which workspace a request is about; names as the request spells them.
struct WorkspaceName {
  std::string subscription;
  std::string group;
  std::string workspace;

  std::string group_key() const;
  std::string id() const;
  /// Key in the store.
  std::string key() const;
};

struct ClusterName {
  WorkspaceName parent;
  std::string cluster;

  std::string id() const;
  std::string key() const;
};

struct FileServerName {
  WorkspaceName parent;
  std::string file_server;

  std::string id() const;
  std::string key() const;
};

struct ExperimentName {
  WorkspaceName parent;
  std::string experiment;

  std::string id() const;
  std::string key() const;
};

struct JobName {
  ExperimentName parent;
  std::string job;

  std::string id() const;
  std::string key() const;
};

/// `{s}${rg}${ws}$…`, as operation records name a resource: the names of an ARM id without its fixed words.
std::string operation_resource(std::string_view id);

}  // namespace batchai::server

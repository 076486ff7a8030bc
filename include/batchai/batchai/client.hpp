#pragma once

#include "batchai/batchai/clusters.hpp"
#include "batchai/batchai/experiments.hpp"
#include "batchai/batchai/file_servers.hpp"
#include "batchai/batchai/jobs.hpp"
#include "batchai/batchai/operations.hpp"
#include "batchai/batchai/usages.hpp"
#include "batchai/batchai/workspaces.hpp"
#include "batchai/version.hpp"

#include <concepts>
#include <memory>
#include <string>
#include <variant>

BATCHAI_NAMESPACE_BEGIN

// All calls of the clients throw InvalidArgument for names and numbers against the rules, ServiceError where the
// service refuses, ProtocolError where its answer makes no sense, and as Pipeline::send. Lists send their requests
// while they are iterated, with the context of the list call. The clients are cheap to copy and thread-safe.

/// What the operations of Batch AI return in the end; std::monostate for a removal or termination.
template <class T>
concept BatchAiOperationResult =
    std::same_as<T, Workspace> || std::same_as<T, Cluster> || std::same_as<T, Experiment> || std::same_as<T, Job> ||
    std::same_as<T, FileServer> || std::same_as<T, std::monostate>;

/// Batch AI, version 2018-05-01, of one subscription. Thread-safe, cheap to copy. Its calls, and those of the clients
/// that it gives, throw InvalidArgument before anything is sent, ServiceError where the service refuses, and as
/// Pipeline::send; lists throw while they are walked through. Facts: learn.microsoft.com/rest/api/batchai.
class Client {
 public:
  /// Throws InvalidArgument for a null credential, for a broken endpoint, and for plain http off this machine.
  Client(std::shared_ptr<TokenCredential> credential, std::string subscription, const ManagementOptions& options = {});
  /// Of the subscription AZURE_SUBSCRIPTION_ID, at ManagementOptions::from_environment(), signed in as
  /// make_default_credential() does: with the variables of every Azure SDK, which `batchai local env` prints for a
  /// service on this machine. Throws InvalidArgument naming the variable that is not set.
  [[nodiscard]] static Client from_environment(const ClientOptions& client = {});

  /// The workspaces of the subscription.
  [[nodiscard]] WorkspacesClient workspaces() const { return WorkspacesClient(channel_); }
  /// The clusters of its workspaces.
  [[nodiscard]] ClustersClient clusters() const { return ClustersClient(channel_); }
  /// The experiments of its workspaces.
  [[nodiscard]] ExperimentsClient experiments() const { return ExperimentsClient(channel_); }
  /// The jobs of its experiments.
  [[nodiscard]] JobsClient jobs() const { return JobsClient(channel_); }
  /// The file servers of its workspaces.
  [[nodiscard]] FileServersClient file_servers() const { return FileServersClient(channel_); }
  /// What the subscription uses of its quotas.
  [[nodiscard]] UsagesClient usages() const { return UsagesClient(channel_); }
  /// What the provider can do.
  [[nodiscard]] OperationsClient operations() const { return OperationsClient(channel_); }

  /// Continues a start_… call by its token: T is Workspace, Cluster, Experiment, Job or FileServer, or
  /// std::monostate for a removal or termination. Throws InvalidArgument for a broken token, for one of an operation
  /// that does not return a T, and for one of a service at another endpoint. Sends nothing.
  template <class T>
  [[nodiscard]] Operation<T> resume(const std::string& token) const {
    static_assert(BatchAiOperationResult<T>,
                  "Client::resume<T>: T has to be Workspace, Cluster, Experiment, Job or FileServer, or std::monostate "
                  "for a removal or termination");
    return resume_as<T>(token);
  }

 private:
  template <class T>
  Operation<T> resume_as(const std::string& token) const;

  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END

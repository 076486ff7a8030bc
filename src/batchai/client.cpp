#include "batchai/batchai/client.hpp"

#include "arm/channel.hpp"
#include "arm/environment.hpp"

namespace batchai::inline v1 {

Client::Client(std::shared_ptr<TokenCredential> credential, std::string subscription, const ManagementOptions& options)
    : channel_(std::make_shared<const ManagementChannel>(std::move(credential), std::move(subscription), options)) {}

Client Client::from_environment(const ClientOptions& client) {
  const ManagementOptions options = ManagementOptions::from_environment(client);
  EnvironmentIdentity identity = identity_from_environment(options);
  return {std::move(identity.credential), std::move(identity.subscription), options};
}

template <>
inline constexpr std::string_view kTypeOf<Workspace> = "Microsoft.BatchAI/workspaces";
template <>
inline constexpr std::string_view kTypeOf<Cluster> = "Microsoft.BatchAI/workspaces/clusters";
template <>
inline constexpr std::string_view kTypeOf<Experiment> = "Microsoft.BatchAI/workspaces/experiments";
template <>
inline constexpr std::string_view kTypeOf<Job> = "Microsoft.BatchAI/workspaces/experiments/jobs";
template <>
inline constexpr std::string_view kTypeOf<FileServer> = "Microsoft.BatchAI/workspaces/fileServers";

template <class T>
Operation<T> Client::resume_as(const std::string& token) const {
  return batchai::resume<T>(channel_, token);
}

template Operation<Workspace> Client::resume_as<Workspace>(const std::string&) const;
template Operation<Cluster> Client::resume_as<Cluster>(const std::string&) const;
template Operation<Experiment> Client::resume_as<Experiment>(const std::string&) const;
template Operation<Job> Client::resume_as<Job>(const std::string&) const;
template Operation<FileServer> Client::resume_as<FileServer>(const std::string&) const;
template Operation<std::monostate> Client::resume_as<std::monostate>(const std::string&) const;

}  // namespace batchai::inline v1

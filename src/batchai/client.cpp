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

template <class T>
Operation<T> Client::resume(const std::string& token) const {
  return make_operation<T>(channel_->resume(token));
}

template Operation<Workspace> Client::resume<Workspace>(const std::string&) const;
template Operation<Cluster> Client::resume<Cluster>(const std::string&) const;
template Operation<Experiment> Client::resume<Experiment>(const std::string&) const;
template Operation<Job> Client::resume<Job>(const std::string&) const;
template Operation<FileServer> Client::resume<FileServer>(const std::string&) const;
template Operation<std::monostate> Client::resume<std::monostate>(const std::string&) const;

}  // namespace batchai::inline v1

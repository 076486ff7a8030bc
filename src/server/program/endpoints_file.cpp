#include "server/program/endpoints_file.hpp"

#include "core/private_file.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace batchai::server {

void write_endpoints(const std::filesystem::path& file, const Provisioned& provisioned,
                     const std::string& management_url, const std::string& files_url, const std::string& ca_bundle) {
  const nlohmann::json document = {{"managementEndpoint", management_url},
                                   {"filesEndpoint", files_url},
                                   {"caBundle", ca_bundle},
                                   {"tenantId", provisioned.tenant_id},
                                   {"subscriptionId", provisioned.subscription_id},
                                   {"clientId", provisioned.client_id},
                                   {"clientSecret", provisioned.client_secret.reveal()},
                                   {"storageAccount", provisioned.storage_account},
                                   {"storageKey", provisioned.storage_key.reveal()},
                                   {"pid", ::getpid()}};
  write_private_file(file, document.dump(2) + "\n");
}

void update_endpoints(const std::filesystem::path& file, const RenewedSecrets& renewed) {
  const auto text = read_private_file(file);
  nlohmann::json document = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
  if (!document.is_object()) {
    return;
  }
  if (renewed.client_secret) {
    document["clientSecret"] = renewed.client_secret->reveal();
  }
  if (renewed.storage_key) {
    document["storageKey"] = renewed.storage_key->reveal();
  }
  write_private_file(file, document.dump(2) + "\n");
}

}  // namespace batchai::server

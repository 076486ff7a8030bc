#include "server/records/file_server_lookup.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/models/common.hpp"
#include "batchai/models/resource_id.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/record.hpp"

namespace batchai::server {

namespace {

std::string key_of(std::string_view id) { return to_lower(parse_resource_id(id).to_string()); }

}  // namespace

std::filesystem::path file_server_folder(const Document& file_server, const NodeProvider& provider) {
  return provider.file_server_folder(text_at(file_server.hidden, "uuid"));
}

std::vector<Document> require_file_servers(Transaction& transaction, const MountVolumes& volumes) {
  std::vector<Document> result;
  for (const auto& volume : volumes.file_servers) {
    const auto& id = volume.file_server.id;
    auto found = transaction.get(key_of(id));
    if (!found) {
      throw not_found("file server", parse_resource_id(id).name());
    }
    const std::string state = provisioning_state(*found);
    if (state == ProvisioningState::kDeleting || state == ProvisioningState::kFailed) {
      throw conflict("The file server " + text_at(found->body, "name") +
                     " cannot be mounted: its provisioningState is " + state);
    }
    result.push_back(std::move(*found));
  }
  return result;
}

FileServerResolver hosted_file_servers(Store& store, const NodeProvider& provider) {
  return [&store, &provider](std::string_view id) {
    std::optional<std::filesystem::path> folder;
    store.read([&](Transaction& transaction) {
      const auto found = transaction.get(key_of(id));
      if (found && provisioning_state(*found) == ProvisioningState::kSucceeded) {
        folder = file_server_folder(*found, provider);
      }
    });
    return folder;
  };
}

}  // namespace batchai::server

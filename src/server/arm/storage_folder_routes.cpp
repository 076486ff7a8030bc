#include "server/arm/storage_folder_routes.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/storage_account_document.hpp"
#include "server/arm/storage_folders.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

using nlohmann::json;

enum class Kind { Share, Container };

/// Where a kind is below its account, and between the slashes of its type.
const char* place_of(Kind kind) {
  return kind == Kind::Share ? "fileServices/default/shares" : "blobServices/default/containers";
}

const char* type_of(Kind kind) {
  return kind == Kind::Share ? "Microsoft.Storage/storageAccounts/fileServices/shares"
                             : "Microsoft.Storage/storageAccounts/blobServices/containers";
}

ServiceFault invalid(const std::string& message, const std::string& target) {
  return {400, "InvalidRequestPropertyValue", message, target};
}

std::map<std::string, std::string> read_metadata(const json& metadata) {
  const bool good = metadata.is_object() &&
                    std::all_of(metadata.begin(), metadata.end(), [](const json& value) { return value.is_string(); });
  if (!good) {
    throw invalid("The member 'metadata' must be an object whose values are strings.", "metadata");
  }
  return metadata.get<std::map<std::string, std::string>>();
}

std::int64_t read_quota(const json& quota) {
  if (!quota.is_number_integer()) {
    throw invalid("The member 'shareQuota' must be a whole number of GiB.", "shareQuota");
  }
  return quota.get<std::int64_t>();
}

/// Throws for settings that would promise more than the service does.
void refuse_unserved(const json& properties) {
  if (const std::string access = read_text(properties, "publicAccess"); !access.empty() && !iequals(access, "None")) {
    throw ServiceFault(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.",
                       "publicAccess");
  }
  if (const std::string protocol = read_text(properties, "enabledProtocols");
      !protocol.empty() && !iequals(protocol, "SMB")) {
    throw invalid("Shares of this service have the protocol 'SMB' only.", "enabledProtocols");
  }
}

StorageFolderSettings read_settings(const Request& request) {
  const json body = request.body.empty() ? json::object() : read_json_object(request);
  const json properties = body.value("properties", json());
  StorageFolderSettings settings;
  if (properties.is_null()) {
    return settings;
  }
  if (!properties.is_object()) {
    throw invalid("The member 'properties' must be an object.", "properties");
  }
  refuse_unserved(properties);
  if (const auto metadata = properties.find("metadata"); metadata != properties.end() && !metadata->is_null()) {
    settings.metadata = read_metadata(*metadata);
  }
  if (const auto quota = properties.find("shareQuota"); quota != properties.end() && !quota->is_null()) {
    settings.quota = read_quota(*quota);
  }
  if (std::string tier = read_text(properties, "accessTier"); !tier.empty()) {
    settings.access_tier = std::move(tier);
  }
  return settings;
}

json shown_properties(Kind kind, const StorageFolder& folder) {
  json properties = {{"lastModifiedTime", format_iso8601_ticks(folder.modified)},
                     {"leaseState", folder.lease_state},
                     {"leaseStatus", folder.is_locked ? "Locked" : "Unlocked"}};
  if (!folder.metadata.empty()) {
    properties["metadata"] = folder.metadata;
  }
  if (kind == Kind::Share) {
    properties["shareQuota"] = folder.quota;
    properties["enabledProtocols"] = "SMB";
    properties["accessTier"] = folder.access_tier;
  } else {
    properties["publicAccess"] = "None";
    properties["hasImmutabilityPolicy"] = false;
    properties["hasLegalHold"] = false;
  }
  return properties;
}

/// The prefix of `$filter=startswith(name, PREFIX)`, or the filter itself; empty without one.
std::string wanted_prefix(const Request& request) {
  const std::string* filter = request.query_parameter("$filter");
  if (filter == nullptr) {
    return {};
  }
  constexpr std::string_view kFunction = "startswith(name,";
  std::string prefix = *filter;
  if (prefix.starts_with(kFunction) && prefix.ends_with(')')) {
    prefix = prefix.substr(kFunction.size(), prefix.size() - kFunction.size() - 1);
    std::erase_if(prefix, [](char c) { return c == ' ' || c == '\''; });
  }
  return prefix;
}

/// Snapshots are made and deleted through the Files protocol: a request for one must not affect the share.
void refuse_snapshot(const Request& request) {
  const std::string* expand = request.query_parameter("$expand");
  const bool makes_one = request.method == "PUT" && expand != nullptr && iequals(*expand, "snapshots");
  if (makes_one || request.headers.contains("x-ms-snapshot")) {
    throw ServiceFault(400, "SnapshotsNotSupported",
                       "This service makes, shows and deletes snapshots of shares by way of the Azure Files protocol "
                       "only.");
  }
}

/// Handlers of one kind of folder.
class FolderHandlers {
 public:
  FolderHandlers(const ArmOptions& options, Kind kind)
      : options_(options), kind_(kind), folders_(kind == Kind::Share ? options.shares : options.containers) {}

  Response list(const Request& request, const PathParameters& path) const {
    const json account = account_of(path);
    const std::string prefix = wanted_prefix(request);
    std::vector<json> shown;
    for (const StorageFolder& folder : folders_->list(account.at("name"))) {
      if (folder.name.starts_with(prefix)) {
        shown.push_back(show(account, folder));
      }
    }
    return list_answer(std::move(shown));
  }

  Response get(const Request& request, const PathParameters& path) const {
    refuse_snapshot(request);
    const json account = account_of(path);
    return arm_answer(200, show(account, folders_->get(account.at("name"), path["folder"])));
  }

  Response put(const Request& request, const PathParameters& path) const {
    refuse_snapshot(request);
    const json account = account_of(path);
    const StorageFolders::Put made = folders_->put(account.at("name"), path["folder"], read_settings(request));
    return arm_answer(made.is_new ? 201 : 200, show(account, made.folder));
  }

  Response patch(const Request& request, const PathParameters& path) const {
    const json account = account_of(path);
    return arm_answer(200, show(account, folders_->change(account.at("name"), path["folder"], read_settings(request))));
  }

  Response remove(const Request& request, const PathParameters& path) const {
    refuse_snapshot(request);
    const json account = account_of(path);
    const std::string* include = request.query_parameter("$include");
    const bool with_snapshots = include == nullptr || !iequals(*include, "none");
    return {.status = folders_->remove(account.at("name"), path["folder"], with_snapshots) ? 200 : 204};
  }

 private:
  json account_of(const PathParameters& path) const {
    json body;
    options_.store.read([&](Transaction& transaction) {
      body = require_account(transaction, options_.subscription_id, path["group"], path["account"]).body;
    });
    return body;
  }

  json show(const json& account, const StorageFolder& folder) const {
    return {{"id", account.at("id").get<std::string>() + "/" + place_of(kind_) + "/" + folder.name},
            {"name", folder.name},
            {"type", type_of(kind_)},
            {"etag", folder.etag},
            {"properties", shown_properties(kind_, folder)}};
  }

  ArmOptions options_;
  Kind kind_;
  std::shared_ptr<const StorageFolders> folders_;
};

void add_routes(std::vector<Route>& routes, const ArmOptions& options, Kind kind) {
  const auto handlers = std::make_shared<const FolderHandlers>(options, kind);
  const auto to = [&handlers](Response (FolderHandlers::*method)(const Request&, const PathParameters&) const) {
    return [handlers, method](const Request& request, const PathParameters& path) {
      return ((*handlers).*method)(request, path);
    };
  };
  const std::string all =
      "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}/" +
      std::string(place_of(kind));
  const std::string one = all + "/{folder}";
  routes.insert(routes.end(), {{"GET", all, to(&FolderHandlers::list)},
                               {"GET", one, to(&FolderHandlers::get)},
                               {"PUT", one, to(&FolderHandlers::put)},
                               {"PATCH", one, to(&FolderHandlers::patch)},
                               {"DELETE", one, to(&FolderHandlers::remove)}});
}

}  // namespace

std::vector<Route> storage_folder_routes(const ArmOptions& options) {
  std::vector<Route> routes;
  add_routes(routes, options, Kind::Share);
  add_routes(routes, options, Kind::Container);
  return routes;
}

}  // namespace batchai::server

#include "batchai/files/share_client.hpp"

#include "batchai/core/error.hpp"
#include "core/answer.hpp"
#include "core/text_at.hpp"
#include "files/answers.hpp"
#include "files/connection.hpp"
#include "files/exists.hpp"
#include "files/requests.hpp"

#include <nlohmann/json.hpp>

namespace batchai::inline v1::files {

ShareClient::ShareClient(std::shared_ptr<const Connection> connection, std::string name)
    : connection_(std::move(connection)), name_(std::move(name)) {}

Url ShareClient::url() const { return connection_->share_url(name_); }

HttpRequest ShareClient::request_for(const char* method, const char* component) const {
  return {.method = method, .url = url().add_query("restype", "share").add_query("comp", component)};
}

WriteResult ShareClient::create(const CreateShareOptions& options, const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = url().add_query("restype", "share")};
  if (options.quota) {
    request.headers.set("x-ms-share-quota", std::to_string(*options.quota));
  }
  add_metadata(request.headers, options.metadata);
  return read_write(connection_->send(std::move(request), context));
}

bool ShareClient::create_if_absent(const CreateShareOptions& options, const CallContext& context) const {
  return made([&] { create(options, context); }, "ShareAlreadyExists");
}

ShareProperties ShareClient::get_properties(const CallContext& context) const {
  return read_share_properties(
      connection_->send({.method = "GET", .url = url().add_query("restype", "share")}, context));
}

bool ShareClient::exists(const CallContext& context) const {
  return found([&] { return get_properties(context); });
}

WriteResult ShareClient::remove(const RemoveShareOptions& options, const CallContext& context) const {
  HttpRequest request{.method = "DELETE", .url = url().add_query("restype", "share")};
  if (options.snapshots) {
    request.headers.set("x-ms-delete-snapshots", "include");
  }
  return read_write(connection_->send(std::move(request), context));
}

bool ShareClient::remove_if_exists(const RemoveShareOptions& options, const CallContext& context) const {
  return found([&] { remove(options, context); });
}

WriteResult ShareClient::set_quota(std::int64_t quota, const CallContext& context) const {
  HttpRequest request = request_for("PUT", "properties");
  request.headers.set("x-ms-share-quota", std::to_string(quota));
  return read_write(connection_->send(std::move(request), context));
}

WriteResult ShareClient::set_metadata(const Metadata& metadata, const CallContext& context) const {
  HttpRequest request = request_for("PUT", "metadata");
  add_metadata(request.headers, metadata);
  return read_write(connection_->send(std::move(request), context));
}

std::uint64_t ShareClient::get_usage(const CallContext& context) const {
  return read_share_usage(connection_->send(request_for("GET", "stats"), context));
}

std::vector<AccessPolicy> ShareClient::get_access_policies(const CallContext& context) const {
  return read_access_policies(connection_->send(request_for("GET", "acl"), context));
}

WriteResult ShareClient::set_access_policies(const std::vector<AccessPolicy>& policies,
                                             const CallContext& context) const {
  HttpRequest request = request_for("PUT", "acl");
  set_xml(request, write_access_policies(policies));
  return read_write(connection_->send(std::move(request), context));
}

std::string ShareClient::create_permission(const std::string& sddl, const CallContext& context) const {
  HttpRequest request = request_for("PUT", "filepermission");
  request.headers.set("Content-Type", "application/json");
  request.body = nlohmann::json{{"permission", sddl}}.dump();
  return connection_->send(std::move(request), context).headers.get("x-ms-file-permission-key");
}

std::string ShareClient::get_permission(const std::string& key, const CallContext& context) const {
  HttpRequest request = request_for("GET", "filepermission");
  request.headers.set("x-ms-file-permission-key", key);
  return text_at(require_json(connection_->send(std::move(request), context)), "permission");
}

std::string ShareClient::create_snapshot(const Metadata& metadata, const CallContext& context) const {
  HttpRequest request = request_for("PUT", "snapshot");
  add_metadata(request.headers, metadata);
  return connection_->send(std::move(request), context).headers.get("x-ms-snapshot");
}

ShareClient ShareClient::at_snapshot(const std::string& snapshot) const {
  return {connection_->at_snapshot(snapshot), name_};
}

LeaseClient ShareClient::lease() const { return {connection_, url().add_query("restype", "share")}; }

ShareClient ShareClient::with_lease(const std::string& id) const { return {connection_->with_lease(id), name_}; }

DirectoryClient ShareClient::root() const { return {connection_, name_, {}}; }

DirectoryClient ShareClient::directory(std::string_view path) const { return {connection_, name_, checked_path(path)}; }

FileClient ShareClient::file(std::string_view path) const { return root().file(path); }

Url ShareClient::sas_url(const SasOptions& options) const { return connection_->sas_url(name_, {}, options); }

}  // namespace batchai::inline v1::files

#include "batchai/files/share_client.hpp"

#include "batchai/core/error.hpp"
#include "files/answers.hpp"
#include "files/connection.hpp"
#include "files/exists.hpp"
#include "files/requests.hpp"

namespace batchai::files {

ShareClient::ShareClient(std::shared_ptr<const Connection> connection, std::string name)
    : connection_(std::move(connection)), name_(std::move(name)) {}

Url ShareClient::url() const { return connection_->share_url(name_); }

void ShareClient::create(const CreateShareOptions& options, const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = url().add_query("restype", "share")};
  if (options.quota) {
    request.headers.set("x-ms-share-quota", std::to_string(*options.quota));
  }
  add_metadata(request.headers, options.metadata);
  connection_->send(std::move(request), context);
}

bool ShareClient::create_if_absent(const CreateShareOptions& options, const CallContext& context) const {
  try {
    create(options, context);
    return true;
  } catch (const ServiceError& error) {
    if (error.code() == "ShareAlreadyExists") {
      return false;
    }
    throw;
  }
}

ShareProperties ShareClient::get_properties(const CallContext& context) const {
  return read_share_properties(
      connection_->send({.method = "GET", .url = url().add_query("restype", "share")}, context));
}

bool ShareClient::exists(const CallContext& context) const {
  return found([&] { get_properties(context); });
}

void ShareClient::remove(const CallContext& context) const {
  connection_->send({.method = "DELETE", .url = url().add_query("restype", "share")}, context);
}

DirectoryClient ShareClient::root() const { return {connection_, name_, {}}; }

DirectoryClient ShareClient::directory(std::string_view path) const { return {connection_, name_, checked_path(path)}; }

FileClient ShareClient::file(std::string_view path) const { return root().file(path); }

Url ShareClient::sas_url(const SasOptions& options) const { return connection_->sas_url(name_, {}, options); }

}  // namespace batchai::files

#include "batchai/files/share_service_client.hpp"

#include "batchai/core/error.hpp"
#include "files/answers.hpp"
#include "files/connection.hpp"
#include "files/requests.hpp"
#include "files/service_properties_xml.hpp"
#include "naming/file_names.hpp"

namespace batchai::inline v1::files {
namespace {

Url properties_url(const Connection& connection) {
  Url url = connection.account_url();
  return url.add_query("restype", "service").add_query("comp", "properties");
}

}  // namespace

ShareServiceClient::ShareServiceClient(const StorageAccount& account, const ClientOptions& options)
    : connection_(std::make_shared<const Connection>(account, options)) {}

Pageable<ShareItem> ShareServiceClient::list(const ListSharesOptions& options, const CallContext& context) const {
  require_page_size(options.page_size);
  return Pageable<ShareItem>([connection = connection_, options, context](const std::string& marker) {
    HttpRequest request{.method = "GET", .url = connection->account_url()};
    request.url.add_query("comp", "list");
    if (!options.prefix.empty()) {
      request.url.add_query("prefix", options.prefix);
    }
    if (options.snapshots || options.metadata) {
      request.url.add_query("include", !options.metadata    ? "snapshots"
                                       : !options.snapshots ? "metadata"
                                                            : "snapshots,metadata");
    }
    if (!marker.empty()) {
      request.url.add_query("marker", marker);
    }
    add_page_size(request.url, options.page_size);
    return read_shares(connection->send(std::move(request), context));
  });
}

ServiceProperties ShareServiceClient::get_properties(const CallContext& context) const {
  return read_service_properties(connection_->send({.method = "GET", .url = properties_url(*connection_)}, context));
}

WriteResult ShareServiceClient::set_properties(const ServiceProperties& properties, const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = properties_url(*connection_)};
  set_xml(request, write_service_properties(properties));
  return read_write(connection_->send(std::move(request), context));
}

Url ShareServiceClient::sas_url(const AccountSasOptions& options) const {
  return connection_->account_sas_url(options);
}

ShareClient ShareServiceClient::share(std::string_view name) const {
  if (const auto problem = naming::share_name_problem(name)) {
    throw InvalidArgument("'" + std::string(name) + "' is no usable name of a share: " + *problem);
  }
  return {connection_, std::string(name)};
}

}  // namespace batchai::inline v1::files

#include "batchai/files/share_service_client.hpp"

#include "batchai/core/error.hpp"
#include "files/answers.hpp"
#include "files/connection.hpp"
#include "naming/file_names.hpp"

namespace batchai::files {

ShareServiceClient::ShareServiceClient(const StorageAccount& account, const ClientOptions& options)
    : connection_(std::make_shared<const Connection>(account, options)) {}

Pageable<ShareItem> ShareServiceClient::list(const ListSharesOptions& options, const CallContext& context) const {
  return Pageable<ShareItem>([connection = connection_, options, context](const std::string& marker) {
    HttpRequest request{.method = "GET", .url = connection->account_url()};
    request.url.add_query("comp", "list");
    if (!options.prefix.empty()) {
      request.url.add_query("prefix", options.prefix);
    }
    if (!marker.empty()) {
      request.url.add_query("marker", marker);
    }
    if (options.page_size > 0) {
      request.url.add_query("maxresults", std::to_string(options.page_size));
    }
    return read_shares(connection->send(std::move(request), context));
  });
}

ShareClient ShareServiceClient::share(std::string_view name) const {
  if (const auto problem = naming::share_name_problem(name)) {
    throw InvalidArgument("'" + std::string(name) + "' is no usable name of a share: " + *problem);
  }
  return {connection_, std::string(name)};
}

}  // namespace batchai::files

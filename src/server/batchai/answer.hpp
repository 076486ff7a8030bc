#pragma once

#include "batchai/models/common.hpp"
#include "models/member_order.hpp"
#include "server/http/message.hpp"
#include "server/records/operations.hpp"
#include "server/resources/precondition.hpp"
#include "server/resources/rules_context.hpp"

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

/// Turns results of the rules into responses.
namespace batchai::server {

/// `https://host:port` that the client used.
std::string base_url(const Request& request);

/// Of the headers If-Match and If-None-Match.
Precondition precondition(const Request& request);

/// 202 without a body, with the addresses where the operation can be followed.
Response accepted_response(const Request& request, const OperationRecord& operation);

/// 202, or 204 where there was nothing to delete.
Response removed_response(const Request& request, const std::optional<OperationRecord>& operation);

/// `{"value": […], "nextLink": …}`; the link repeats the request with `$skiptoken`.
Response list_response(const Request& request, nlohmann::ordered_json value, const std::optional<std::string>& next);

/// 200 with ETag and Last-Modified.
Response resource_response(DocumentText document);
Response resource_response(const Document& document);

/// 202 for a new resource, 200 for one that was there.
Response change_response(const Request& request, const Change& change);

/// As above, with bodies as they are stored.
Response list_response(const Request& request, const DocumentPage& page);

/// 200 with models, all on one page.
template <Model T>
Response model_list_response(const Request& request, const std::vector<T>& models) {
  auto value = nlohmann::ordered_json::array();
  for (const auto& model : models) {
    value.push_back(in_order<T>(without_secrets(model)));
  }
  return list_response(request, std::move(value), std::nullopt);
}

/// 200 with logins, all on one page, with what the published API does not have of them.
Response login_list_response(const Request& request, const std::vector<RemoteLoginInformation>& logins);

}  // namespace batchai::server

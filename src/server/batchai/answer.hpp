#pragma once

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

/// 200 with ETag and Last-Modified of the document.
Response document_response(const Document& document, const nlohmann::ordered_json& body);

/// 202 without a body, with the addresses where the operation can be followed.
Response accepted_response(const Request& request, const OperationRecord& operation);

/// 202, or 204 where there was nothing to delete.
Response removed_response(const Request& request, const std::optional<OperationRecord>& operation);

/// `{"value": […], "nextLink": …}`; the link repeats the request with `$skiptoken`.
Response list_response(const Request& request, nlohmann::ordered_json value, const std::optional<std::string>& next);

// T is the model of a document's body; it says in which order the members are sent.

/// 200 with ETag and Last-Modified.
template <Model T>
Response resource_response(const Document& document) {
  return document_response(document, in_order<T>(document.body));
}

/// 202 for a new resource, 200 for one that was there.
template <Model T>
Response change_response(const Request& request, const Change& change) {
  return change.operation ? accepted_response(request, *change.operation) : resource_response<T>(change.document);
}

template <Model T>
Response list_response(const Request& request, const DocumentPage& page) {
  auto value = nlohmann::ordered_json::array();
  for (const auto& document : page.documents) {
    value.push_back(in_order<T>(document.body));
  }
  return list_response(request, std::move(value), page.next ? std::optional(std::to_string(*page.next)) : std::nullopt);
}

/// 200 with models, all on one page.
template <Model T>
Response model_list_response(const Request& request, const std::vector<T>& models) {
  auto value = nlohmann::ordered_json::array();
  for (const auto& model : models) {
    value.push_back(in_order<T>(without_secrets(model)));
  }
  return list_response(request, std::move(value), std::nullopt);
}

}  // namespace batchai::server

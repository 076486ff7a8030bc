#include "server/batchai/answer.hpp"

#include "batchai/core/url.hpp"
#include "server/http/json_answer.hpp"
#include "server/records/request_body.hpp"
#include "server/records/wire_text.hpp"

namespace batchai::server {

namespace {

constexpr const char* kApiVersion = "?api-version=2018-05-01";

std::string next_link(const Request& request, const std::string& token) {
  std::string query;
  for (const auto& [name, value] : request.parameters) {
    if (!iequals(name, "$skiptoken")) {
      query += percent_encode(name, "$") + "=" + percent_encode(value) + "&";
    }
  }
  return base_url(request) + request.path + "?" + query + "$skiptoken=" + percent_encode(token);
}

}  // namespace

std::string base_url(const Request& request) {
  return (request.over_tls ? "https://" : "http://") + request.headers.get("Host");
}

Precondition precondition(const Request& request) {
  const auto header = [&](const char* name) {
    return request.headers.contains(name) ? std::optional(request.headers.get(name)) : std::nullopt;
  };
  return {.if_match = header("If-Match"), .if_none_match = header("If-None-Match")};
}

Response resource_response(DocumentText document) {
  Response response = json_text_answer(200, std::move(document.body));
  response.headers.set("ETag", etag_of(document.changed));
  response.headers.set("Last-Modified", format_http_date(document.changed));
  return response;
}

Response resource_response(const Document& document) {
  return resource_response(DocumentText{.body = wire_text(document), .changed = document.changed});
}

Response change_response(const Request& request, const Change& change) {
  return change.operation ? accepted_response(request, *change.operation) : resource_response(change.document);
}

Response accepted_response(const Request& request, const OperationRecord& operation) {
  const std::string base = base_url(request);
  return {.status = 202,
          .headers = {{"Azure-AsyncOperation", base + operation_status_path(operation) + kApiVersion},
                      {"Location", base + operation_result_path(operation) + kApiVersion},
                      {"Retry-After", "1"}}};
}

Response removed_response(const Request& request, const std::optional<OperationRecord>& operation) {
  return operation ? accepted_response(request, *operation) : Response{.status = 204};
}

Response list_response(const Request& request, nlohmann::ordered_json value, const std::optional<std::string>& next) {
  nlohmann::ordered_json body = {{"value", std::move(value)}};
  if (next) {
    body["nextLink"] = next_link(request, *next);
  }
  return json_answer(200, body);
}

Response list_response(const Request& request, const DocumentPage& page) {
  std::string body = R"({"value":[)";
  for (const auto& document : page.documents) {
    if (body.back() != '[') {
      body += ',';
    }
    body += document.body;
  }
  body += ']';
  if (page.next) {
    const nlohmann::json link = next_link(request, std::to_string(*page.next));
    body += R"(,"nextLink":)" + link.dump();
  }
  return json_text_answer(200, std::move(body += '}'));
}

Response login_list_response(const Request& request, const std::vector<RemoteLoginInformation>& logins) {
  auto value = nlohmann::ordered_json::array();
  for (const RemoteLoginInformation& login : logins) {
    value.push_back(in_order<RemoteLoginInformation>(model_json(login)));
  }
  return list_response(request, std::move(value), std::nullopt);
}

}  // namespace batchai::server

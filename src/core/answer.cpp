#include "core/answer.hpp"

#include <nlohmann/json.hpp>

namespace batchai {
namespace {

constexpr std::size_t kLongestForeignText = 500;

std::string text_member(const nlohmann::json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

ErrorBody read_nested(const nlohmann::json& error, int depth) {
  ErrorBody body;
  if (!error.is_object()) {
    return body;
  }
  body.code = text_member(error, "code");
  body.message = text_member(error, "message");
  body.target = text_member(error, "target");
  const auto details = error.find("details");
  if (details != error.end() && details->is_array() && depth > 0) {
    for (const auto& detail : *details) {
      body.details.push_back(read_nested(detail, depth - 1));
    }
  }
  return body;
}

}  // namespace

ErrorBody read_error_body(const nlohmann::json& error) { return read_nested(error, 8); }

ServiceError make_service_error(const HttpResponse& response) {
  const auto document = nlohmann::json::parse(response.body, nullptr, false);
  ErrorBody body;
  if (document.is_object()) {
    const auto error = document.find("error");
    body = read_error_body(error != document.end() && error->is_object() ? *error : document);
  }
  if (body.code.empty() && body.message.empty()) {
    body.message = response.body.empty() ? response.reason : response.body.substr(0, kLongestForeignText);
  }
  return {response.status, std::move(body), response.headers.get("x-ms-request-id")};
}

void require_success(const HttpResponse& response) {
  if (response.status < 200 || response.status > 299) {
    throw make_service_error(response);
  }
}

nlohmann::json require_json(const HttpResponse& response) {
  require_success(response);
  auto document = nlohmann::json::parse(response.body, nullptr, false);
  if (document.is_discarded()) {
    throw ProtocolError("the service answered with status " + std::to_string(response.status) +
                        " and a body that is not JSON");
  }
  return document;
}

}  // namespace batchai

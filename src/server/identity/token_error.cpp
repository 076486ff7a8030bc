#include "server/identity/token_error.hpp"

#include "core/seconds.hpp"
#include "server/http/json_answer.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

/// `2024-01-01 00:00:00Z`
std::string readable_time(Timestamp time) {
  std::string text = format_iso8601_seconds(time);
  text[text.find('T')] = ' ';
  return text;
}

}  // namespace

Response token_error_response(const TokenError& error, const TokenErrorSetting& setting) {
  const std::string code = std::to_string(error.aadsts());
  const std::string time = readable_time(setting.now);
  const nlohmann::json body = {
      {"error", error.error()},
      {"error_description", "AADSTS" + code + ": " + error.what() + "\r\nTrace ID: " + setting.trace_id +
                                "\r\nCorrelation ID: " + setting.correlation_id + "\r\nTimestamp: " + time},
      {"error_codes", {error.aadsts()}},
      {"timestamp", time},
      {"trace_id", setting.trace_id},
      {"correlation_id", setting.correlation_id},
      {"error_uri", setting.authority + "/error?code=" + code}};
  Response response = json_answer(error.status(), body);
  if (error.retry_after()) {
    response.headers.set("Retry-After", std::to_string(error.retry_after()->count()));
  }
  return response;
}

}  // namespace batchai::server

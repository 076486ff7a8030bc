#include "server/http/json_answer.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

template <class Json>
Response answer(int status, const Json& body) {
  return json_text_answer(status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

Response json_answer(int status, const nlohmann::json& body) { return answer(status, body); }

Response json_answer(int status, const nlohmann::ordered_json& body) { return answer(status, body); }

Response json_text_answer(int status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "application/json; charset=utf-8"}}, .body = std::move(body)};
}

}  // namespace batchai::server

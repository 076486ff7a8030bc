#include "server/http/json_answer.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

template <class Json>
Response answer(int status, const Json& body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace

Response json_answer(int status, const nlohmann::json& body) { return answer(status, body); }

Response json_answer(int status, const nlohmann::ordered_json& body) { return answer(status, body); }

}  // namespace batchai::server

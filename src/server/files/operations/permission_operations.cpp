#include "core/text_at.hpp"
#include "server/files/http/answer.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/operations.hpp"
#include "server/http/json_answer.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server::files::operations {
namespace {

/// Far more than a permission may have, which is 8 KiB.
constexpr std::size_t kLongestPermission = 64 * 1024;

}  // namespace

Response create_permission(const Call& call) {
  if (call.request.body.size() > kLongestPermission) {
    throw StorageError("RequestBodyTooLarge");
  }
  const auto body = nlohmann::json::parse(call.request.body, nullptr, false);
  const auto permission = body.is_object() ? body.find("permission") : body.end();
  if (permission == body.end() || !permission->is_string()) {
    throw StorageError("FileInvalidPermission");
  }
  const PermissionFormat form = parse_permission_format(text_at(body, "format"));
  Response response{.status = 201};
  response.headers.set(
      "x-ms-file-permission-key",
      call.backend.permissions.add(call.address.account, call.address.share, permission->get<std::string>(), form));
  return response;
}

Response get_permission(const Call& call) {
  const std::string key = call.header("x-ms-file-permission-key");
  if (key.empty()) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-file-permission-key");
  }
  call.open_share();
  const std::string format = call.header("x-ms-file-permission-format");
  nlohmann::json body = {{"permission", call.backend.permissions.find(call.address.account, call.address.share, key,
                                                                      parse_permission_format(format))}};
  if (!format.empty()) {
    body["format"] = to_lower(format);
  }
  Response response = json_answer(200, body);
  response.headers.set("Content-Type", "application/json");
  return response;
}

}  // namespace batchai::server::files::operations

#include "server/http/bearer_token.hpp"

namespace batchai::server {

std::optional<std::string_view> bearer_token(const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string* header = request.headers.find("Authorization");
  if (header == nullptr || !iequals(std::string_view(*header).substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  return std::string_view(*header).substr(kScheme.size());
}

}  // namespace batchai::server

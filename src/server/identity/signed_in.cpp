#include "server/identity/signed_in.hpp"

#include "server/faults/fault.hpp"

namespace batchai::server {

std::shared_ptr<const Principal> signed_in(const AccessTokens& tokens, const Principals& principals,
                                           std::string_view token, const std::vector<std::string>& audiences) {
  const Caller caller = tokens.verify(token, audiences);
  auto principal = principals.find(caller.app_id);
  if (!principal || principal->object_id != caller.object_id) {
    throw ServiceFault(401, "InvalidAuthenticationToken",
                       "The access token is for the application '" + caller.app_id +
                           "', which was not found in the tenant '" + tokens.tenant_id() + "': it has been removed.");
  }
  if (principal->generation != caller.generation) {
    throw ServiceFault(401, "InvalidAuthenticationToken",
                       "The access token has been revoked: the secret of the application '" + caller.app_id +
                           "' has been renewed since. Sign in again.");
  }
  return principal;
}

}  // namespace batchai::server

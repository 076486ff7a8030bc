#include "server/files/files_face.hpp"

#include "server/files/answer.hpp"
#include "server/files/routes.hpp"

#include <algorithm>

namespace batchai::server::files {
namespace {

constexpr const char* kDefaultVersion = "2018-11-09";
constexpr const char* kOldestVersion = "2015-02-21";
constexpr std::size_t kLongestClientId = 1024;

bool is_version(const std::string& text) {
  constexpr std::string_view kPattern = "0000-00-00";
  return text.size() == kPattern.size() && text >= kOldestVersion &&
         std::equal(text.begin(), text.end(), kPattern.begin(),
                    [](char c, char p) { return p == '-' ? c == '-' : c >= '0' && c <= '9'; });
}

std::string read_version(const Request& request) {
  const std::string* sas_version = request.query_parameter("sv");
  const std::string* header = request.headers.find("x-ms-version");
  std::string version = header != nullptr ? *header : sas_version != nullptr ? *sas_version : kDefaultVersion;
  if (!is_version(version)) {
    throw invalid_header("x-ms-version", version);
  }
  return version;
}

/// Trailing dots are no part of a name, unless the client says that it means them.
void strip_trailing_dots(const Request& request, Address& address) {
  if (iequals(request.headers.get("x-ms-allow-trailing-dot"), "true")) {
    return;
  }
  for (std::string& part : address.path) {
    const auto last = part.find_last_not_of('.');
    part.resize(last == std::string::npos ? 0 : last + 1);
  }
}

bool is_visible_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void set_common_headers(Response& response, const Request& request) {
  response.headers.set("x-ms-request-id", request.request_id);
  const std::string version = request.headers.get("x-ms-version");
  response.headers.set("x-ms-version", is_version(version) ? version : kDefaultVersion);
  const std::string client_id = request.headers.get("x-ms-client-request-id");
  if (!client_id.empty() && client_id.size() <= kLongestClientId && is_visible_ascii(client_id)) {
    response.headers.set("x-ms-client-request-id", client_id);
  }
}

}  // namespace

FilesFace::FilesFace(const std::filesystem::path& root, AccountLookup accounts, const Clock& clock)
    : backend_{Shares(root), AttributeStore(root / ".attributes"), Authorizer(std::move(accounts), clock)},
      clock_(clock) {}

Response FilesFace::handle(const Request& request) const {
  Response response;
  try {
    response = answer(request);
  } catch (const StorageError& error) {
    response = error_answer(error, request, clock_.now());
  } catch (const std::system_error& error) {
    response = error_answer(from_errno(error.code().value()), request, clock_.now());
  }
  set_common_headers(response, request);
  return response;
}

Response FilesFace::answer(const Request& request) const {
  Address address = parse_address(request.headers.get("Host"), request.path, signed_account(request));
  Principal principal = backend_.authorizer.authorize(request, address);
  const Route route = find_route(request, address);
  principal.require(route.need);
  strip_trailing_dots(request, address);
  const Call call{request, backend_, std::move(address), read_version(request), std::move(principal)};
  return route.operation(call);
}

}  // namespace batchai::server::files

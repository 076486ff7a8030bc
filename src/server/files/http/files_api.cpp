#include "server/files/http/files_api.hpp"

#include "core/random.hpp"
#include "server/files/http/answer.hpp"
#include "server/files/http/carried_text.hpp"
#include "server/files/http/rename_target.hpp"
#include "server/files/http/routes.hpp"

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

std::string asked_version(const Request& request) {
  const std::string* sas_version = request.query_parameter("sv");
  const std::string* header = request.headers.find("x-ms-version");
  return header != nullptr ? *header : sas_version != nullptr ? *sas_version : kDefaultVersion;
}

std::string read_version(const Request& request) {
  std::string version = asked_version(request);
  if (!is_version(version)) {
    throw invalid_header("x-ms-version", version);
  }
  return version;
}

bool has_length(const Request& request) {
  return request.headers.contains("Content-Length") || request.headers.contains("Transfer-Encoding");
}

/// The snapshot that a request is about, in the service's form; empty without one.
std::string read_snapshot(const Request& request) {
  const std::string* text = request.query_parameter("sharesnapshot");
  if (text == nullptr || text->empty()) {
    return {};
  }
  const auto time = parse_iso8601(*text);
  if (!time) {
    throw invalid_query("sharesnapshot", *text, "It has to be the time of a snapshot.");
  }
  return format_iso8601_ticks(*time);
}

void set_common_headers(Response& response, const Request& request) {
  response.headers.set("x-ms-request-id", request.request_id);
  const std::string version = asked_version(request);
  response.headers.set("x-ms-version", is_version(version) ? version : kDefaultVersion);
  const std::string client_id = request.headers.get("x-ms-client-request-id");
  if (!client_id.empty() && client_id.size() <= kLongestClientId && is_header_text(client_id)) {
    response.headers.set("x-ms-client-request-id", client_id);
  }
}

/// A SAS may be checked against policies of a share that does not exist.
PolicyLookup policies_of(const Shares& shares) {
  return [&shares](const std::string& account, const std::string& share) {
    return shares.exists(account, share) ? shares.record(account, share).policies : std::vector<StoredPolicy>();
  };
}

AttributeStore attributes_below(const std::filesystem::path& root) { return AttributeStore(root / ".attributes"); }

}  // namespace

Response listener_refusal(int status, std::string_view message) {
  const char* code = status == 503   ? "ServerBusy"
                     : status >= 500 ? "InternalError"
                     : status == 413 ? "RequestBodyTooLarge"
                                     : "InvalidInput";
  const Request unread{.request_id = random_guid()};
  Response response =
      error_answer(StorageError(code).with_detail("Reason", std::string(message)), unread, system_clock()->now());
  response.status = status;
  set_common_headers(response, unread);
  return response;
}

FilesApi::FilesApi(const std::filesystem::path& root, AccountLookup accounts, const Clock& clock,
                   signing::SasService service, std::function<void(const std::string&)> report, BearerTokens bearer)
    : backend_{Shares(root, attributes_below(root), std::move(report)),
               attributes_below(root),
               Snapshots(backend_.shares, backend_.attributes),
               FilePermissions(backend_.shares),
               ServiceSettings(root),
               Authorizer(std::move(accounts), policies_of(backend_.shares), clock, service, std::move(bearer)),
               clock} {}

Response FilesApi::handle(const Request& request) const {
  return answered(request, [&] { return answer(request); });
}

std::optional<Response> FilesApi::turn_away(const Request& request) const {
  bool let_in = false;
  Response response = answered(request, [&] {
    authorize(request);
    let_in = true;
    return Response();
  });
  return let_in ? std::nullopt : std::optional(std::move(response));
}

Response FilesApi::answered(const Request& request, const std::function<Response()>& work) const {
  Response response;
  try {
    response = work();
  } catch (const StorageError& error) {
    response = error_answer(error, request, backend_.clock.now());
  } catch (const std::system_error& error) {
    response = error_answer(from_errno(error.code().value()), request, backend_.clock.now());
  }
  set_common_headers(response, request);
  return response;
}

void FilesApi::remove_account(const std::string& account) const { backend_.shares.remove_account(account); }

namespace {

/// What the log says of a caller: who signed in, else the account, and how it was opened.
void note_principal(const Principal& principal, const std::string& account, Response& response) {
  response.principal = principal.id.empty() ? account + (principal.is_owner() ? "" : "(sas)") : principal.id;
  response.principal_name = principal.name;
}

}  // namespace

FilesApi::Authorized FilesApi::authorize(const Request& request) const {
  Address address = parse_address(request.headers.get("Host"), request.path, named_account(request));
  if (is_rename(request)) {
    complete_rename_target(request, address, backend_.shares);
  }
  Principal principal = backend_.authorizer.authorize(request, address);
  const Route route = find_route(request, address);
  principal.require(route.need);
  return {std::move(address), std::move(principal), route.operation};
}

Response FilesApi::answer(const Request& request) const {
  auto [address, principal, operation] = authorize(request);
  if (!principal.is_for_one_file()) {
    strip_trailing_dots(address, request.headers.get("x-ms-allow-trailing-dot"));
  }
  if (request.method == "PUT" && !has_length(request)) {
    throw StorageError("MissingContentLengthHeader");
  }
  const Call call{.request = request,
                  .backend = backend_,
                  .address = std::move(address),
                  .version = read_version(request),
                  .principal = std::move(principal),
                  .snapshot = read_snapshot(request)};
  Response response = operation(call);
  note_principal(call.principal, call.address.account, response);
  return response;
}

}  // namespace batchai::server::files

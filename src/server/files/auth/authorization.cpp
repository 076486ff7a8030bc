#include "server/files/auth/authorization.hpp"

#include "server/files/http/storage_error.hpp"
#include "server/files/http/versions.hpp"
#include "server/http/bearer_token.hpp"
#include "signing/shared_key.hpp"

#include <algorithm>

#include <arpa/inet.h>

namespace batchai::server::files {
namespace {

constexpr std::chrono::minutes kClockSkew{15};
constexpr std::chrono::minutes kStartLeniency{5};

bool has_any(std::string_view text, std::string_view letters) {
  return text.find_first_of(letters) != std::string_view::npos;
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  constexpr std::string_view kMapped = "::ffff:";
  if (text.starts_with(kMapped)) {
    text.remove_prefix(kMapped.size());
  }
  in_addr address{};
  return inet_pton(AF_INET, std::string(text).c_str(), &address) == 1 ? std::optional(ntohl(address.s_addr))
                                                                      : std::nullopt;
}

bool in_range(const std::string& range, const std::string& remote_address) {
  const auto dash = range.find('-');
  const auto first = parse_ipv4(std::string_view(range).substr(0, dash));
  const auto last = dash == std::string::npos ? first : parse_ipv4(std::string_view(range).substr(dash + 1));
  const auto remote = parse_ipv4(remote_address);
  return first && last && remote && *first <= *remote && *remote <= *last;
}

void check_protocol_and_address(const signing::SasToken& token, const Request& request) {
  if (token.protocols == "https" && !request.over_tls) {
    throw StorageError("AuthorizationProtocolMismatch");
  }
  if (!token.ip_range.empty() && !in_range(token.ip_range, request.remote_address)) {
    throw StorageError("AuthorizationSourceIPMismatch").with_detail("SourceIP", request.remote_address);
  }
}

/// The only intent that tokens are accepted for: it bypasses the permissions of single files.
constexpr const char* kIntent = "x-ms-file-request-intent";

void require_intent(const Request& request) {
  const std::string* intent = request.headers.find(kIntent);
  if (intent == nullptr) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", kIntent);
  }
  if (!iequals(*intent, "backup")) {
    throw invalid_header(kIntent, *intent);
  }
}

}  // namespace

std::string signed_account(const Request& request) {
  const auto authorization = signing::parse_shared_key_authorization(request.headers.get("Authorization"));
  return authorization ? authorization->account : std::string();
}

void Principal::require(const Need& need) const {
  if (!token_) {
    return;
  }
  if (!token_->is_account_sas()) {
    if (need.service_sas.find(token_->resource) == std::string_view::npos ||
        !has_any(token_->permissions, need.permissions)) {
      throw StorageError("AuthorizationPermissionMismatch");
    }
    return;
  }
  if (!has_any(token_->services, "f")) {
    throw StorageError("AuthorizationServiceMismatch");
  }
  if (!has_any(token_->resource_types, need.resource_type)) {
    throw StorageError("AuthorizationResourceTypeMismatch");
  }
  if (!has_any(token_->permissions, need.permissions)) {
    throw StorageError("AuthorizationPermissionMismatch");
  }
}

bool Principal::may_overwrite() const { return !token_ || has_any(token_->permissions, "w"); }

bool Authorizer::is_signed(const signing::SasToken& token, const Address& address,
                           const std::vector<Secret>& keys) const {
  if (service_ == signing::SasService::Blob) {
    return token.resource == "b" && !address.path.empty() &&
           signing::verify_service_sas(token, service_, {address.account, address.share, address.joined_path()}, keys);
  }
  if (token.is_account_sas()) {
    return signing::verify_account_sas(token, address.account, keys);
  }
  const std::string path = token.resource == "f" ? address.joined_path() : std::string();
  return (token.resource == "s" || (token.resource == "f" && !path.empty())) && !address.share.empty() &&
         signing::verify_service_sas(token, service_, {address.account, address.share, path}, keys);
}

Principal Authorizer::authorize(const Request& request, const Address& address) const {
  const std::string* header = request.headers.find("Authorization");
  if (header != nullptr && service_ == signing::SasService::File) {
    const auto token = bearer_token(request);
    return token ? authorize_bearer(request, address, *token) : authorize_shared_key(request, address, *header);
  }
  if (auto token = signing::SasToken::parse(request.parameters)) {
    return authorize_sas(std::move(*token), request, address);
  }
  throw challenge("NoAuthenticationInformation");
}

StorageError Authorizer::challenge(std::string_view code) const {
  constexpr const char* kResource = "resource_id=https://storage.azure.com";
  const std::string authority =
      bearer_.authorization_uri ? "authorization_uri=" + bearer_.authorization_uri() + " " : std::string();
  return StorageError(code).with_status(401).with_header("WWW-Authenticate", "Bearer " + authority + kResource);
}

Principal Authorizer::authorize_bearer(const Request& request, const Address& address, std::string_view token) const {
  if (!bearer_.check || request.headers.get("x-ms-version") < versions::kBearer) {
    throw authentication_failed("Authentication scheme Bearer is not supported in this version.");
  }
  const BearerVerdict verdict = bearer_.check(token, address.account);
  if (!verdict.problem.empty()) {
    throw challenge("InvalidAuthenticationInfo").with_detail("AuthenticationErrorDetail", verdict.problem);
  }
  if (!accounts_(address.account)) {
    throw authentication_failed("There is no storage account of the name " + address.account + ".");
  }
  if (!verdict.permitted) {
    throw StorageError("AuthorizationPermissionMismatch");
  }
  require_intent(request);
  Principal principal;
  principal.id = verdict.principal;
  principal.name = verdict.principal_name;
  return principal;
}

Principal Authorizer::authorize_shared_key(const Request& request, const Address& address,
                                           std::string_view header) const {
  const auto authorization = signing::parse_shared_key_authorization(header);
  if (!authorization) {
    throw StorageError("InvalidAuthenticationInfo");
  }
  const std::string* date = request.headers.find("x-ms-date");
  date = date != nullptr ? date : request.headers.find("Date");
  const auto sent = parse_http_date(date != nullptr ? *date : std::string());
  if (!sent) {
    throw authentication_failed("The request has no x-ms-date or Date header in RFC 1123 form.");
  }
  const Timestamp now = clock_.now();
  if (*sent < now - kClockSkew || *sent > now + kClockSkew) {
    throw authentication_failed("The date " + *date + " is too far from the service's time " + format_http_date(now) +
                                ".");
  }
  const auto keys = accounts_(address.account);
  if (!keys) {
    throw account_not_found(address.account);
  }
  const signing::SignedParts parts{request.method, request.path, request.query, request.headers};
  if (authorization->account != address.account || !signing::verify_shared_key(parts, *authorization, *keys)) {
    throw authentication_failed("The signature is not the one computed with the account's keys.");
  }
  return {};
}

Principal Authorizer::authorize_sas(signing::SasToken token, const Request& request, const Address& address) const {
  const auto keys = accounts_(address.account);
  if (!keys) {
    throw account_not_found(address.account);
  }
  if (!is_signed(token, address, *keys)) {
    throw authentication_failed(
        "Signature did not match. The shared access signature is not one of this account for "
        "this resource.");
  }
  if (!token.identifier.empty() && !token.is_account_sas()) {
    token = with_policy(std::move(token), policies_(address.account, address.share));
  }
  check_times(token);
  check_protocol_and_address(token, request);
  if (service_ == signing::SasService::Blob) {
    token.resource = "f";  // a blob is to its container what a file is to its share
    token.permissions = has_any(token.permissions, "r") ? "r" : "";
  }
  return Principal(std::move(token));
}

void Authorizer::check_times(const signing::SasToken& token) const {
  const Timestamp now = clock_.now();
  const auto expiry = signing::parse_sas_time(token.expiry);
  const auto start = signing::parse_sas_time(token.start);
  if (!expiry) {
    throw authentication_failed(token.expiry.empty() ? "se is mandatory. Cannot be empty" : "se is not a time");
  }
  if (!token.start.empty() && !start) {
    throw authentication_failed("st is not a time");
  }
  if (now >= *expiry && !start) {
    throw authentication_failed("Signed expiry time [" + format_http_date(*expiry) +
                                "] must be after signed start time [" + format_http_date(now) + "]");
  }
  if (now >= *expiry || (start && now + kStartLeniency < *start)) {
    throw authentication_failed("Signature not valid in the specified time frame: Start [" + format_http_date(*start) +
                                "] - Expiry [" + format_http_date(*expiry) + "] - Current [" + format_http_date(now) +
                                "]");
  }
}

}  // namespace batchai::server::files

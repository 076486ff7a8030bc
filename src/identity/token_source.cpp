#include "identity/token_source.hpp"

#include "batchai/core/error.hpp"

#include <nlohmann/json.hpp>

namespace batchai {
namespace {

using nlohmann::json;
using std::chrono::seconds;

/// A token with less than this left is not used any more, as MSAL and the Azure SDKs do.
constexpr seconds kRefreshBefore{300};

std::string token_endpoint(const std::string& authority, const std::string& tenant) {
  Url url = Url::parse(authority);
  if (url.scheme() != "https" && !url.is_loopback()) {
    throw InvalidArgument("the authority " + url.origin() + " has to be https: a secret would travel unencrypted");
  }
  if (iequals(tenant, "adfs")) {
    return url.append_path("adfs/oauth2/token").to_string();
  }
  return url.append_segment(tenant).append_path("oauth2/v2.0/token").to_string();
}

std::string encode_form(const FormFields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  return text;
}

std::string text_member(const json& document, const char* name) {
  const auto it = document.is_object() ? document.find(name) : document.end();
  return it != document.end() && it->is_string() ? it->get<std::string>() : std::string();
}

/// `AADSTS7000215: …`, without the trace ids that follow on further lines.
std::string first_line(const std::string& text) { return text.substr(0, text.find_first_of("\r\n")); }

[[noreturn]] void refuse(const TokenPrincipal& principal, const HttpResponse& response, const json& answer) {
  const std::string description = first_line(text_member(answer, "error_description"));
  const std::string code =
      description.starts_with("AADSTS") ? description.substr(0, description.find(':')) : text_member(answer, "error");
  const std::string reason =
      description.empty() ? "the token endpoint answered with status " + std::to_string(response.status) : description;
  throw AuthenticationError(
      "service principal " + principal.client_id + " could not sign in to tenant " + principal.tenant + ": " + reason,
      code);
}

/// `expires_in` is a number in v2 answers and a string in v1 ones.
std::optional<seconds> lifetime(const json& answer) {
  const auto it = answer.find("expires_in");
  if (it == answer.end()) {
    return std::nullopt;
  }
  if (it->is_number()) {
    return seconds(it->get<std::int64_t>());
  }
  const std::string text = it->is_string() ? it->get<std::string>() : "";
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return seconds(std::stoll(text));
}

}  // namespace

TokenSource::TokenSource(TokenPrincipal principal, const CredentialOptions& options)
    : principal_(std::move(principal)),
      endpoint_(token_endpoint(options.authority, principal_.tenant)),
      pipeline_(make_signing_pipeline(with_transport(options.client), {})),
      clock_(options.client.clock != nullptr ? options.client.clock : system_clock()),
      cache_(options.token_cache_file) {}

AccessToken TokenSource::get(const TokenRequest& request, const CallContext& context) {
  const std::string key =
      endpoint_ + " " + principal_.client_id + " " + principal_.fingerprint + " " + request.resource;
  const std::scoped_lock lock(fetching_);
  if (!request.force_refresh) {
    const auto known = cache_.find(key);
    if (known && known->expires_on - clock_->now() > kRefreshBefore) {
      return *known;
    }
  }
  AccessToken token = fetch(request.resource, context);
  cache_.store(key, token, clock_->now());
  return token;
}

AccessToken TokenSource::fetch(const std::string& resource, const CallContext& context) const {
  FormFields fields = {
      {"grant_type", "client_credentials"}, {"client_id", principal_.client_id}, {"scope", resource + "/.default"}};
  for (auto& field : principal_.proof(endpoint_)) {
    fields.push_back(std::move(field));
  }
  HttpRequest request{.method = "POST", .url = Url::parse(endpoint_), .repeatable = true};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.headers.set("Accept", "application/json");
  request.body = encode_form(fields);

  const HttpResponse response = pipeline_->send(std::move(request), context);
  const json answer = json::parse(response.body, nullptr, false);
  if (response.status != 200) {
    refuse(principal_, response, answer);
  }
  const std::string token = text_member(answer, "access_token");
  const auto lasts = token.empty() ? std::nullopt : lifetime(answer);
  if (!lasts) {
    throw ProtocolError("the token endpoint " + endpoint_ + " answered without access_token or expires_in");
  }
  return {Secret(token), clock_->now() + *lasts};
}

}  // namespace batchai

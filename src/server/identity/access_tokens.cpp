#include "server/identity/access_tokens.hpp"

#include "batchai/core/http.hpp"
#include "core/seconds.hpp"
#include "server/faults/fault.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"
#include "signing/jwt.hpp"
#include "signing/random_bytes.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr std::chrono::seconds kLifetime{3'599};
constexpr std::chrono::seconds kSkew{300};
/// Not one of Azure's claims.
constexpr const char* kGeneration = "batchai_generation";

/// Both normal.
bool matches(std::string_view pattern, std::string_view audience) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == audience;
  }
  const std::string_view before = pattern.substr(0, star);
  const std::string_view behind = pattern.substr(star + 1);
  if (audience.size() < pattern.size() || !audience.starts_with(before) || !audience.ends_with(behind)) {
    return false;
  }
  const std::string_view label = audience.substr(star, audience.size() - before.size() - behind.size());
  return label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

ServiceFault refusal(const char* code, const std::string& message) { return {401, code, message}; }

void check_times(const TokenClaims& token, Timestamp now) {
  const auto seconds = static_cast<double>(epoch_seconds(now));
  const auto skew = static_cast<double>(kSkew.count());
  if (!token.expires || !token.begins) {
    throw refusal("InvalidAuthenticationToken", "The access token has no validity period.");
  }
  if (seconds >= *token.expires + skew) {
    throw refusal("ExpiredAuthenticationToken",
                  "The access token expiry has passed: current time '" + format_iso8601(now) + "'. Sign in again.");
  }
  if (seconds < *token.begins - skew) {
    throw refusal("InvalidAuthenticationToken", "The access token is not valid yet.");
  }
}

}  // namespace

std::string normal_audience(std::string_view audience) {
  while (!audience.empty() && audience.back() == '/') {
    audience.remove_suffix(1);
  }
  return to_lower(audience);
}

bool contains_audience(const std::vector<std::string>& audiences, std::string_view wanted) {
  return std::any_of(audiences.begin(), audiences.end(), [normal = normal_audience(wanted)](const std::string& each) {
    return matches(normal_audience(each), normal);
  });
}

std::string account_audience(std::string_view account) {
  return "https://" + std::string(account) + ".file.core.windows.net";
}

std::string epoch_text(Timestamp time) { return std::to_string(epoch_seconds(time)); }

AccessTokens::AccessTokens(SigningKey key, std::string tenant_id, std::shared_ptr<const Clock> clock)
    : key_(std::move(key)), tenant_id_(std::move(tenant_id)), clock_(std::move(clock)) {}

std::string AccessTokens::issuer() const { return "https://sts.windows.net/" + tenant_id_ + "/"; }

IssuedToken AccessTokens::issue(const Principal& principal, const std::string& audience, ClientProof proof) const {
  const Timestamp now = clock_->now();
  const nlohmann::json claims = {{"aud", audience},
                                 {"iss", issuer()},
                                 {"iat", epoch_seconds(now)},
                                 {"nbf", epoch_seconds(now - kSkew)},
                                 {"exp", epoch_seconds(now + kLifetime)},
                                 {"appid", principal.app_id},
                                 {"appidacr", std::to_string(static_cast<int>(proof))},
                                 {"idp", issuer()},
                                 {kGeneration, principal.generation},
                                 {"oid", principal.object_id},
                                 {"sub", principal.object_id},
                                 {"tid", tenant_id_},
                                 {"uti", signing::base64url_encode(signing::random_bytes(16))},
                                 {"ver", "1.0"}};
  return {.text = signing::sign_jwt({{"kid", key_.id}}, claims, key_.key),
          .lifetime = kLifetime,
          .not_before = now - kSkew,
          .expires = now + kLifetime};
}

std::shared_ptr<const TokenClaims> AccessTokens::signed_claims(std::string_view text) const {
  const std::string digest = signing::sha256(text);
  if (auto known = verified_.find(digest)) {
    return known;
  }
  const auto token = signing::Jwt::parse(text);
  if (!token) {
    throw refusal("InvalidAuthenticationToken", "The access token is not a JSON Web Token.");
  }
  if (token->header_text("alg") != "RS256" || !signing::verify_jwt(*token, key_.key.public_key())) {
    throw refusal("InvalidAuthenticationToken", "The access token has an invalid signature.");
  }
  auto claims = std::make_shared<const TokenClaims>(
      TokenClaims{.issuer = token->claim_text("iss"),
                  .tenant_id = token->claim_text("tid"),
                  .audience = token->claim_text("aud"),
                  .app_id = token->claim_text("appid"),
                  .object_id = token->claim_text("oid"),
                  .generation = static_cast<std::int64_t>(token->claim_number(kGeneration).value_or(0)),
                  .begins = token->claim_number("nbf"),
                  .expires = token->claim_number("exp")});
  verified_.add(digest, claims);
  return claims;
}

Caller AccessTokens::verify(std::string_view text, const std::vector<std::string>& audiences) const {
  const auto token = signed_claims(text);
  check_times(*token, clock_->now());
  if (token->issuer != issuer() || !iequals(token->tenant_id, tenant_id_)) {
    throw refusal("InvalidAuthenticationTokenTenant",
                  "The access token is from the wrong issuer; it must match the tenant '" + issuer() + "'.");
  }
  if (!contains_audience(audiences, token->audience)) {
    throw refusal("InvalidAuthenticationTokenAudience",
                  "The access token has been obtained for the wrong audience '" + token->audience + "'.");
  }
  return {token->app_id, token->object_id, token->generation};
}

}  // namespace batchai::server

#include "signing/sas.hpp"

#include "batchai/core/http.hpp"
#include "batchai/core/url.hpp"
#include "core/joined.hpp"
#include "signing/digest.hpp"
#include "signing/shared_key.hpp"

#include <algorithm>
#include <array>

namespace batchai::signing {
namespace {

struct Parameter {
  std::string_view name;
  std::string SasToken::*member;
};

constexpr std::array<Parameter, 18> kParameters = {{{"sv", &SasToken::version},
                                                    {"ss", &SasToken::services},
                                                    {"srt", &SasToken::resource_types},
                                                    {"sr", &SasToken::resource},
                                                    {"si", &SasToken::identifier},
                                                    {"st", &SasToken::start},
                                                    {"se", &SasToken::expiry},
                                                    {"sp", &SasToken::permissions},
                                                    {"sip", &SasToken::ip_range},
                                                    {"spr", &SasToken::protocols},
                                                    {"ses", &SasToken::encryption_scope},
                                                    {"snapshot", &SasToken::snapshot},
                                                    {"rscc", &SasToken::cache_control},
                                                    {"rscd", &SasToken::content_disposition},
                                                    {"rsce", &SasToken::content_encoding},
                                                    {"rscl", &SasToken::content_language},
                                                    {"rsct", &SasToken::content_type},
                                                    {"sig", &SasToken::signature}}};

std::string canonical_name(SasService service, const SasTarget& target) {
  std::string name = (service == SasService::File ? "/file/" : "/blob/") + target.account + "/" + target.share;
  return target.path.empty() ? name : name + "/" + target.path;
}

/// `ip_range` and `protocols` are signed from this version on.
constexpr std::string_view kWithAddress = "2015-04-05";
constexpr std::string_view kBlobWithResource = "2018-11-09";
constexpr std::string_view kWithEncryptionScope = "2020-12-06";

bool verify(const std::string& text, const std::string& signature, std::span<const Secret> keys) {
  // A plus sign that was sent unescaped has been decoded to a blank.
  std::string received = signature;
  std::replace(received.begin(), received.end(), ' ', '+');
  bool verified = false;
  for (const Secret& key : keys) {
    verified |= constant_time_equal(shared_key_signature(text, key), received);
  }
  return verified;
}

}  // namespace

std::optional<SasToken> SasToken::parse(const std::vector<std::pair<std::string, std::string>>& parameters) {
  SasToken token;
  token.version.clear();
  for (const auto& [name, value] : parameters) {
    const auto* known = std::find_if(kParameters.begin(), kParameters.end(),
                                     [&name = name](const Parameter& p) { return iequals(p.name, name); });
    if (known != kParameters.end()) {
      token.*(known->member) = value;
    }
  }
  return token.signature.empty() ? std::nullopt : std::optional(std::move(token));
}

std::string SasToken::to_query() const {
  std::string query;
  for (const Parameter& parameter : kParameters) {
    const std::string& value = this->*(parameter.member);
    if (!value.empty()) {
      query += (query.empty() ? "" : "&") + std::string(parameter.name) + "=" + percent_encode(value);
    }
  }
  return query;
}

std::string service_sas_string_to_sign(const SasToken& token, SasService service, const SasTarget& target) {
  std::string text =
      joined({token.permissions, token.start, token.expiry, canonical_name(service, target), token.identifier}, "\n");
  if (token.version >= kWithAddress) {
    text += "\n" + joined({token.ip_range, token.protocols}, "\n");
  }
  text += "\n" + token.version;
  if (service == SasService::Blob && token.version >= kBlobWithResource) {
    text += "\n" + joined({token.resource, token.snapshot}, "\n");
    if (token.version >= kWithEncryptionScope) {
      text += "\n" + token.encryption_scope;
    }
  }
  return text + "\n" +
         joined({token.cache_control, token.content_disposition, token.content_encoding, token.content_language,
                 token.content_type},
                "\n");
}

std::string account_sas_string_to_sign(const SasToken& token, std::string_view account) {
  std::string text = joined({account, token.permissions, token.services, token.resource_types, token.start,
                             token.expiry, token.ip_range, token.protocols, token.version},
                            "\n");
  text += "\n";
  return token.version >= kWithEncryptionScope ? text + token.encryption_scope + "\n" : text;
}

SasToken sign_service_sas(SasToken token, SasService service, const SasTarget& target, const Secret& key) {
  token.signature = shared_key_signature(service_sas_string_to_sign(token, service, target), key);
  return token;
}

SasToken sign_account_sas(SasToken token, std::string_view account, const Secret& key) {
  token.signature = shared_key_signature(account_sas_string_to_sign(token, account), key);
  return token;
}

bool verify_service_sas(const SasToken& token, SasService service, const SasTarget& target,
                        std::span<const Secret> keys) {
  return verify(service_sas_string_to_sign(token, service, target), token.signature, keys);
}

bool verify_account_sas(const SasToken& token, std::string_view account, std::span<const Secret> keys) {
  return verify(account_sas_string_to_sign(token, account), token.signature, keys);
}

std::optional<Timestamp> parse_sas_time(std::string_view text) {
  constexpr std::size_t kDate = 10;     // 2024-01-01
  constexpr std::size_t kMinutes = 17;  // 2024-01-01T00:00Z
  if (text.size() == kDate) {
    return parse_iso8601(std::string(text) + "T00:00:00Z");
  }
  if (text.size() == kMinutes && text.ends_with('Z')) {
    return parse_iso8601(std::string(text.substr(0, kMinutes - 1)) + ":00Z");
  }
  return parse_iso8601(text);
}

}  // namespace batchai::signing

#include "signing/shared_key.hpp"

#include "batchai/core/error.hpp"
#include "core/joined.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"
#include "signing/query.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace batchai::signing {
namespace {

constexpr std::string_view kScheme = "SharedKey ";
constexpr std::string_view kLiteScheme = "SharedKeyLite ";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::string content_length(const SignedParts& parts) {
  const std::string* header = parts.headers.find("Content-Length");
  std::string length = header != nullptr ? *header : std::to_string(parts.body_size);
  return length == "0" ? std::string() : length;
}

std::string date_line(const Headers& headers) {
  return headers.contains("x-ms-date") ? std::string() : headers.get("Date");
}

std::string canonical_headers(const Headers& headers, bool culture_order) {
  std::vector<Headers::Field> fields;
  for (const auto& [name, value] : headers) {
    std::string lower = to_lower(name);
    if (lower.starts_with("x-ms-")) {
      fields.emplace_back(std::move(lower), trim(value));
    }
  }
  std::stable_sort(fields.begin(), fields.end(), [culture_order](const auto& a, const auto& b) {
    return culture_order ? culture_less(a.first, b.first) : a.first < b.first;
  });
  std::string text;
  for (const auto& [name, value] : fields) {
    text.append(name).append(":").append(value).append("\n");
  }
  return text;
}

std::string canonical_resource(const SignedParts& parts, std::string_view account, bool plus_is_blank) {
  std::map<std::string, std::vector<std::string>> by_name;
  for (auto& [name, value] : split_query(parts.query, plus_is_blank)) {
    by_name[to_lower(name)].push_back(std::move(value));
  }
  std::string text = "/" + std::string(account) + std::string(parts.path);
  for (auto& [name, values] : by_name) {
    std::sort(values.begin(), values.end());
    text += "\n" + name + ":" + joined(values, ",");
  }
  return text;
}

/// All dialects that make a difference for a request of this kind.
std::vector<SigningDialect> dialects_of(const SignedParts& parts) {
  std::vector<SigningDialect> dialects;
  const bool plus = parts.query.find('+') != std::string_view::npos;
  const bool language = parts.headers.contains("Content-Language") || parts.headers.contains("Content-Encoding");
  for (const bool culture_order : {true, false}) {
    for (int literal_plus = 0; literal_plus <= (plus ? 1 : 0); ++literal_plus) {
      for (int language_first = 0; language_first <= (language ? 1 : 0); ++language_first) {
        dialects.push_back({culture_order, literal_plus == 0, language_first == 1});
      }
    }
  }
  return dialects;
}

}  // namespace

bool culture_less(std::string_view a, std::string_view b) {
  // The en-US weights of the characters that header names may have. '-' weighs nothing: it only breaks ties.
  constexpr std::string_view kOrder = "!#$%&*.^`_|~+0123456789abcdefghijklmnopqrstuvwxyz";
  const auto weights = [&](std::string_view name) {
    std::vector<std::size_t> result;
    for (const char c : name) {
      if (c != '-') {
        result.push_back(kOrder.find(c));
      }
    }
    return result;
  };
  const auto weights_a = weights(a);
  const auto weights_b = weights(b);
  if (weights_a != weights_b) {
    return weights_a < weights_b;
  }
  // The same but for hyphens: the name whose hyphen comes first is sorted last.
  const auto difference = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return difference.first != a.end() && difference.second != b.end() ? *difference.second == '-' : a.size() < b.size();
}

std::string shared_key_string_to_sign(const SignedParts& parts, std::string_view account,
                                      const SigningDialect& dialect) {
  const Headers& headers = parts.headers;
  std::string encoding = headers.get("Content-Encoding");
  std::string language = headers.get("Content-Language");
  if (dialect.language_first) {
    std::swap(encoding, language);
  }
  std::string text =
      std::string(parts.method) + "\n" + encoding + "\n" + language + "\n" + content_length(parts) + "\n";
  text += headers.get("Content-MD5") + "\n" + headers.get("Content-Type") + "\n" + date_line(headers) + "\n";
  constexpr std::array<const char*, 5> kConditions = {"If-Modified-Since", "If-Match", "If-None-Match",
                                                      "If-Unmodified-Since", "Range"};
  for (const char* name : kConditions) {
    text += headers.get(name) + "\n";
  }
  return text + canonical_headers(headers, dialect.culture_order) +
         canonical_resource(parts, account, dialect.plus_is_blank);
}

std::string shared_key_lite_string_to_sign(const SignedParts& parts, std::string_view account,
                                           const SigningDialect& dialect) {
  const Headers& headers = parts.headers;
  std::string text = std::string(parts.method) + "\n" + headers.get("Content-MD5") + "\n" +
                     headers.get("Content-Type") + "\n" + date_line(headers) + "\n";
  text += canonical_headers(headers, dialect.culture_order) + "/" + std::string(account) + std::string(parts.path);
  for (const auto& [name, value] : split_query(parts.query, dialect.plus_is_blank)) {
    if (iequals(name, "comp")) {
      text += "?comp=" + value;
    }
  }
  return text;
}

std::string shared_key_signature(std::string_view string_to_sign, const Secret& key) {
  const auto bytes = base64_decode(key.reveal());
  if (!bytes || bytes->empty()) {
    throw InvalidArgument("the storage account key is not base64; copy it as the portal or 'keys list' shows it");
  }
  return base64_encode(hmac_sha256(*bytes, string_to_sign));
}

void sign_with_shared_key(HttpRequest& request, std::string_view account, const Secret& key, Timestamp now) {
  request.headers.set("x-ms-date", format_http_date(now));
  const SignedParts parts{request.method, request.url.path(), request.url.query(), request.headers,
                          request.body_size()};
  const std::string signature = shared_key_signature(shared_key_string_to_sign(parts, account), key);
  request.headers.set("Authorization", std::string(kScheme) + std::string(account) + ":" + signature);
}

std::optional<SharedKeyAuthorization> parse_shared_key_authorization(std::string_view value) {
  SharedKeyAuthorization result;
  result.lite = value.starts_with(kLiteScheme);
  if (!result.lite && !value.starts_with(kScheme)) {
    return std::nullopt;
  }
  value = trim(value.substr(result.lite ? kLiteScheme.size() : kScheme.size()));
  const auto colon = value.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == value.size()) {
    return std::nullopt;
  }
  result.account = value.substr(0, colon);
  result.signature = value.substr(colon + 1);
  return result;
}

bool verify_shared_key(const SignedParts& parts, const SharedKeyAuthorization& authorization,
                       std::span<const Secret> keys) {
  bool verified = false;
  for (const SigningDialect& dialect : dialects_of(parts)) {
    const std::string text = authorization.lite ? shared_key_lite_string_to_sign(parts, authorization.account, dialect)
                                                : shared_key_string_to_sign(parts, authorization.account, dialect);
    for (const Secret& key : keys) {
      verified |= constant_time_equal(shared_key_signature(text, key), authorization.signature);
    }
  }
  return verified;
}

}  // namespace batchai::signing

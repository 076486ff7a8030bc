#include "signing/jwt.hpp"

#include "core/text_at.hpp"
#include "signing/encoding.hpp"

#include <nlohmann/json.hpp>

namespace batchai::signing {
namespace {

using nlohmann::json;

std::optional<json> parse_object(std::string_view part) {
  const auto text = base64url_decode(part);
  if (!text) {
    return std::nullopt;
  }
  json value = json::parse(*text, nullptr, false);
  if (!value.is_object()) {
    return std::nullopt;
  }
  return value;
}

const char* algorithm_name(RsaScheme scheme) { return scheme == RsaScheme::Rs256 ? "RS256" : "PS256"; }

std::optional<RsaScheme> find_scheme(const std::string& algorithm) {
  for (const RsaScheme scheme : {RsaScheme::Rs256, RsaScheme::Ps256}) {
    if (algorithm == algorithm_name(scheme)) {
      return scheme;
    }
  }
  return std::nullopt;
}

}  // namespace

struct Jwt::Parts {
  json header;
  json claims;
  std::string signing_input;
  std::string signature;
};

std::optional<Jwt> Jwt::parse(std::string_view text) {
  const auto first = text.find('.');
  const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  auto header = parse_object(text.substr(0, first));
  auto claims = parse_object(text.substr(first + 1, second - first - 1));
  auto signature = base64url_decode(text.substr(second + 1));
  if (!header || !claims || !signature) {
    return std::nullopt;
  }
  return Jwt(std::make_shared<const Parts>(
      Parts{std::move(*header), std::move(*claims), std::string(text.substr(0, second)), std::move(*signature)}));
}

const json& Jwt::header() const { return parts_->header; }

const json& Jwt::claims() const { return parts_->claims; }

std::string Jwt::header_text(const char* name) const { return text_at(parts_->header, name); }

std::string Jwt::claim_text(const char* name) const { return text_at(parts_->claims, name); }

std::optional<double> Jwt::claim_number(const char* name) const {
  const auto it = parts_->claims.find(name);
  return it != parts_->claims.end() && it->is_number() ? std::optional(it->get<double>()) : std::nullopt;
}

std::vector<std::string> Jwt::audiences() const {
  const json given = parts_->claims.value("aud", json::array());
  std::vector<std::string> texts;
  for (const json& each : given.is_array() ? given : json::array({given})) {
    if (each.is_string()) {
      texts.push_back(each.get<std::string>());
    }
  }
  return texts;
}

const std::string& Jwt::signing_input() const { return parts_->signing_input; }

const std::string& Jwt::signature() const { return parts_->signature; }

std::string sign_jwt(const json& header, const json& claims, const RsaPrivateKey& key, RsaScheme scheme) {
  json full = header.is_object() ? header : json::object();
  full["alg"] = algorithm_name(scheme);
  full["typ"] = "JWT";
  const std::string input = base64url_encode(full.dump()) + "." + base64url_encode(claims.dump());
  return input + "." + base64url_encode(key.sign(scheme, input));
}

bool verify_jwt(const Jwt& token, const RsaPublicKey& key) {
  const auto scheme = find_scheme(token.header_text("alg"));
  return scheme && key.verify(*scheme, token.signing_input(), token.signature());
}

}  // namespace batchai::signing

#include "batchai/core/error.hpp"
#include "batchai/identity/credentials.hpp"
#include "core/private_file.hpp"
#include "core/random.hpp"
#include "core/seconds.hpp"
#include "identity/service_principal.hpp"
#include "signing/encoding.hpp"
#include "signing/jwt.hpp"
#include "signing/key_pair.hpp"

#include <system_error>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

using nlohmann::json;
using signing::KeyPair;
using signing::RsaScheme;

/// Ten minutes, as MSAL gives its assertions.
constexpr std::int64_t kAssertionSeconds = 600;

Secret read_certificate_file(const std::filesystem::path& file) {
  try {
    if (auto content = read_file(file)) {
      return Secret(std::move(*content));
    }
  } catch (const std::system_error& error) {
    throw InvalidArgument(std::string("the certificate file cannot be used: ") + error.what());
  }
  throw InvalidArgument("there is no certificate file '" + file.string() + "'");
}

KeyPair load_key_pair(const std::filesystem::path& file, const Secret& password) {
  const Secret content = read_certificate_file(file);
  try {
    return signing::read_key_pair(content, password);
  } catch (const InvalidArgument& error) {
    throw InvalidArgument("the certificate file '" + file.string() + "': " + error.what());
  }
}

RsaScheme scheme_for(AssertionAlgorithm algorithm, const std::string& tenant) {
  if (algorithm == AssertionAlgorithm::Automatic) {
    return iequals(tenant, "adfs") ? RsaScheme::Rs256 : RsaScheme::Ps256;
  }
  return algorithm == AssertionAlgorithm::Ps256 ? RsaScheme::Ps256 : RsaScheme::Rs256;
}

json assertion_header(const KeyPair& pair, bool send_chain) {
  json header = {{"x5t", signing::base64url_encode(pair.chain.front().sha1_thumbprint())},
                 {"x5t#S256", signing::base64url_encode(pair.chain.front().sha256_thumbprint())}};
  if (send_chain) {
    for (const auto& certificate : pair.chain) {
      header["x5c"].push_back(signing::base64_encode(certificate.der()));
    }
  }
  return header;
}

json assertion_claims(const std::string& client_id, const std::string& audience, Timestamp now) {
  const auto seconds = epoch_seconds(now);
  return {{"aud", audience},     {"iss", client_id}, {"sub", client_id},
          {"nbf", seconds},      {"iat", seconds},   {"exp", seconds + kAssertionSeconds},
          {"jti", random_guid()}};
}

std::unique_ptr<TokenSource> certificate_source(std::string tenant, std::string client_id, const std::string& file,
                                                const CertificateOptions& certificate,
                                                const CredentialOptions& options) {
  const KeyPair pair = load_key_pair(file, certificate.password);
  const RsaScheme scheme = scheme_for(certificate.algorithm, tenant);
  const auto clock = options.client.clock != nullptr ? options.client.clock : system_clock();
  ServicePrincipal principal;
  principal.fingerprint = fingerprint_of("certificate " + pair.chain.front().sha256_thumbprint());
  principal.proof = [=, header = assertion_header(pair, certificate.send_chain)](const std::string& endpoint) {
    const json claims = assertion_claims(client_id, endpoint, clock->now());
    return assertion_fields(signing::sign_jwt(header, claims, pair.key, scheme));
  };
  principal.tenant = std::move(tenant);
  principal.client_id = std::move(client_id);
  return make_source(std::move(principal), options);
}

}  // namespace

ClientCertificateCredential::ClientCertificateCredential(std::string tenant, std::string client_id,
                                                         const std::string& file, const CertificateOptions& certificate,
                                                         const CredentialOptions& options)
    : SourcedCredential(certificate_source(std::move(tenant), std::move(client_id), file, certificate, options)) {}

}  // namespace batchai::inline v1

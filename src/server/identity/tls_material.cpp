#include "server/identity/tls_material.hpp"

#include "core/private_file.hpp"
#include "core/seconds.hpp"
#include "server/identity/x509_builder.hpp"

#include <chrono>

#include <openssl/x509v3.h>

namespace batchai::server {
namespace {

using std::chrono::days;

constexpr days kCaLife{3650};
/// The longest that clients of 2020 and later take for a leaf.
constexpr days kServerLife{397};
constexpr days kRenewal{30};

struct Pair {
  KeyPointer key;
  CertificatePointer certificate;
};

bool is_address(const std::string& host) {
  ASN1_OCTET_STRING* parsed = a2i_IPADDRESS(host.c_str());
  ASN1_OCTET_STRING_free(parsed);
  return parsed != nullptr;
}

bool names_host(X509* certificate, const std::string& host) {
  return is_address(host) ? X509_check_ip_asc(certificate, host.c_str(), 0) == 1
                          : X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1;
}

bool lasts(X509* certificate, Timestamp until) {
  time_t moment = epoch_seconds(until);
  return X509_cmp_time(X509_get0_notAfter(certificate), &moment) > 0;
}

/// Nothing unless both files are there and belong together.
Pair load(const std::filesystem::path& certificate_file, const std::filesystem::path& key_file) {
  const auto certificate_text = read_private_file(certificate_file);
  const auto key_text = read_private_file(key_file);
  if (!certificate_text || !key_text) {
    return {};
  }
  Pair pair{key_from_pem(*key_text), certificate_from_pem(*certificate_text)};
  const bool together =
      pair.key && pair.certificate && X509_check_private_key(pair.certificate.get(), pair.key.get()) == 1;
  return together ? std::move(pair) : Pair{};
}

Pair make_ca(Timestamp now) {
  KeyPointer key = make_ec_key();
  const CertificateRequest request{
      .common_name = "batchai local root", .is_ca = true, .begins = now - days(1), .ends = now + kCaLife};
  CertificatePointer certificate = make_certificate(request, key.get(), nullptr, nullptr);
  return {std::move(key), std::move(certificate)};
}

std::string alternative_names(const std::string& host) {
  std::string usual = "IP:127.0.0.1,IP:::1,DNS:localhost";
  if (host == "127.0.0.1" || host == "::1" || host == "localhost") {
    return usual;
  }
  return usual + (is_address(host) ? ",IP:" : ",DNS:") + host;
}

Pair make_server(const Pair& ca, const std::string& host, Timestamp now) {
  KeyPointer key = make_ec_key();
  const CertificateRequest request{.common_name = "batchai-server",
                                   .alternative_names = alternative_names(host),
                                   .begins = now - days(1),
                                   .ends = now + kServerLife};
  CertificatePointer certificate = make_certificate(request, key.get(), ca.certificate.get(), ca.key.get());
  return {std::move(key), std::move(certificate)};
}

bool usable(const Pair& server, const Pair& ca, const std::string& host, Timestamp now) {
  return server.certificate && lasts(server.certificate.get(), now + kRenewal) &&
         names_host(server.certificate.get(), host) &&
         X509_verify(server.certificate.get(), X509_get0_pubkey(ca.certificate.get())) == 1;
}

}  // namespace

TlsMaterial ensure_tls_material(const std::filesystem::path& folder, const std::string& host, Timestamp now) {
  TlsMaterial files{folder / "ca.pem", folder / "server.pem", folder / "server-key.pem"};
  Pair ca = load(files.ca, folder / "ca-key.pem");
  if (!ca.certificate || !lasts(ca.certificate.get(), now + kServerLife)) {
    ca = make_ca(now);
    write_private_file(folder / "ca-key.pem", to_pem(ca.key.get()));
    write_private_file(files.ca, to_pem(ca.certificate.get()));
  }
  if (!usable(load(files.certificate_chain, files.private_key), ca, host, now)) {
    const Pair server = make_server(ca, host, now);
    write_private_file(files.private_key, to_pem(server.key.get()));
    write_private_file(files.certificate_chain, to_pem(server.certificate.get()) + to_pem(ca.certificate.get()));
  }
  return files;
}

}  // namespace batchai::server

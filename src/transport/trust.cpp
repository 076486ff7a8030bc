#include "transport/trust.hpp"

#include "batchai/core/error.hpp"
#include "transport/context_data.hpp"
#include "transport/native_address.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace batchai::inline v1 {
namespace {

/// Sets the host that OpenSSL has to expect. Returns 1 if that worked.
int expect_host(X509_STORE_CTX* chain, const std::string& host) {
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(chain);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return is_ip_address(host) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str())
                             : X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size());
}

/// OpenSSL's check, with the host in it. The callback that cpprestsdk has set for that is left out: it knows no IPv6
/// addresses.
int verify(X509_STORE_CTX* chain, void* distrust_of_connection) {
  auto& distrust = *static_cast<Distrust*>(distrust_of_connection);
  X509_STORE_CTX_set_verify_cb(chain, [](int good, X509_STORE_CTX*) { return good; });
  const int trusted = expect_host(chain, distrust.host()) == 1 ? X509_verify_cert(chain) : 0;
  if (trusted <= 0) {
    const int error = X509_STORE_CTX_get_error(chain);
    const bool other_host =
        error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH || error == X509_V_OK;
    distrust.note(other_host ? "it is not made out to this host" : X509_verify_cert_error_string(error));
  }
  return trusted;
}

/// Whether it is a folder in which X509_LOOKUP_hash_dir(3) finds something: files as `5ed36f99.0`.
bool holds_hashed_certificates(const std::string& folder) {
  std::error_code none;
  const auto entries = std::filesystem::directory_iterator(folder, none);
  return !none && std::any_of(begin(entries), end(entries), [](const std::filesystem::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    return name.size() > 9 && name[8] == '.' && name.find_first_not_of("0123456789abcdef") == 8 &&
           name.find_first_not_of("0123456789", 9) == std::string::npos;
  });
}

}  // namespace

void Distrust::note(std::string reason) {
  const std::scoped_lock lock(mutex_);
  reason_ = std::move(reason);
}

std::string Distrust::reason() const {
  const std::scoped_lock lock(mutex_);
  return reason_;
}

void report_distrust(SSL_CTX* context, std::shared_ptr<Distrust> distrust) {
  if (Distrust* const seen = ContextData<Distrust>::attach(context, std::move(distrust))) {
    SSL_CTX_set_cert_verify_callback(context, &verify, seen);
  }
}

void leave_out_system_bundle(const std::string& ca_bundle) {
  const char* const folder = std::getenv(X509_get_default_cert_dir_env());
  const bool of_our_own = !ca_bundle.empty();
  if (of_our_own || holds_hashed_certificates(folder != nullptr ? folder : X509_get_default_cert_dir())) {
    ::setenv(X509_get_default_cert_file_env(), "/dev/null", of_our_own ? 1 : 0);
  }
}

TrustStore load_certificates(const std::string& ca_bundle) {
  TrustStore store(X509_STORE_new(), &X509_STORE_free);
  const bool by_name = holds_hashed_certificates(ca_bundle);  // then they are looked up when a peer shows one
  if ((by_name ? X509_STORE_load_path(store.get(), ca_bundle.c_str())
               : X509_STORE_load_file(store.get(), ca_bundle.c_str())) != 1) {
    ERR_clear_error();
    throw InvalidArgument("the CA bundle '" + ca_bundle +
                          "' cannot be read or holds no certificates in PEM form (BATCHAI_CA_BUNDLE, "
                          "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE)");
  }
  return store;
}

}  // namespace batchai::inline v1

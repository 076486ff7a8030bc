#include "batchai/core/transport.hpp"
#include "transport/tls_server.hpp"
#include "transport/trust.hpp"

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace batchai::test {
namespace {

/// Puts SSL_CERT_FILE and SSL_CERT_DIR back at the end.
class SystemBundle : public ::testing::Test {
 protected:
  SystemBundle() {
    for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
      if (const char* value = std::getenv(name)) {
        before_.emplace(name, value);
      }
      ::unsetenv(name);
    }
  }
  ~SystemBundle() override {
    for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
      ::unsetenv(name);
    }
    for (const auto& [name, value] : before_) {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }

  static std::string bundle() {
    const char* file = std::getenv("SSL_CERT_FILE");
    return file == nullptr ? "that of the system" : file;
  }

  /// Adds the certificate in `file` to the folder, named as OpenSSL looks for it.
  void add_hashed(const std::string& file) const {
    const std::unique_ptr<FILE, int (*)(FILE*)> stream(std::fopen(file.c_str(), "r"), &std::fclose);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(PEM_read_X509(stream.get(), nullptr, nullptr, nullptr),
                                                             &X509_free);
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(certificate.get()));
    std::filesystem::copy_file(file, folder_ / name.data());
  }

  test::TemporaryFolder folder_;

 private:
  std::map<std::string, std::string> before_;
};

TEST_F(SystemBundle, IsLeftOutWhereThereIsOneOfOurOwn) {
  leave_out_system_bundle("ca.pem");
  EXPECT_EQ(bundle(), "/dev/null");
}

TEST_F(SystemBundle, IsLeftOutWhereThereIsOneOfOurOwnAndTheUserHasNamedOneForEverything) {
  ::setenv("SSL_CERT_FILE", "/their/bundle.pem", 1);
  leave_out_system_bundle("ca.pem");
  EXPECT_EQ(bundle(), "/dev/null");
}

TEST_F(SystemBundle, IsTheOneThatTheUserHasNamed) {
  ::setenv("SSL_CERT_FILE", "/their/bundle.pem", 1);
  leave_out_system_bundle("");
  EXPECT_EQ(bundle(), "/their/bundle.pem");
}

TEST_F(SystemBundle, IsReadWhereTheFolderOfCertificatesHoldsNone) {
  ::setenv("SSL_CERT_DIR", folder_.path().c_str(), 1);
  leave_out_system_bundle("");
  EXPECT_EQ(bundle(), "that of the system");
}

TEST_F(SystemBundle, IsLeftOutWhereTheFolderOfCertificatesHasWhatAPeerNeeds) {
  const TlsServer server({.names = "IP:127.0.0.1"});
  add_hashed(server.ca_bundle());
  ::setenv("SSL_CERT_DIR", folder_.path().c_str(), 1);
  leave_out_system_bundle("");
  EXPECT_EQ(bundle(), "/dev/null");
  const auto transport = make_network_transport({});
  EXPECT_EQ(transport->send({.method = "GET", .url = Url::parse(server.url())}, {}).status, 200);
}

}  // namespace
}  // namespace batchai::test

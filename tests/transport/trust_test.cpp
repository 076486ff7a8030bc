#include "batchai/core/transport.hpp"
#include "batchai/core/transport_failure.hpp"
#include "transport/tls_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using test::Loopback;
using test::TestCertificate;
using test::TlsServer;
using ::testing::HasSubstr;

class Trust : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  /// What a client says that trusts the certificates in this file.
  static std::string refusal(const TlsServer& server, const std::string& ca_bundle) {
    try {
      make_network_transport({.ca_bundle = ca_bundle})->send({.method = "GET", .url = Url::parse(server.url())}, {});
    } catch (const UntrustedCertificate& error) {
      EXPECT_EQ(error.endpoint(), server.url());
      EXPECT_EQ(failure_of(error), TransportFailure::Tls);
      EXPECT_EQ(server.connections(), 1);
      return error.what();
    }
    return "none";
  }

  test::TemporaryFolder folder_;
};

TEST_F(Trust, ACertificateThatNobodyVouchesForIsRefusedInOpensslsWords) {
  const TlsServer server;
  const std::string other = write("other.pem", TestCertificate().certificate_pem());
  EXPECT_THAT(refusal(server, other),
              HasSubstr("the certificate of 127.0.0.1 is not trusted: self-signed certificate"));
  const TlsServer second;
  EXPECT_THAT(refusal(second, ""), HasSubstr("the certificate of 127.0.0.1 is not trusted: self-signed certificate"));
}

TEST_F(Trust, ACertificateForAnotherHostIsRefused) {
  for (const std::string names : {"", "DNS:localhost", "IP:127.0.0.2", "DNS:127.0.0.1"}) {
    const TlsServer server({.names = names});
    EXPECT_EQ(refusal(server, server.ca_bundle()),
              "the certificate of 127.0.0.1 is not trusted: it is not made out to this host")
        << names;
  }
}

TEST_F(Trust, ACertificateThatIsOverIsRefused) {
  const TlsServer server({.ends = Timestamp(std::chrono::seconds(1'000'000'000)), .names = "IP:127.0.0.1"});
  EXPECT_EQ(refusal(server, server.ca_bundle()),
            "the certificate of 127.0.0.1 is not trusted: certificate has expired");
}

TEST_F(Trust, ACertificateForTheAddressIsTrusted) {
  const TlsServer server({.names = "IP:127.0.0.1"});
  EXPECT_EQ(refusal(server, server.ca_bundle()), "none");
}

TEST_F(Trust, ACertificateForTheNameIsTrusted) {
  const TlsServer server({.names = "DNS:localhost"});
  const auto transport = make_network_transport({.ca_bundle = server.ca_bundle()});
  const std::string url = "https://localhost:" + std::to_string(Url::parse(server.url()).port());
  EXPECT_EQ(transport->send({.method = "GET", .url = Url::parse(url)}, {}).body, "hello");
}

TEST_F(Trust, AnIpv6CertificateHasToBeMadeOutToTheAddress) {
  if (!test::has_ipv6()) {
    GTEST_SKIP() << "this machine has no IPv6";
  }
  const TlsServer server({.names = "IP:::1"}, Loopback::V6);
  EXPECT_EQ(refusal(server, server.ca_bundle()), "none");
  const TlsServer other({.names = "IP:::2,DNS:localhost"}, Loopback::V6);
  EXPECT_EQ(refusal(other, other.ca_bundle()),
            "the certificate of ::1 is not trusted: it is not made out to this host");
}

TEST_F(Trust, ABundleWithoutCertificatesIsRefusedBeforeAnythingIsSent) {
  for (const std::string& bundle :
       {write("text", "root:x:0:0"), write("empty", ""), folder_.path().string(), std::string("/nowhere/ca.pem")}) {
    try {
      make_network_transport({.ca_bundle = bundle});
      ADD_FAILURE() << bundle;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), HasSubstr("the CA bundle '" + bundle + "' cannot be read or holds no certificates"));
    }
  }
}

}  // namespace
}  // namespace batchai::test

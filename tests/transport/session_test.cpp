#include "batchai/core/transport.hpp"
#include "batchai/core/transport_failure.hpp"
#include "transport/tls_server.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

/// A server of TLS whose newest version is `newest`, and what trusts it.
struct Peers {
  explicit Peers(int newest) { SSL_CTX_set_max_proto_version(server.context(), newest); }
  std::string get() const { return transport->send({.method = "GET", .url = Url::parse(server.url())}, {}).body; }

  TlsServer server{{.names = "IP:127.0.0.1"}};
  std::shared_ptr<Transport> transport = make_network_transport({.ca_bundle = server.ca_bundle()});
};

class TlsSession : public ::testing::TestWithParam<int> {};

TEST_P(TlsSession, IsResumedByTheNextConnectionToTheOrigin) {
  const Peers peers(GetParam());
  EXPECT_EQ(peers.get(), "hello");
  EXPECT_EQ(peers.server.resumed(), 0);
  EXPECT_EQ(peers.get(), "hello");
  EXPECT_EQ(peers.get(), "hello");
  EXPECT_EQ(peers.server.connections(), 3);
  EXPECT_EQ(peers.server.resumed(), 2);
}

TEST_P(TlsSession, IsNotResumedWhereOtherCertificatesAreTrusted) {
  const Peers peers(GetParam());
  EXPECT_EQ(peers.get(), "hello");
  const TlsServer other({.names = "IP:127.0.0.1"});
  const auto distrustful = make_network_transport({.ca_bundle = other.ca_bundle()});
  EXPECT_THROW(distrustful->send({.method = "GET", .url = Url::parse(peers.server.url())}, {}), UntrustedCertificate);
  EXPECT_EQ(peers.server.resumed(), 0);
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsSession, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) { return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13"; });

}  // namespace
}  // namespace batchai::test

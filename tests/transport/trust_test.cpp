#include "batchai/core/error.hpp"
#include "batchai/core/transport.hpp"
#include "support/socket_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_certificate.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace batchai {
namespace {

using signing::OpensslPointer;
using test::Peer;
using test::SocketServer;
using test::TestCertificate;
using ::testing::HasSubstr;

/// A server that shows a certificate of its own making.
class Trust : public ::testing::Test {
 protected:
  Trust() : context_(SSL_CTX_new(TLS_server_method())) {
    const std::string file = write("server.pem", certificate_.pem());
    SSL_CTX_use_certificate_file(context_.get(), file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_.get(), file.c_str(), SSL_FILETYPE_PEM);
  }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  /// What a client says that trusts the certificates in this file.
  std::string refusal(const std::string& ca_bundle) {
    SocketServer server([this](Peer& peer) {
      const OpensslPointer<SSL, SSL_free> connection(SSL_new(context_.get()));
      SSL_set_fd(connection.get(), peer.descriptor());
      SSL_accept(connection.get());
    });
    const std::string url = "https" + server.url().substr(std::string("http").size());
    try {
      make_network_transport({.ca_bundle = ca_bundle})->send({.method = "GET", .url = Url::parse(url)}, {});
    } catch (const UntrustedCertificate& error) {
      EXPECT_EQ(error.endpoint(), url);
      EXPECT_EQ(server.connections(), 1);
      return error.what();
    }
    return "none";
  }

  test::TemporaryFolder folder_;
  TestCertificate certificate_;
  OpensslPointer<SSL_CTX, SSL_CTX_free> context_;
};

TEST_F(Trust, ACertificateThatNobodyVouchesForIsRefusedInOpensslsWords) {
  const std::string other = write("other.pem", TestCertificate().certificate_pem());
  EXPECT_THAT(refusal(other), HasSubstr("the certificate of 127.0.0.1 is not trusted: self-signed certificate"));
  EXPECT_THAT(refusal(""), HasSubstr("the certificate of 127.0.0.1 is not trusted: self-signed certificate"));
}

TEST_F(Trust, ACertificateForAnotherHostIsRefused) {
  const std::string own = write("own.pem", certificate_.certificate_pem());
  EXPECT_EQ(refusal(own), "the certificate of 127.0.0.1 is not trusted: it is not made out to this host");
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
}  // namespace batchai

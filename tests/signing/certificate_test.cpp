#include "signing/certificate.hpp"

#include "batchai/core/error.hpp"
#include "signing/encoding.hpp"

#include <gtest/gtest.h>

namespace batchai::signing::test {
namespace {

/// Made for this test, with openssl: O=Example,CN=robot, issued by the next one.
constexpr const char* kLeaf = R"(-----BEGIN CERTIFICATE-----
MIICzDCCAbQCFB0XS+D6juYhSTro/sqreWRrCsp/MA0GCSqGSIb3DQEBCwUAMCEx
EDAOBgNVBAoMB0V4YW1wbGUxDTALBgNVBAMMBHJvb3QwIBcNMjYxMTIzMjMzMTA2
WhgPMjEyNjEwMzAyMzMxMDZaMCIxEDAOBgNVBAoMB0V4YW1wbGUxDjAMBgNVBAMM
BXJvYm90MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA5d4LA+YzvAGx
B8FY+skBugk6LSOHqf1CWLWGYSUq+mAOtNCfS3RKNjn2vAqzIL2pHQAf3D3Ygwyb
PZoa6ZOTOA6P+1O0cXGKbpnFETSchUoPavZCHvh7J84T/BbMxtQ2Wwqa2EmxFl+t
nG9/zlI7sUNiU1a27d1jmLWMZyEksi1qZatxjOZHPCz8R/h+ROKOIEmHJwbfyZTt
zJSan3+4qgWp6MYt7g5tW+BPEPsemGq9+Qv9xifqggBuwsBKoIXUXLh3RYLR+WnE
42vGjGN8wof2miIDwcF7JlPF9L89/V0EV3Ot5L4zdIPCB94xQAa7yrFzg/qA02ae
0oe39dyF/wIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQC8hTgzEn2jbkgxjIZVDmGt
p6FC04rFYWCeU8hSA8S+3zoYgJfEQe7iNew6PJm+KonWmVWY6ZLBMxOxKqEzPXWG
QFO/WfR9Gp6TiYXwHIDKstyVNquyPo/gzLD0S0A8hJjEr9cEgkSlWqrY90UYHrnn
iASXoMavytgaMctPTOu1MNEhl17AHKH29T+qh7Ar6OcI1W26aCl+mzkhVlhmktJT
TpynpvABZeZKTQAEYBrS6GQLxtoe0VnxS7lyaOKqhZ/CYyvgG+kI+76kIwOI/a78
+WbJuTDZm820gH9PO6Ecv7eL3vcxTW1A/QEsjjmCn/OHFykvFKUzNWFhRSux+rhk
-----END CERTIFICATE-----
)";

constexpr const char* kRoot = R"(-----BEGIN CERTIFICATE-----
MIIDJTCCAg2gAwIBAgIUMiIANToWGsUiMfme8o04igJcbLYwDQYJKoZIhvcNAQEL
BQAwITEQMA4GA1UECgwHRXhhbXBsZTENMAsGA1UEAwwEcm9vdDAgFw0yNjExMjMy
MzMxMDZaGA8yMTI2MTAzMDIzMzEwNlowITEQMA4GA1UECgwHRXhhbXBsZTENMAsG
A1UEAwwEcm9vdDCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBANEBYfXS
h56UPNvipMHS42UJs+9JOdjpR2SGncyecTYOQY/kIO60OzexO9woQaZot3BLePTy
VvbyvJVX2bldv8sy8ttq3Ieq1F1z2OrqxzpRGTTeoFtoxUPoEY+p4BjOHe3SSmKD
fz45rsFMxwmUMRneK5W6CGsRrGouca1azdjUHoA7cU/PLvXYepbCVVs+MdeBkq7C
9pgZgz3DOTwA0+KBhzAWBbofPF3ookJGWp0xMfIhNRKaZxGm/t4IooEoxeVKrFAO
bYjydJQD7IETd9bzJCs1ifKXUpb6121BTCGizUh2Q+2UV/zw2uD+f9mPi9b2pBBq
mx+N6dc8FFEPSc0CAwEAAaNTMFEwHQYDVR0OBBYEFBZ70HIhc00NtfDChjDQT54M
YSBIMB8GA1UdIwQYMBaAFBZ70HIhc00NtfDChjDQT54MYSBIMA8GA1UdEwEB/wQF
MAMBAf8wDQYJKoZIhvcNAQELBQADggEBAAYtvy0Ag0tX1Zv75YFNXgugO7vcbir5
FPFNLTcfJU0Q1dsFiTSJcoCzFfNNYpXYFn/UOTk0ubh+o92Vr5mEiZFTXXWeV/+r
jdXoM4VRn1ckLxEJEud0dxA7VCvKXYRiDpqR9/2R1QrBp+DnWMaKY1lcnHBwVcfG
LzfBPJqmyf+NCjCjPaPChw5xYQSz7GfKe0LIljkuHtkYtSPqdNX7nRgSu50+Juty
YmHxRtT/3nOE/bJVCd2gjFOr23BStY6dy0EnlD5Zm4jEllZBhtEtPzUWWIZ3RXdI
SMKuEqAqMV55Ihr7ENApKep/AN+Bu92y8crRR0esZnuSZTBJU9tCLlU=
-----END CERTIFICATE-----
)";

TEST(Certificate, KnowsItsThumbprintsAndSubject) {
  const Certificate leaf = Certificate::all_from_pem(kLeaf).front();
  EXPECT_EQ(hex_encode(leaf.sha1_thumbprint()), "423b361019bdbf4464cebf80759d80076c5bf687");
  EXPECT_EQ(hex_encode(leaf.sha256_thumbprint()), "6ea4082bd77e7880aead1dd6c1b7760d502cb802c8835e3ff542b26bc969c4f3");
  EXPECT_EQ(leaf.subject(), "CN=robot,O=Example");
}

TEST(Certificate, ReadsAllBlocksOfAChainAndTheDerForm) {
  const auto chain = Certificate::all_from_pem(std::string(kLeaf) + kRoot);
  ASSERT_EQ(chain.size(), 2U);
  EXPECT_EQ(chain[1].subject(), "CN=root,O=Example");
  EXPECT_EQ(Certificate::from_der(chain[0].der()).sha1_thumbprint(), chain[0].sha1_thumbprint());
}

TEST(Certificate, ChecksItsIssuer) {
  const Certificate leaf = Certificate::all_from_pem(kLeaf).front();
  const Certificate root = Certificate::all_from_pem(kRoot).front();
  EXPECT_TRUE(leaf.issued_by(root));
  EXPECT_TRUE(root.issued_by(root));
  EXPECT_FALSE(root.issued_by(leaf));
  EXPECT_FALSE(leaf.issued_by(leaf));
}

TEST(Certificate, IsValidBetweenItsTwoDates) {
  const Certificate leaf = Certificate::all_from_pem(kLeaf).front();
  EXPECT_FALSE(leaf.valid_at(parse_iso8601("2020-01-01T00:00:00Z").value()));
  EXPECT_TRUE(leaf.valid_at(parse_iso8601("2050-01-01T00:00:00Z").value()));
  EXPECT_FALSE(leaf.valid_at(parse_iso8601("2200-01-01T00:00:00Z").value()));
}

TEST(Certificate, HoldsAnRsaKey) {
  EXPECT_EQ(Certificate::all_from_pem(kLeaf).front().public_key().numbers().e, "AQAB");
}

TEST(Certificate, RefusesBrokenText) {
  EXPECT_THROW(Certificate::all_from_pem("x"), InvalidArgument);
  EXPECT_THROW(Certificate::from_der("x"), InvalidArgument);
}

}  // namespace
}  // namespace batchai::signing::test

#include "signing/sas.hpp"

#include "batchai/core/url.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::signing::test {
namespace {

const Secret kKey("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==");
const std::array<Secret, 1> kKeys = {kKey};
const char* const kStart = "2024-01-01T00:00:00Z";
const char* const kEnd = "2024-01-02T00:00:00Z";
const SasTarget kFile{"acct1", "share1", "dir a/fé.txt"};
const SasTarget kShare{"acct1", "share1"};

SasToken token_from_query(const std::string& query) {
  return SasToken::parse(Url::parse("http://h/?" + query).query_parameters()).value();
}

TEST(FileSas, MatchesTheWorkedExampleOfAFile) {
  const SasToken token = sign_service_sas({.version = "2018-11-09",
                                           .resource = "f",
                                           .permissions = "r",
                                           .start = kStart,
                                           .expiry = kEnd,
                                           .protocols = "https,http"},
                                          SasService::File, kFile, kKey);
  EXPECT_EQ(service_sas_string_to_sign(token, SasService::File, kFile),
            "r\n2024-01-01T00:00:00Z\n2024-01-02T00:00:00Z\n/file/acct1/share1/dir a/fé.txt\n\n\nhttps,http\n"
            "2018-11-09\n\n\n\n\n");
  EXPECT_EQ(token.signature, "uEnJF/mK3ycfHFmoeuf3rnpiWNsu4SIfyancwPZZNTY=");
}

TEST(FileSas, MatchesTheWorkedExampleOfALaterVersion) {
  const SasToken token = sign_service_sas({.version = "2021-12-02",
                                           .resource = "f",
                                           .permissions = "r",
                                           .start = kStart,
                                           .expiry = kEnd,
                                           .protocols = "https,http"},
                                          SasService::File, kFile, kKey);
  EXPECT_EQ(token.signature, "FF6IebDqyPqT6v16nR9v8EPoovffvZEJPf6ixDce8go=");
}

TEST(FileSas, MatchesTheWorkedExampleOfAShareWithAddressesAndDisposition) {
  const SasToken token = sign_service_sas({.version = "2018-11-09",
                                           .resource = "s",
                                           .permissions = "rcwdl",
                                           .expiry = kEnd,
                                           .ip_range = "127.0.0.1-127.0.0.9",
                                           .content_disposition = "attachment; filename=x.txt"},
                                          SasService::File, kShare, kKey);
  EXPECT_EQ(service_sas_string_to_sign(token, SasService::File, kShare),
            "rcwdl\n\n2024-01-02T00:00:00Z\n/file/acct1/share1\n\n127.0.0.1-127.0.0.9\n\n2018-11-09\n\n"
            "attachment; filename=x.txt\n\n\n");
  EXPECT_EQ(token.signature, "4jiIn7IRoS1V3SmJX1Hcq96ArQMF9TUi9cLyjqFc1VE=");
}

TEST(FileSas, MatchesTheWorkedExampleOfAStoredPolicy) {
  const SasToken token = sign_service_sas({.version = "2018-11-09", .resource = "s", .identifier = "pol1"},
                                          SasService::File, kShare, kKey);
  EXPECT_EQ(token.signature, "Pc4jWzGVnLpCHOtdjqXBoe9IC1XWvDzkkks+OieL7QI=");
}

TEST(AccountSas, MatchesTheWorkedExamplesOfBothForms) {
  SasToken token{.version = "2018-11-09",
                 .services = "f",
                 .resource_types = "sco",
                 .permissions = "rwdlac",
                 .start = kStart,
                 .expiry = kEnd,
                 .ip_range = "127.0.0.1",
                 .protocols = "https"};
  EXPECT_EQ(sign_account_sas(token, "acct1", kKey).signature, "JmzB+pFUwtt1QjvB8hXKL3mV96/9b8PyfsTakkosLog=");
  token.version = "2021-12-02";
  EXPECT_EQ(sign_account_sas(token, "acct1", kKey).signature, "q3Wgb5EwcnT84y9lRx+1duHandOpGGdM+7doUAYsDA8=");
}

struct BlobExample {
  const char* version;
  const char* resource;
  const char* permissions;
  const char* protocols;
  const char* path;
  const char* signature;
};

TEST(BlobSas, MatchesEveryWorkedExample) {
  const std::array<BlobExample, 4> examples = {
      {{"2018-11-09", "b", "r", "", "dir a/b.txt", "oF3O2NwFqyvWxUZjykMnpat63bYz4nPAKeUwI1P8mhg="},
       {"2018-11-09", "c", "rl", "https", "", "orK1HGjIC3PhaXNP7IVL9pzxd/rr6e7pABLJgu/RsLs="},
       {"2021-12-02", "b", "r", "", "dir a/b.txt", "C8FwmBgo9tf0/KZxmVo3MpD8R6CPSBQQOhXYq8805HI="},
       {"2021-12-02", "c", "rl", "https", "", "hJsFgUBaxMvAguaCOfETuIRuyI5fiJivDmVhHt4I0nk="}}};
  for (const BlobExample& e : examples) {
    const SasToken token = sign_service_sas({.version = e.version,
                                             .resource = e.resource,
                                             .permissions = e.permissions,
                                             .expiry = kEnd,
                                             .protocols = e.protocols},
                                            SasService::Blob, {"acct1", "cont1", e.path}, kKey);
    EXPECT_EQ(token.signature, e.signature) << e.version << e.resource;
  }
}

TEST(SasToken, VerifiesTheQueryOfAWorkedExample) {
  const SasToken token = token_from_query(
      "st=2024-01-01T00%3A00%3A00Z&se=2024-01-02T00%3A00%3A00Z&sp=r&spr=https%2Chttp&sv=2018-11-09&sr=f"
      "&sig=uEnJF/mK3ycfHFmoeuf3rnpiWNsu4SIfyancwPZZNTY%3D");
  EXPECT_FALSE(token.is_account_sas());
  EXPECT_TRUE(verify_service_sas(token, SasService::File, kFile, kKeys));
  EXPECT_FALSE(verify_service_sas(token, SasService::File, kShare, kKeys));
  EXPECT_FALSE(verify_service_sas(token, SasService::Blob, kFile, kKeys));
}

TEST(SasToken, AcceptsASignatureWithAnUnescapedPlus) {
  const SasToken token =
      token_from_query("sv=2018-11-09&si=pol1&sr=s&sig=Pc4jWzGVnLpCHOtdjqXBoe9IC1XWvDzkkks+OieL7QI=");
  EXPECT_TRUE(verify_service_sas(token, SasService::File, kShare, kKeys));
}

TEST(SasToken, RefusesAChangedPermission) {
  SasToken token =
      sign_service_sas({.resource = "s", .permissions = "r", .expiry = kEnd}, SasService::File, kShare, kKey);
  token.permissions = "rw";
  EXPECT_FALSE(verify_service_sas(token, SasService::File, kShare, kKeys));
}

TEST(SasToken, SurvivesTheWayThroughAQuery) {
  const SasToken token = sign_account_sas({.version = "2021-12-02",
                                           .services = "bf",
                                           .resource_types = "sco",
                                           .permissions = "rl",
                                           .expiry = kEnd,
                                           .content_disposition = "a; b=\"c+d & e\""},
                                          "acct1", kKey);
  const SasToken read = token_from_query("comp=list&" + token.to_query());
  EXPECT_TRUE(read.is_account_sas());
  EXPECT_EQ(read.content_disposition, token.content_disposition);
  EXPECT_TRUE(verify_account_sas(read, "acct1", kKeys));
  EXPECT_FALSE(verify_account_sas(read, "acct2", kKeys));
}

TEST(SasToken, LeavesOutAddressesForTheOldestVersion) {
  EXPECT_EQ(service_sas_string_to_sign({.version = "2015-02-21", .permissions = "r", .ip_range = "1.2.3.4"},
                                       SasService::File, kShare),
            "r\n\n\n/file/acct1/share1\n\n2015-02-21\n\n\n\n\n");
}

TEST(SasToken, HasAddressesAndEncryptionScopesFromTheVersionsThatBroughtThem) {
  EXPECT_EQ(service_sas_string_to_sign({.version = "2015-04-05", .permissions = "r", .ip_range = "1.2.3.4"},
                                       SasService::File, kShare),
            "r\n\n\n/file/acct1/share1\n\n1.2.3.4\n\n2015-04-05\n\n\n\n\n");
  SasToken token{.version = "2020-12-06", .services = "f", .resource_types = "s", .permissions = "r"};
  token.encryption_scope = "scope";
  EXPECT_EQ(account_sas_string_to_sign(token, "acct1"), "acct1\nr\nf\ns\n\n\n\n\n2020-12-06\nscope\n");
  token.version = "2020-12-05";
  EXPECT_EQ(account_sas_string_to_sign(token, "acct1"), "acct1\nr\nf\ns\n\n\n\n\n2020-12-05\n");
}

TEST(SasToken, NeedsASignature) { EXPECT_FALSE(SasToken::parse({{"sv", "2018-11-09"}, {"sp", "r"}})); }

TEST(SasTime, TakesAllFormsOfTheClients) {
  const auto midnight = parse_sas_time("2024-01-02T00:00:00Z");
  ASSERT_TRUE(midnight);
  EXPECT_EQ(parse_sas_time("2024-01-02"), midnight);
  EXPECT_EQ(parse_sas_time("2024-01-02T00:00Z"), midnight);
  EXPECT_EQ(parse_sas_time("2024-01-02T00:00:00.0000000Z"), midnight);
  EXPECT_EQ(parse_sas_time("2024-01-02T02:00:00+02:00"), midnight);
  EXPECT_FALSE(parse_sas_time("tomorrow"));
  EXPECT_FALSE(parse_sas_time(""));
}

}  // namespace
}  // namespace batchai::signing::test

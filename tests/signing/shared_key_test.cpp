#include "signing/shared_key.hpp"

#include "batchai/core/error.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::signing::test {
namespace {

const Secret kKey("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==");
const Secret kOtherKey("b3RoZXI=");
const char* const kDate = "Mon, 01 Jan 2024 00:00:00 GMT";
const std::string kClientId =
    "x-ms-client-request-id:11111111-1111-1111-1111-111111111111\nx-ms-date:Mon, 01 Jan 2024 00:00:00 GMT";

/// Requests and signatures that real clients have made for account acct1.
struct Example {
  const char* name;
  const char* method;
  const char* path;
  const char* query;
  Headers headers;
  std::string string_to_sign;
  const char* signature;
};

Headers with_common(const char* version, Headers headers) {
  headers.add("x-ms-client-request-id", "11111111-1111-1111-1111-111111111111");
  headers.add("x-ms-date", kDate);
  headers.add("x-ms-version", version);
  return headers;
}

std::vector<Example> worked_examples() {
  return {
      {"A", "GET", "/acct1/share1/dir%20a", "restype=directory&comp=list&prefix=f+%C3%A9&maxresults=10",
       with_common("2018-11-09", {}),
       "GET\n\n\n\n\n\n\n\n\n\n\n\n" + kClientId +
           "\nx-ms-version:2018-11-09\n/acct1/acct1/share1/dir%20a\ncomp:list\nmaxresults:10\nprefix:f "
           "é\nrestype:directory",
       "sA4PVCyA6AU1K/gZJhDMeSc/JNHjwmAvhCrwQKrR0aM="},
      {"B", "PUT", "/acct1/share1/dir%20a/f%C3%A9.txt", "",
       with_common("2018-11-09", {{"Content-Length", "0"},
                                  {"x-ms-content-length", "11"},
                                  {"x-ms-type", "file"},
                                  {"x-ms-meta-Owner", " team a "}}),
       "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-client-request-id:11111111-1111-1111-1111-111111111111\nx-ms-content-length:11"
       "\nx-ms-date:Mon, 01 Jan 2024 00:00:00 GMT\nx-ms-meta-owner:team a\nx-ms-type:file\nx-ms-version:2018-11-09\n"
       "/acct1/acct1/share1/dir%20a/f%C3%A9.txt",
       "qsfOBZywIMf3wuVFW4PfZSHtUv1nN+xFKi3bcjvIFhk="},
      {"C", "PUT", "/acct1/share1/dir%20a/f%C3%A9.txt", "comp=range",
       with_common("2018-11-09", {{"Content-Length", "11"},
                                  {"Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="},
                                  {"x-ms-range", "bytes=0-10"},
                                  {"x-ms-write", "update"}}),
       "PUT\n\n\n11\nXrY7u+Ae7tCTyyK7j1rNww==\n\n\n\n\n\n\n\n" + kClientId +
           "\nx-ms-range:bytes=0-10\nx-ms-version:2018-11-09\nx-ms-write:update\n"
           "/acct1/acct1/share1/dir%20a/f%C3%A9.txt\ncomp:range",
       "QCCu8XkQ32nw3PrOBN+1neSGpWVFwRWJIENjendYBgA="},
      {"D", "GET", "/share1", "restype=share", with_common("2018-11-09", {}),
       "GET\n\n\n\n\n\n\n\n\n\n\n\n" + kClientId + "\nx-ms-version:2018-11-09\n/acct1/share1\nrestype:share",
       "zwQi/m9fV9YOB9/le3/fUUa+cPhv+qjXYllPOyWoN0Q="},
      {"E", "GET", "/acct1/share1/dir%20a%2Fb",
       "restype=directory&comp=list&prefix=f%20%C3%A9&include=timestamps,Etag&marker=",
       with_common("2021-12-02", {{"x-ms-file-extended-info", "true"}}),
       "GET\n\n\n\n\n\n\n\n\n\n\n\n" + kClientId +
           "\nx-ms-file-extended-info:true\nx-ms-version:2021-12-02\n/acct1/acct1/share1/dir%20a%2Fb\ncomp:list\n"
           "include:timestamps,Etag\nmarker:\nprefix:f é\nrestype:directory",
       "qPHrvm1le6Bru7pYXSYGhfRnuGEAvnrF4rAM3NPYY88="},
      {"F", "PUT", "/share1/log.txt", "comp=range",
       with_common("2021-12-02", {{"Content-Length", "11"},
                                  {"Content-Type", "application/octet-stream"},
                                  {"x-ms-range", "bytes=0-10"},
                                  {"x-ms-write", "update"}}),
       "PUT\n\n\n11\n\napplication/octet-stream\n\n\n\n\n\n\n" + kClientId +
           "\nx-ms-range:bytes=0-10\nx-ms-version:2021-12-02\nx-ms-write:update\n/acct1/share1/log.txt\ncomp:range",
       "lu2Vpcck7EK1EWaXQHvTSvCkWPngGinNz5cMqn7Fx0g="},
      {"G", "GET", "/share1/log.txt", "",
       with_common("2021-12-02", {{"x-ms-range", "bytes=0-10"}, {"If-None-Match", "\"0x8DC0A5B6C7D8E9F\""}}),
       "GET\n\n\n\n\n\n\n\n\n\"0x8DC0A5B6C7D8E9F\"\n\n\n" + kClientId +
           "\nx-ms-range:bytes=0-10\nx-ms-version:2021-12-02\n/acct1/share1/log.txt",
       "eXlwnecs4cnRzjCtMxbUYCWQI96zJE5ujNMJQIzZ3UI="}};
}

SignedParts parts_of(const Example& example) { return {example.method, example.path, example.query, example.headers}; }

TEST(SharedKey, BuildsTheStringToSignOfEveryWorkedExample) {
  for (const Example& example : worked_examples()) {
    EXPECT_EQ(shared_key_string_to_sign(parts_of(example), "acct1"), example.string_to_sign) << example.name;
  }
}

TEST(SharedKey, SignsEveryWorkedExample) {
  for (const Example& example : worked_examples()) {
    EXPECT_EQ(shared_key_signature(example.string_to_sign, kKey), example.signature) << example.name;
  }
}

TEST(SharedKey, AcceptsEveryWorkedExampleUnderEitherAccountKey) {
  const std::array<Secret, 2> keys = {kOtherKey, kKey};
  for (const Example& example : worked_examples()) {
    const auto authorization = parse_shared_key_authorization("SharedKey acct1:" + std::string(example.signature));
    ASSERT_TRUE(authorization);
    EXPECT_TRUE(verify_shared_key(parts_of(example), *authorization, keys)) << example.name;
    EXPECT_FALSE(verify_shared_key(parts_of(example), *authorization, std::span(keys).first(1))) << example.name;
  }
}

TEST(SharedKey, RefusesARequestThatWasChangedAfterSigning) {
  for (const Example& example : worked_examples()) {
    const SharedKeyAuthorization authorization{false, "acct1", example.signature};
    SignedParts other_method = parts_of(example);
    other_method.method = "DELETE";
    EXPECT_FALSE(verify_shared_key(other_method, authorization, std::array{kKey})) << example.name;
    SignedParts other_path = parts_of(example);
    other_path.path = "/acct1/share2";
    EXPECT_FALSE(verify_shared_key(other_path, authorization, std::array{kKey})) << example.name;
  }
}

TEST(SharedKey, VerifiesWhatTheClientSigns) {
  HttpRequest request{"PUT", Url::parse("http://127.0.0.1:1/acct1/s/a%26b?comp=range&x=a+b&y=a%2Bb"), {}, "hello"};
  request.headers.set("x-ms-version", "2021-06-08");
  sign_with_shared_key(request, "acct1", kKey, *parse_http_date(kDate));
  EXPECT_EQ(request.headers.get("x-ms-date"), kDate);
  const auto authorization = parse_shared_key_authorization(request.headers.get("Authorization"));
  ASSERT_TRUE(authorization);
  request.headers.set("Content-Length", "5");
  const SignedParts received{request.method, request.url.path(), request.url.query(), request.headers};
  EXPECT_TRUE(verify_shared_key(received, *authorization, std::array{kKey}));
}

TEST(SharedKey, AcceptsBothHeaderOrders) {
  const Headers headers = {{"x-ms-meta-a1", "1"}, {"x-ms-meta-a_", "2"}, {"x-ms-date", kDate}};
  const SignedParts parts{"GET", "/acct1/s", "", headers};
  const std::string by_culture = shared_key_string_to_sign(parts, "acct1", {.culture_order = true});
  const std::string by_bytes = shared_key_string_to_sign(parts, "acct1", {.culture_order = false});
  EXPECT_THAT(by_culture, testing::HasSubstr("x-ms-meta-a_:2\nx-ms-meta-a1:1\n"));
  EXPECT_THAT(by_bytes, testing::HasSubstr("x-ms-meta-a1:1\nx-ms-meta-a_:2\n"));
  for (const auto& text : {by_culture, by_bytes}) {
    const SharedKeyAuthorization authorization{false, "acct1", shared_key_signature(text, kKey)};
    EXPECT_TRUE(verify_shared_key(parts, authorization, std::array{kKey}));
  }
}

TEST(SharedKey, AcceptsALiteralPlusInAQuery) {
  const Headers headers = {{"x-ms-date", kDate}};
  const SignedParts parts{"GET", "/acct1/s", "prefix=a+b", headers};
  const std::string text = shared_key_string_to_sign(parts, "acct1", {.plus_is_blank = false});
  EXPECT_THAT(text, testing::EndsWith("\nprefix:a+b"));
  EXPECT_TRUE(verify_shared_key(parts, {false, "acct1", shared_key_signature(text, kKey)}, std::array{kKey}));
}

TEST(SharedKey, AcceptsContentLanguageBeforeContentEncoding) {
  const Headers headers = {{"x-ms-date", kDate}, {"Content-Encoding", "gzip"}, {"Content-Language", "de"}};
  const SignedParts parts{"PUT", "/acct1/s", "", headers};
  const std::string text = shared_key_string_to_sign(parts, "acct1", {.language_first = true});
  EXPECT_THAT(text, testing::StartsWith("PUT\nde\ngzip\n"));
  EXPECT_TRUE(verify_shared_key(parts, {false, "acct1", shared_key_signature(text, kKey)}, std::array{kKey}));
}

TEST(SharedKey, JoinsRepeatedQueryParametersInOrder) {
  const Headers headers = {{"x-ms-date", kDate}};
  const SignedParts parts{"GET", "/acct1/s", "B=2&a=z&A=y&b", headers};
  EXPECT_THAT(shared_key_string_to_sign(parts, "acct1"), testing::EndsWith("/acct1/acct1/s\na:y,z\nb:,2"));
}

TEST(SharedKey, SignsTheDateHeaderOnlyWithoutXMsDate) {
  const Headers headers = {{"Date", kDate}};
  const SignedParts parts{"GET", "/", "", headers};
  EXPECT_THAT(shared_key_string_to_sign(parts, "acct1"), testing::HasSubstr(std::string("\n") + kDate + "\n"));
}

TEST(SharedKey, VerifiesTheLiteForm) {
  const Headers headers = {{"x-ms-date", kDate}, {"Content-Type", "text/plain"}};
  const SignedParts parts{"GET", "/acct1/s", "restype=directory&comp=list", headers};
  const std::string text = shared_key_lite_string_to_sign(parts, "acct1");
  EXPECT_EQ(text, "GET\n\ntext/plain\n\nx-ms-date:Mon, 01 Jan 2024 00:00:00 GMT\n/acct1/acct1/s?comp=list");
  const auto authorization = parse_shared_key_authorization("SharedKeyLite acct1:" + shared_key_signature(text, kKey));
  ASSERT_TRUE(authorization);
  EXPECT_TRUE(authorization->lite);
  EXPECT_TRUE(verify_shared_key(parts, *authorization, std::array{kKey}));
}

TEST(SharedKey, RefusesABrokenAuthorizationHeader) {
  for (const char* value : {"", "Bearer x", "SharedKey", "SharedKey acct1", "SharedKey :x", "SharedKey acct1:"}) {
    EXPECT_FALSE(parse_shared_key_authorization(value)) << value;
  }
}

TEST(SharedKey, RefusesAKeyThatIsNotBase64WithoutShowingIt) {
  try {
    shared_key_signature("text", Secret("not base64!"));
    FAIL() << "no exception";
  } catch (const InvalidArgument& error) {
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("not base64!")));
  }
}

TEST(SharedKey, RefusesAnEmptyKey) { EXPECT_THROW(shared_key_signature("text", Secret("")), InvalidArgument); }

TEST(CultureOrder, IgnoresHyphensUnlessNothingElseDiffers) {
  EXPECT_TRUE(culture_less("x-ms-a_", "x-ms-a1"));
  EXPECT_TRUE(culture_less("x-ms-ab_c", "x-ms-abc"));
  EXPECT_TRUE(culture_less("x-ms-abc", "x-ms-a-bd"));
  EXPECT_TRUE(culture_less("x-ms-abc", "x-ms-a-bc"));
  EXPECT_FALSE(culture_less("x-ms-a-bc", "x-ms-abc"));
  EXPECT_FALSE(culture_less("x-ms-abc", "x-ms-abc"));
  EXPECT_TRUE(culture_less("x-ms-ab", "x-ms-abc"));
}

}  // namespace
}  // namespace batchai::signing::test

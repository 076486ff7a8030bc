#include "core/utf8.hpp"
#include "server/files/api_fixture.hpp"
#include "server/files/http/carried_text.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

namespace batchai::server::files::test {
namespace {

/// Bytes that are not UTF-8, characters that XML cannot carry, and ends of lines, wherever a request may have them.
class OddBytesTest : public FaceTest {
 protected:
  OddBytesTest() {
    send("PUT", "/acct1/share1/d?restype=directory");
    create_file_with("f", "hello");
  }

  /// A refusal, or a success, that a strict reader of XML and HTTP takes.
  static void expect_sound(const Response& response, const std::string& what) {
    EXPECT_LT(response.status, 500) << what;
    for (const auto& [name, value] : response.headers) {
      EXPECT_TRUE(is_header_text(value)) << what << ": " << name;
    }
    if (response.headers.get("Content-Type") == "application/xml") {
      EXPECT_EQ(as_xml_text(response.body), response.body) << what;
      EXPECT_TRUE(pugi::xml_document().load_buffer(response.body.data(), response.body.size())) << what;
    }
  }

  const std::vector<std::string> odd_ = {"\xff",
                                         "a\xff\xfe"
                                         "b",
                                         "\xed\xa0\x80",
                                         "\xef\xbf\xbe",
                                         "\xef\xbf\xbf",
                                         "\x01",
                                         "\x7f",
                                         "\xc3",
                                         "a\r\nb",
                                         "\xe2\x80\xae",
                                         "\xf4\x90\x80\x80"};
};

TEST_F(OddBytesTest, InABodyAreRefused) {
  for (const std::string& odd : odd_) {
    const Response policies =
        send("PUT", "/acct1/share1?restype=share&comp=acl", {},
             "<SignedIdentifiers><SignedIdentifier><Id>" + odd + "</Id></SignedIdentifier></SignedIdentifiers>");
    expect_sound(policies, "policies");
    expect_sound(send("GET", "/acct1/share1?restype=share&comp=acl"), "policies");
    const Response settings = send("PUT", "/acct1/?restype=service&comp=properties", {},
                                   "<StorageServiceProperties><Cors><CorsRule><AllowedOrigins>" + odd +
                                       "</AllowedOrigins></CorsRule></Cors></StorageServiceProperties>");
    expect_sound(settings, "settings");
    expect_sound(send("GET", "/acct1/?restype=service&comp=properties"), "settings");
    expect_sound(
        send("PUT", "/acct1/share1?restype=share&comp=filepermission", {}, "{\"permission\":\"O:" + odd + "\"}"),
        "permission");
    if (!is_xml_content(odd)) {
      EXPECT_EQ(policies.status, 400);
      EXPECT_EQ(code_of(policies), "InvalidXmlDocument");
      EXPECT_EQ(code_of(settings), "InvalidXmlDocument");
    }
  }
  EXPECT_EQ(send("GET", "/acct1/share1?restype=share").status, 200);
}

TEST_F(OddBytesTest, InACharacterReferenceAreRefused) {
  for (const char* reference : {"&#1;", "&#xfffe;", "&#xd800;", "&#0;", "&#x110000;"}) {
    const std::string text = std::string("<SignedIdentifiers><SignedIdentifier><Id>") + reference +
                             "</Id></SignedIdentifier></SignedIdentifiers>";
    expect_sound(send("PUT", "/acct1/share1?restype=share&comp=acl", {}, text), reference);
    expect_sound(send("GET", "/acct1/share1?restype=share&comp=acl"), reference);
    expect_sound(send("PUT", "/acct1/?restype=service&comp=properties", {},
                      std::string("<StorageServiceProperties><Cors><CorsRule><AllowedOrigins>") + reference +
                          "</AllowedOrigins></CorsRule></Cors></StorageServiceProperties>"),
                 reference);
    expect_sound(send("GET", "/acct1/?restype=service&comp=properties"), reference);
  }
}

TEST_F(OddBytesTest, InAQueryAreAnsweredSoundly) {
  const std::vector<std::string> targets = {"/acct1/?comp=list",
                                            "/acct1/share1?restype=directory&comp=list",
                                            "/acct1/share1?restype=share",
                                            "/acct1/share1/f",
                                            "/acct1/share1/f?comp=rangelist",
                                            "/acct1/share1?comp=listhandles&restype=directory"};
  for (const std::string& odd : odd_) {
    for (const std::string& target : targets) {
      for (const char* name : {"prefix", "marker", "maxresults", "include", "sharesnapshot", "prevsharesnapshot",
                               "comp", "restype", "timeout", "sv", "si", "copyid"}) {
        const std::string joint = target.find('?') == std::string::npos ? "?" : "&";
        const std::string whole = target + joint + name + "=" + percent_encode(odd);
        expect_sound(send("GET", whole), whole);
      }
    }
  }
  EXPECT_THAT(send("GET", "/acct1/?comp=list&prefix=%FF").body,
              testing::HasSubstr("<Prefix Encoded=\"true\">%FF</Prefix>"));
}

TEST_F(OddBytesTest, InAHeaderAreAnsweredSoundly) {
  const std::vector<std::pair<std::string, std::string>> targets = {
      {"PUT", "/acct1/share1/new?comp=x"},
      {"PUT", "/acct1/share1/f"},
      {"PUT", "/acct1/share1/f?comp=properties"},
      {"PUT", "/acct1/share1/f?comp=metadata"},
      {"PUT", "/acct1/share1/f?comp=lease"},
      {"PUT", "/acct1/share1/f?comp=range"},
      {"PUT", "/acct1/share1/g?comp=rename"},
      {"PUT", "/acct1/share1/d?restype=directory&comp=properties"},
      {"PUT", "/acct1/share1?restype=share&comp=properties"},
      {"PUT", "/acct1/share1?restype=share&comp=lease"},
      {"GET", "/acct1/share1?restype=share&comp=filepermission"},
      {"GET", "/acct1/share1/f"},
      {"DELETE", "/acct1/nosuch?restype=share"}};
  const std::vector<std::string> names = {"x-ms-type",
                                          "x-ms-content-type",
                                          "x-ms-content-md5",
                                          "x-ms-content-length",
                                          "x-ms-copy-source",
                                          "x-ms-meta-a",
                                          "x-ms-file-attributes",
                                          "x-ms-file-creation-time",
                                          "x-ms-file-permission",
                                          "x-ms-file-permission-key",
                                          "x-ms-file-rename-source",
                                          "x-ms-lease-action",
                                          "x-ms-lease-id",
                                          "x-ms-proposed-lease-id",
                                          "x-ms-lease-duration",
                                          "x-ms-range",
                                          "Range",
                                          "x-ms-write",
                                          "If-Match",
                                          "x-ms-share-quota",
                                          "x-ms-access-tier",
                                          "x-ms-delete-snapshots",
                                          "x-ms-client-request-id",
                                          "x-ms-version",
                                          "x-ms-file-request-intent",
                                          "Content-MD5"};
  for (const char* odd : {"\xff", "\x01", "\xed\xa0\x80", "a\r\nb"}) {
    for (const auto& [method, target] : targets) {
      for (const std::string& name : names) {
        Headers headers = {{"x-ms-type", "file"},
                           {"x-ms-content-length", "5"},
                           {"x-ms-write", "update"},
                           {"x-ms-range", "bytes=0-0"},
                           {"x-ms-lease-action", "renew"}};
        headers.set(name, odd);
        expect_sound(send(method, target, std::move(headers), target.ends_with("range") ? "x" : ""),
                     name + " in " + target);
      }
      expect_sound(send(method, target, {{"Host", std::string("127.0.0.1") + odd}}), "Host");
    }
  }
  expect_sound(send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", "http://127.0.0.1/acct1/share1/f\xff"}}), "source");
  expect_sound(send("HEAD", "/acct1/share1/f"), "the file afterwards");
}

TEST_F(OddBytesTest, ThatAreUnicodeMakeNamesWhichAreListedEncoded) {
  const std::string parent = "%EF%BF%BFdirectory";
  EXPECT_EQ(send("PUT", "/acct1/share1/" + parent + "?restype=directory").status, 201);
  EXPECT_EQ(send("PUT", "/acct1/share1/" + parent + "/%EF%BF%BEsub?restype=directory").status, 201);
  create_file_with(parent + "/%EF%BF%BFfile", "data");
  const Response listing = send("GET", "/acct1/share1/" + parent + "?restype=directory&comp=list&prefix=%EF%BF%BF");
  expect_sound(listing, "listing");
  EXPECT_THAT(listing.body, testing::AllOf(testing::HasSubstr("ShareName=\"share1\" Encoded=\"true\" DirectoryPath=\"" +
                                                              parent + "\""),
                                           testing::HasSubstr("<Prefix Encoded=\"true\">%EF%BF%BF</Prefix>"),
                                           testing::HasSubstr("<File><Name Encoded=\"true\">%EF%BF%BFfile</Name>"),
                                           testing::Not(testing::HasSubstr("sub"))));
  EXPECT_THAT(send("GET", "/acct1/share1/" + parent + "?restype=directory&comp=list").body,
              testing::HasSubstr("<Directory><Name Encoded=\"true\">%EF%BF%BEsub</Name>"));
  EXPECT_EQ(get(parent + "/%EF%BF%BFfile"), "data");
}

}  // namespace
}  // namespace batchai::server::files::test

#include "server/files/api_fixture.hpp"
#include "signing/sas.hpp"

#include <gmock/gmock.h>
#include <pugixml.hpp>

namespace batchai::server::files::test {
namespace {

using batchai::files::DirectoryEntry;
using ::testing::HasSubstr;

/// Whatever a job may call what it writes: all that Linux takes.
class OddNames : public FaceTest {
 protected:
  static std::vector<std::string> names() {
    return {"ckpt.",
            "ckpt",
            "...",
            "a:b",
            "a\\b",
            "a?b",
            "a*|<>\"b",
            "a\nb",
            "a\rb",
            "\x01\x7f",
            "\xff",
            "m\xc3.txt",
            "%FF",
            "a%b",
            " ",
            "  b ",
            "a&b#",
            "AUX",
            "con",
            "\xef\xbf\xbe",
            "+",
            "~",
            "a;b=c,d",
            "a@b$c",
            "'",
            ".dot",
            "..a",
            "a..",
            std::string(255, 'n')};
  }
  std::vector<DirectoryEntry> list(const std::string& path = {}) const {
    const auto share = client().share("share1");
    return (path.empty() ? share.root() : share.directory(path)).list().to_vector();
  }
  std::string sas(const std::string& path, const std::string& permissions = "r") const {
    const signing::SasToken token{
        .resource = "f", .permissions = permissions, .expiry = format_iso8601(clock_->now() + std::chrono::hours(1))};
    return sign_service_sas(token, signing::SasService::File, {"acct1", "share1", path}, kKey).to_query();
  }
};

TEST_F(OddNames, OfFilesAreListedReadAndDeleted) {
  for (const std::string& name : names()) {
    write_as_job(name, "of " + name);
  }
  const auto entries = list();
  EXPECT_EQ(entries.size(), names().size());
  const auto share = client().share("share1");
  for (const DirectoryEntry& entry : entries) {
    const auto file = share.root().file(entry.name);
    EXPECT_EQ(file.get_range({0, 1000}).bytes, "of " + entry.name);
    EXPECT_EQ(file.get_properties().size, entry.size);
    EXPECT_EQ(read_body(send_unsigned("GET", "/acct1/share1/" + percent_encode(entry.name) + "?" + sas(entry.name))),
              "of " + entry.name);
    file.remove();
  }
  EXPECT_TRUE(list().empty());
}

TEST_F(OddNames, OfDirectoriesAreListedEnteredAndDeleted) {
  for (const std::string& name : names()) {
    std::filesystem::create_directory(share_folder() / name);
    write_as_job(name + "/f", name);
  }
  const auto entries = list();
  EXPECT_EQ(entries.size(), names().size());
  const auto root = client().share("share1").root();
  for (const DirectoryEntry& entry : entries) {
    ASSERT_TRUE(entry.is_directory);
    const auto directory = root.directory(entry.name);
    EXPECT_TRUE(directory.exists());
    ASSERT_EQ(directory.list().to_vector().size(), 1U) << entry.name;
    EXPECT_EQ(directory.file("f").get_range({0, 1000}).bytes, entry.name);
    directory.file("f").remove();
    directory.remove();
  }
  EXPECT_TRUE(list().empty());
}

TEST_F(OddNames, MakeNoXmlThatStrictReadersRefuse) {
  std::filesystem::create_directory(share_folder() / "a\x01\xff");
  write_as_job("a\x01\xff/b\xef\xbf\xbe", "");
  const Response response = send("GET", "/acct1/share1/a%01%FF?restype=directory&comp=list&prefix=b%EF%BF%BE");
  ASSERT_EQ(response.status, 200);
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(response.body.c_str()));
  const auto root = document.child("EnumerationResults");
  EXPECT_STREQ(root.attribute("DirectoryPath").value(), "a%01%FF");
  EXPECT_STREQ(root.attribute("Encoded").value(), "true");
  for (const auto& node : {root.child("Prefix"), root.child("Entries").child("File").child("Name")}) {
    EXPECT_STREQ(node.child_value(), "b%EF%BF%BE");
    EXPECT_STREQ(node.attribute("Encoded").value(), "true");
  }
}

TEST_F(OddNames, AreNotMadeByClients) {
  const auto share = client().share("share1");
  for (const char* name : {"a:b", "\xff", "AUX", "a\nb"}) {
    EXPECT_THROW(share.file(name).create(0), InvalidArgument);
    EXPECT_THROW(share.directory(name).create(), InvalidArgument);
    EXPECT_THROW(share.file("x").rename_to(name), InvalidArgument);
    EXPECT_THROW(share.file(name).copy_from(share.file("x")), InvalidArgument);
  }
  EXPECT_THROW(share.file("a/../b"), InvalidArgument);
  EXPECT_THROW(share.file("."), InvalidArgument);
}

/// A URL cannot carry the header that says that a dot at the end is meant.
TEST_F(OddNames, ASignatureForOneFileNeverOpensTheOneWithoutTheDot) {
  write_as_job("ckpt", "the other");
  EXPECT_EQ(send_unsigned("GET", "/acct1/share1/ckpt.?" + sas("ckpt.")).status, 404);
  EXPECT_EQ(send_unsigned("HEAD", "/acct1/share1/ckpt.?" + sas("ckpt.")).status, 404);
  write_as_job("ckpt.", "the right one");
  EXPECT_EQ(read_body(send_unsigned("GET", "/acct1/share1/ckpt.?" + sas("ckpt."))), "the right one");
  EXPECT_EQ(send_unsigned("GET", "/acct1/share1/ckpt.?" + sas("ckpt")).status, 403);
}

TEST_F(OddNames, ASignatureForAShareFollowsTheHeader) {
  write_as_job("ckpt", "without");
  write_as_job("ckpt.", "with");
  const signing::SasToken token{
      .resource = "s", .permissions = "r", .expiry = format_iso8601(clock_->now() + std::chrono::hours(1))};
  const std::string query = sign_service_sas(token, signing::SasService::File, {"acct1", "share1"}, kKey).to_query();
  EXPECT_EQ(read_body(send_unsigned("GET", "/acct1/share1/ckpt.?" + query)), "without");
  EXPECT_EQ(read_body(send_unsigned("GET", "/acct1/share1/ckpt.?" + query, {{"x-ms-allow-trailing-dot", "true"}})),
            "with");
}

TEST_F(OddNames, InRefusalsAreXml) {
  const Response response = send("GET", "/acct1/share1?restype=directory&comp=list&maxresults=%FF%01");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("<QueryParameterValue>\?\?<"));
}

}  // namespace
}  // namespace batchai::server::files::test

#include "server/files/api_fixture.hpp"

#include <gmock/gmock.h>
#include <pugixml.hpp>
#include <sys/stat.h>

namespace batchai::server::files::test {
namespace {

class DirectoryTest : public FaceTest {
 protected:
  Response make(const std::string& path, Headers headers = {}) {
    return send("PUT", "/acct1/share1/" + path + "?restype=directory", std::move(headers));
  }
  /// Names in the order of the listing; directories with a slash behind.
  std::vector<std::string> list(const std::string& path, const std::string& query = "") {
    const Response response = send("GET", "/acct1/share1" + path + "?restype=directory&comp=list" + query);
    EXPECT_EQ(response.status, 200);
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(response.body.c_str()));
    const auto root = document.child("EnumerationResults");
    marker_ = root.child_value("NextMarker");
    std::vector<std::string> names;
    for (const auto entry : root.child("Entries")) {
      const bool directory = std::string(entry.name()) == "Directory";
      names.push_back(entry.child_value("Name") + std::string(directory ? "/" : ""));
    }
    return names;
  }
  std::string marker_;
};

TEST_F(DirectoryTest, IsCreatedWithMetadataAndSmbHeaders) {
  const Response created = make("dir%20a", {{"x-ms-meta-k", "v"}});
  EXPECT_EQ(created.status, 201);
  for (const char* name : {"ETag", "Last-Modified", "x-ms-request-server-encrypted", "x-ms-file-id",
                           "x-ms-file-parent-id", "x-ms-file-permission-key", "x-ms-file-attributes",
                           "x-ms-file-creation-time", "x-ms-file-last-write-time", "x-ms-file-change-time"}) {
    EXPECT_TRUE(created.headers.contains(name)) << name;
  }
  EXPECT_EQ(created.headers.get("x-ms-file-parent-id"), "0");
  EXPECT_EQ(created.headers.get("x-ms-file-attributes"), "Directory");
  EXPECT_THAT(created.headers.get("x-ms-file-creation-time"), testing::MatchesRegex("....-..-..T..:..:..\\........Z"));
  const Response got = send("GET", "/acct1/share1/dir%20a?restype=directory");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.headers.get("x-ms-meta-k"), "v");
  EXPECT_EQ(got.headers.get("ETag"), created.headers.get("ETag"));
  EXPECT_EQ(got.headers.get("x-ms-server-encrypted"), "true");
  EXPECT_TRUE(std::filesystem::is_directory(share_folder() / "dir a"));
}

TEST_F(DirectoryTest, HasNoSmbHeadersBeforeTheirVersion) {
  const Response created = make("d", {{"x-ms-version", "2018-11-09"}});
  EXPECT_EQ(created.status, 201);
  EXPECT_FALSE(created.headers.contains("x-ms-file-id"));
}

TEST_F(DirectoryTest, KeepsItsEtagWhenItsChildrenChange) {
  make("d");
  const std::string etag = send("GET", "/acct1/share1/d?restype=directory").headers.get("ETag");
  create_file_with("d/f", "x");
  EXPECT_EQ(send("GET", "/acct1/share1/d?restype=directory").headers.get("ETag"), etag);
  EXPECT_GT(send("PUT", "/acct1/share1/d?restype=directory&comp=metadata", {{"x-ms-meta-a", "1"}}).headers.get("ETag"),
            etag);
}

TEST_F(DirectoryTest, NeedsAParentAndAFreeName) {
  EXPECT_EQ(code_of(make("a/b")), "ParentNotFound");
  EXPECT_EQ(make("a").status, 201);
  EXPECT_EQ(code_of(make("a")), "ResourceAlreadyExists");
  EXPECT_EQ(code_of(make("A")), "ResourceAlreadyExists");
  create_file_with("f", "x");
  EXPECT_EQ(code_of(make("f")), "ResourceTypeMismatch");
  EXPECT_EQ(code_of(make("f/g")), "ParentNotFound");
}

TEST_F(DirectoryTest, TakesEncodedSlashesAndEmptyParts) {
  make("a");
  EXPECT_EQ(make("a%2Fb").status, 201);
  EXPECT_EQ(make("a//c/").status, 201);
  EXPECT_EQ(list("/a"), (std::vector<std::string>{"b/", "c/"}));
}

TEST_F(DirectoryTest, RefusesNamesAgainstTheRules) {
  for (const char* name : {"..", "%2e%2e", "a%2F..%2F..%2Fx", "a:b", "a%5Cb", "a%00b", "NUL", "a%0Ab", "%FF", "a%22"}) {
    const Response response = make(name);
    EXPECT_EQ(response.status >= 400 && response.status < 500, true) << name << response.status;
  }
  EXPECT_EQ(code_of(make("..")), "InvalidResourceName");
  EXPECT_EQ(code_of(make("%zz")), "RequestUrlFailedToParse");
  EXPECT_TRUE(std::filesystem::is_empty(share_folder()));
}

TEST_F(DirectoryTest, IsNotFoundWhereThereIsAFile) {
  create_file_with("f", "x");
  const Response response = send("GET", "/acct1/share1/f?restype=directory");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(code_of(response), "ResourceNotFound");
  const Response head = send("HEAD", "/acct1/share1/nothing?restype=directory");
  EXPECT_EQ(code_of(head), "ResourceNotFound");
  EXPECT_TRUE(head.body.empty());
}

TEST_F(DirectoryTest, IsDeletedWhenEmpty) {
  make("d");
  create_file_with("d/f", "x");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1/d?restype=directory")), "DirectoryNotEmpty");
  EXPECT_EQ(send("DELETE", "/acct1/share1/d/f").status, 202);
  EXPECT_EQ(send("DELETE", "/acct1/share1/D?restype=directory").status, 202);
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1/d?restype=directory")), "ResourceNotFound");
}

TEST_F(DirectoryTest, IsDeletedWithTheLinksThatNobodySeesInIt) {
  make("d");
  const auto outside = folder_.path() / "outside";
  std::ofstream(outside) << "x";
  std::filesystem::create_symlink(outside, share_folder() / "d" / "link");
  EXPECT_EQ(send("DELETE", "/acct1/share1/d?restype=directory").status, 202);
  EXPECT_TRUE(std::filesystem::exists(outside));
}

TEST_F(DirectoryTest, ListsByNameWithoutRegardToCase) {
  make("beta");
  create_file_with("Alpha", "12345");
  create_file_with("gamma", "");
  create_file_with("%C3%A9t%C3%A9", "x");
  make("Delta");
  EXPECT_EQ(list("/"), (std::vector<std::string>{"Alpha", "beta/", "Delta/", "gamma", "été"}));
  EXPECT_EQ(list("", "&prefix=b"), (std::vector<std::string>{"beta/"}));
  EXPECT_EQ(list("", "&prefix=B"), std::vector<std::string>{});
}

TEST_F(DirectoryTest, ListsInPagesThatMeetWithoutGapsOrRepeats) {
  std::vector<std::string> expected;
  for (int i = 0; i < 25; ++i) {
    const std::string name = "f" + std::to_string(100 + i);
    write_as_job(name, "x");
    expected.push_back(name);
  }
  std::vector<std::string> all;
  std::string query = "&maxresults=10";
  do {
    const auto page = list("", query);
    EXPECT_LE(page.size(), 10U);
    all.insert(all.end(), page.begin(), page.end());
    query = "&maxresults=10&marker=" + marker_;
  } while (!marker_.empty() && all.size() < 100);
  EXPECT_EQ(all, expected);
}

TEST_F(DirectoryTest, WritesPlainListingsForOldVersionsAndDetailsForNewOnes) {
  create_file_with("f", "12345");
  make("d");
  const std::string plain =
      send("GET", "/acct1/share1?restype=directory&comp=list", {{"x-ms-version", "2018-11-09"}}).body;
  EXPECT_EQ(
      plain,
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"http://127.0.0.1:10011/acct1/\" "
      "ShareName=\"share1\" DirectoryPath=\"\"><Entries><Directory><Name>d</Name><Properties/></Directory><File>"
      "<Name>f</Name><Properties><Content-Length>5</Content-Length></Properties></File></Entries><NextMarker/>"
      "</EnumerationResults>");
  const std::string full =
      send("GET", "/acct1/share1?restype=directory&comp=list&include=timestamps,Etag,Attributes,PermissionKey").body;
  for (const char* element : {"<DirectoryId>", "<FileId>", "<CreationTime>", "<LastWriteTime>", "<Last-Modified>",
                              "<Etag>", "<Attributes>Archive</Attributes>", "<PermissionKey>"}) {
    EXPECT_THAT(full, testing::HasSubstr(element));
  }
}

TEST_F(DirectoryTest, ListsTheEtagThatTheFileItselfHas) {
  create_file_with("f", "12345");
  const std::string etag = send("HEAD", "/acct1/share1/f").headers.get("ETag");
  const std::string listing = send("GET", "/acct1/share1?restype=directory&comp=list&include=Etag").body;
  EXPECT_THAT(listing, testing::HasSubstr("<Etag>" + etag + "</Etag>"));
}

TEST_F(DirectoryTest, ShowsWhatJobsWriteAtOnce) {
  std::filesystem::create_directory(share_folder() / "out");
  write_as_job("out/log:1.txt", "text");
  EXPECT_EQ(list("/out"), (std::vector<std::string>{"log:1.txt"}));
  EXPECT_EQ(get("out/log%3A1.txt"), "text");
}

TEST_F(DirectoryTest, DoesNotListLinksPipesAndUnprintableNames) {
  std::filesystem::create_symlink("/etc", share_folder() / "etc");
  ::mkfifo((share_folder() / "pipe").c_str(), 0600);
  write_as_job("bad\nname", "x");
  write_as_job("good", "x");
  EXPECT_EQ(list("", "&x=1"), (std::vector<std::string>{"bad%0Aname", "good"}));
  const std::string old =
      send("GET", "/acct1/share1?restype=directory&comp=list", {{"x-ms-version", "2018-11-09"}}).body;
  EXPECT_THAT(old, testing::AllOf(testing::HasSubstr("good"), testing::Not(testing::HasSubstr("bad"))));
}

TEST_F(DirectoryTest, KeepsTrailingDotsOnlyWhenAsked) {
  EXPECT_EQ(make("d.").status, 201);
  EXPECT_EQ(make("e.", {{"x-ms-allow-trailing-dot", "true"}}).status, 201);
  EXPECT_EQ(list(""), (std::vector<std::string>{"d/", "e./"}));
}

TEST_F(DirectoryTest, HasNoHandles) {
  EXPECT_THAT(send("GET", "/acct1/share1?comp=listhandles").body, testing::HasSubstr("<Entries/><NextMarker/>"));
  const Response closed = send("PUT", "/acct1/share1?comp=forceclosehandles", {{"x-ms-handle-id", "*"}});
  EXPECT_EQ(closed.headers.get("x-ms-number-of-handles-closed"), "0");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1?comp=forceclosehandles")), "MissingRequiredHeader");
  EXPECT_EQ(code_of(send("GET", "/acct1/share1/nosuch?comp=listhandles")), "ResourceNotFound");
}

}  // namespace
}  // namespace batchai::server::files::test

#include "server/files/api_fixture.hpp"
#include "signing/sas.hpp"

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

class RenameTest : public FaceTest {
 protected:
  /// `source` is a path below share1, as in a URL.
  Response rename(const std::string& source, const std::string& target, Headers headers = {},
                  const std::string& restype = "") {
    headers.set("x-ms-file-rename-source", "http://127.0.0.1:10011/acct1/share1/" + source);
    return send("PUT", target + "?comp=rename" + restype, std::move(headers));
  }
  Response rename_file(const std::string& source, const std::string& target, Headers headers = {}) {
    return rename(source, "/acct1/share1/" + target, std::move(headers));
  }
  Response rename_directory(const std::string& source, const std::string& target) {
    return rename(source, "/acct1/share1/" + target, {}, "&restype=directory");
  }
  void make(const std::string& directory) { send("PUT", "/acct1/share1/" + directory + "?restype=directory"); }
};

TEST_F(RenameTest, MovesAFileWithAllItHas) {
  make("d");
  create_file("a", 5, {{"x-ms-content-type", "text/plain"}, {"x-ms-meta-k", "v"}});
  put_range("a", 0, "hello");
  const Response before = send("HEAD", "/acct1/share1/a");
  const Response renamed = rename_file("a", "d/b%20c");
  EXPECT_EQ(renamed.status, 200);
  EXPECT_GT(renamed.headers.get("ETag"), before.headers.get("ETag"));
  EXPECT_EQ(get("d/b%20c"), "hello");
  const Response after = send("HEAD", "/acct1/share1/d/b%20c");
  for (const char* name :
       {"Content-Type", "x-ms-meta-k", "x-ms-file-id", "x-ms-file-last-write-time", "x-ms-file-creation-time"}) {
    EXPECT_EQ(after.headers.get(name), before.headers.get(name)) << name;
  }
  EXPECT_EQ(after.headers.get("ETag"), renamed.headers.get("ETag"));
  EXPECT_EQ(renamed.headers.get("x-ms-file-parent-id"), after.headers.get("x-ms-file-parent-id"));
  EXPECT_NE(after.headers.get("x-ms-file-parent-id"), "0");
  EXPECT_EQ(code_of(send("HEAD", "/acct1/share1/a")), "ResourceNotFound");
}

TEST_F(RenameTest, ReplacesAFileOnlyWhenAsked) {
  create_file_with("a", "hello");
  create_file_with("b", "other");
  EXPECT_EQ(code_of(rename_file("a", "b")), "ResourceAlreadyExists");
  EXPECT_EQ(get("b"), "other");
  EXPECT_EQ(rename_file("a", "b", {{"x-ms-file-rename-replace-if-exists", "true"}}).status, 200);
  EXPECT_EQ(get("b"), "hello");
  make("d");
  EXPECT_EQ(code_of(rename_file("b", "d", {{"x-ms-file-rename-replace-if-exists", "true"}})), "ResourceAlreadyExists");
}

TEST_F(RenameTest, ReplacesAFileByADirectoryOnlyWhenAsked) {
  make("d");
  create_file_with("d/inside", "hello");
  create_file_with("f", "other");
  const auto onto_f = [&](Headers headers) {
    return rename("d", "/acct1/share1/f", std::move(headers), "&restype=directory");
  };
  EXPECT_EQ(code_of(onto_f({})), "ResourceAlreadyExists");
  EXPECT_EQ(get("f"), "other");
  create_file("locked", 0, {{"x-ms-file-attributes", "ReadOnly"}});
  const Headers replace = {{"x-ms-file-rename-replace-if-exists", "true"}};
  EXPECT_EQ(code_of(rename("d", "/acct1/share1/locked", replace, "&restype=directory")), "ReadOnlyAttribute");
  EXPECT_EQ(onto_f(replace).status, 200);
  EXPECT_EQ(get("f/inside"), "hello");
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "d"));
  make("e");
  EXPECT_EQ(code_of(rename("f", "/acct1/share1/e", replace, "&restype=directory")), "ResourceAlreadyExists");
}

TEST_F(RenameTest, TakesTrailingDotsOffTheSourceUnlessTheyAreMeant) {
  create_file("a", 0);
  EXPECT_EQ(rename_file("a...", "b").status, 200);
  create_file("c.", 0, {{"x-ms-allow-trailing-dot", "true"}});
  EXPECT_EQ(code_of(rename_file("c.", "d")), "ResourceNotFound");
  EXPECT_EQ(rename_file("c.", "d", {{"x-ms-source-allow-trailing-dot", "true"}}).status, 200);
}

TEST_F(RenameTest, LeavesReadOnlyFilesAloneUnlessAsked) {
  create_file_with("a", "hello");
  create_file("b", 0, {{"x-ms-file-attributes", "ReadOnly"}});
  const Headers replace = {{"x-ms-file-rename-replace-if-exists", "true"}};
  EXPECT_EQ(code_of(rename_file("a", "b", replace)), "ReadOnlyAttribute");
  Headers both = replace;
  both.set("x-ms-file-rename-ignore-readonly", "true");
  EXPECT_EQ(rename_file("a", "b", both).status, 200);
}

TEST_F(RenameTest, ReplacesALeasedFileWithTheIdOfItsLeaseOnly) {
  const std::string id = "11111111-1111-1111-1111-111111111111";
  create_file_with("a", "hello");
  create_file_with("b", "other");
  send("PUT", "/acct1/share1/b?comp=lease", {{"x-ms-lease-action", "acquire"}, {"x-ms-proposed-lease-id", id}});
  Headers headers = {{"x-ms-file-rename-replace-if-exists", "true"}};
  EXPECT_EQ(code_of(rename_file("a", "b", headers)), "LeaseIdMissing");
  headers.set("x-ms-source-lease-id", id);  // the source has no lease
  EXPECT_EQ(code_of(rename_file("a", "b", headers)), "LeaseNotPresentWithFileOperation");
  headers = {{"x-ms-file-rename-replace-if-exists", "true"},
             {"x-ms-destination-lease-id", "22222222-2222-2222-2222-222222222222"}};
  EXPECT_EQ(code_of(rename_file("a", "b", headers)), "LeaseIdMismatchWithFileOperation");
  EXPECT_EQ(get("b"), "other");
  headers.set("x-ms-destination-lease-id", id);
  EXPECT_EQ(rename_file("a", "b", headers).status, 200);
  EXPECT_EQ(get("b"), "hello");
  EXPECT_EQ(send("HEAD", "/acct1/share1/b").headers.get("x-ms-lease-state"), "available");
}

TEST_F(RenameTest, ChangesCaseAlone) {
  create_file_with("readme", "hello");
  EXPECT_EQ(rename_file("readme", "README").status, 200);
  EXPECT_TRUE(std::filesystem::exists(share_folder() / "README"));
  EXPECT_EQ(rename_file("README", "README").status, 200);
  EXPECT_EQ(get("README"), "hello");
}

TEST_F(RenameTest, MovesDirectoriesWithAllBelowThem) {
  make("d");
  make("d/e");
  create_file_with("d/e/f", "hello");
  const std::string etag = send("HEAD", "/acct1/share1/d?restype=directory").headers.get("ETag");
  const Response renamed = rename_directory("d", "x");
  EXPECT_EQ(renamed.status, 200);
  EXPECT_GT(renamed.headers.get("ETag"), etag);
  EXPECT_EQ(get("x/e/f"), "hello");
  EXPECT_EQ(code_of(rename_directory("x", "x/e/y")), "InvalidInput");
  EXPECT_EQ(code_of(rename_directory("nosuch", "y")), "ResourceNotFound");
  EXPECT_EQ(code_of(rename_directory("x/e/f", "y")), "ResourceTypeMismatch");
  EXPECT_EQ(code_of(rename_file("x", "y")), "ResourceTypeMismatch");
  EXPECT_EQ(code_of(rename_directory("x", "no/such")), "ParentNotFound");
  make("taken");
  EXPECT_EQ(code_of(rename_directory("x", "taken")), "ResourceAlreadyExists");
}

TEST_F(RenameTest, RefusesForeignAndBrokenNames) {
  create_file_with("a", "hello");
  send("PUT", "/acct1/share2?restype=share");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/b?comp=rename")), "MissingRequiredHeader");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/b?comp=rename", {{"x-ms-file-rename-source", "nonsense"}})),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share2/b?comp=rename",
                         {{"x-ms-file-rename-source", "http://127.0.0.1:10011/acct1/share1/a"}})),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(rename_file("a", "b%3F")), "InvalidResourceName");
  EXPECT_EQ(get("a"), "hello");
}

TEST_F(RenameTest, DoesNotReachThroughLinks) {
  std::filesystem::create_directory(folder_.path() / "outside");
  std::ofstream(folder_.path() / "outside" / "secret") << "x";
  std::filesystem::create_symlink(folder_.path() / "outside", share_folder() / "link");
  create_file_with("a", "hello");
  EXPECT_EQ(rename_file("link/secret", "b").status, 404);
  EXPECT_EQ(rename_file("a", "link/b").status, 404);
  EXPECT_EQ(rename_directory("link", "b").status, 409);
  EXPECT_EQ(rename_file("a", "link", {{"x-ms-file-rename-replace-if-exists", "true"}}).status, 409);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "outside" / "secret"));
}

/// @azure/storage-file-share with the account in the path: `PUT /share/…`, signed for the account.
TEST_F(RenameTest, TakesATargetWithoutTheAccount) {
  make("d");
  create_file_with("d/a", "hello");
  EXPECT_EQ(rename("d/a", "/share1/d/b").status, 200);
  EXPECT_EQ(get("d/b"), "hello");
}

/// The same with a SAS, where only the source tells the account.
TEST_F(RenameTest, TakesATargetWithoutTheAccountUnderASas) {
  create_file_with("a", "hello");
  signing::SasToken token{
      .resource = "s", .permissions = "rw", .expiry = format_iso8601(clock_->now() + std::chrono::hours(1))};
  token = sign_service_sas(std::move(token), signing::SasService::File, {"acct1", "share1"}, kKey);
  const Headers source = {{"x-ms-file-rename-source", "http://127.0.0.1:10011/acct1/share1/a"}};
  EXPECT_EQ(send_unsigned("PUT", "/share1/b?comp=rename&" + token.to_query(), source).status, 200);
  EXPECT_EQ(get("b"), "hello");
}

/// A signature for the target says nothing about the source.
TEST_F(RenameTest, NeedsASignatureForBothEnds) {
  create_file_with("a", "hello");
  signing::SasToken token{
      .resource = "f", .permissions = "rcwd", .expiry = format_iso8601(clock_->now() + std::chrono::hours(1))};
  token = sign_service_sas(std::move(token), signing::SasService::File, {"acct1", "share1", "b"}, kKey);
  const Headers source = {{"x-ms-file-rename-source", "http://127.0.0.1:10011/acct1/share1/a"}};
  EXPECT_EQ(code_of(send_unsigned("PUT", "/acct1/share1/b?comp=rename&" + token.to_query(), source)),
            "AuthorizationPermissionMismatch");
  EXPECT_EQ(get("a"), "hello");
}

/// The C++ SDK with the account in the path: `PUT /account/…` without the share.
TEST_F(RenameTest, TakesATargetWithoutTheShare) {
  make("dir%20a");
  create_file_with("dir%20a/a", "hello");
  EXPECT_EQ(rename("dir%20a/a", "/acct1/dir%20a/b").status, 200);
  EXPECT_EQ(get("dir%20a/b"), "hello");
  EXPECT_EQ(rename("dir%20a/b", "/acct1/c.txt").status, 200);
  EXPECT_EQ(get("c.txt"), "hello");
}

}  // namespace
}  // namespace batchai::server::files::test

#include "server/files/api_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace batchai::server::files::test {
namespace {

class SnapshotTest : public FaceTest {
 protected:
  std::string take(Headers headers = {}) {
    const Response response = send("PUT", "/acct1/share1?restype=share&comp=snapshot", std::move(headers));
    EXPECT_EQ(response.status, 201);
    return response.headers.get("x-ms-snapshot");
  }
  Response at(const std::string& method, const std::string& target, const std::string& time) {
    const char* joint = target.find('?') == std::string::npos ? "?" : "&";
    return send(method, target + joint + "sharesnapshot=" + time);
  }
};

TEST_F(SnapshotTest, KeepsContentPropertiesAndEtags) {
  send("PUT", "/acct1/share1/d?restype=directory", {{"x-ms-meta-k", "v"}});
  create_file("d/f", 5, {{"x-ms-content-type", "text/plain"}, {"x-ms-meta-a", "b"}});
  put_range("d/f", 0, "hello");
  write_as_job("job", "written");
  const std::string time = take();
  EXPECT_THAT(time, testing::MatchesRegex("2018-06-07T21:16:21\\.[0-9]{7}Z"));
  const Response file = send("HEAD", "/acct1/share1/d/f");
  const Response directory = send("HEAD", "/acct1/share1/d?restype=directory");
  put_range("d/f", 0, "other");
  send("PUT", "/acct1/share1/d?restype=directory&comp=metadata");
  write_as_job("job", "again");

  EXPECT_EQ(read_body(at("GET", "/acct1/share1/d/f", time)), "hello");
  EXPECT_EQ(read_body(at("GET", "/acct1/share1/job", time)), "written");
  for (const char* name : {"ETag", "Last-Modified", "Content-Type", "x-ms-meta-a", "x-ms-file-last-write-time",
                           "x-ms-file-creation-time"}) {
    EXPECT_EQ(at("HEAD", "/acct1/share1/d/f", time).headers.get(name), file.headers.get(name)) << name;
  }
  for (const char* name : {"ETag", "x-ms-meta-k"}) {
    EXPECT_EQ(at("HEAD", "/acct1/share1/d?restype=directory", time).headers.get(name), directory.headers.get(name));
  }
  const Response listing = at("GET", "/acct1/share1?restype=directory&comp=list", time);
  EXPECT_THAT(listing.body, testing::AllOf(testing::HasSubstr("ShareSnapshot=\"" + time + "\""),
                                           testing::HasSubstr("<Name>job</Name>")));
}

TEST_F(SnapshotTest, CannotBeWrittenTo) {
  create_file_with("f", "hello");
  const std::string time = take();
  for (const char* target : {"/acct1/share1/f?comp=range", "/acct1/share1/f", "/acct1/share1/d?restype=directory",
                             "/acct1/share1?restype=share&comp=metadata"}) {
    const Response response = at("PUT", target, time);
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_EQ(code_of(response), "ShareSnapshotOperationNotSupported") << target;
  }
  EXPECT_EQ(code_of(at("DELETE", "/acct1/share1/f", time)), "ShareSnapshotOperationNotSupported");
}

TEST_F(SnapshotTest, IsFoundByItsTimeOnly) {
  take();
  const std::string never = "2018-01-01T00:00:00.0000000Z";
  for (const char* target : {"/acct1/share1/f", "/acct1/share1?restype=share", "/acct1/share1?restype=directory",
                             "/acct1/share1?restype=directory&comp=list"}) {
    const Response response = at("GET", target, never);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_EQ(code_of(response), "ShareNotFound") << target;
  }
  EXPECT_EQ(code_of(at("DELETE", "/acct1/share1?restype=share", never)), "ShareNotFound");
  EXPECT_EQ(code_of(at("GET", "/acct1/share1/f", "..")), "InvalidQueryParameterValue");
  EXPECT_EQ(code_of(at("GET", "/acct1/nosuch/f", "2018-01-01T00:00:00.0000000Z")), "ShareNotFound");
}

TEST_F(SnapshotTest, IsLeasedByItself) {
  const std::string id = "dbd11c56-6134-4f30-b330-b88e631ea233";
  const std::string time = take();
  const std::string etag = at("GET", "/acct1/share1?restype=share", time).headers.get("ETag");
  const auto lease = [&](const std::string& action, const Headers& more) {
    Headers headers = {{"x-ms-lease-action", action}};
    for (const auto& [name, value] : more) {
      headers.set(name, value);
    }
    return send("PUT", "/acct1/share1?restype=share&comp=lease&sharesnapshot=" + time, std::move(headers));
  };
  const Response leased = lease("acquire", {{"x-ms-lease-duration", "-1"}, {"x-ms-proposed-lease-id", id}});
  EXPECT_EQ(leased.status, 201);
  EXPECT_EQ(leased.headers.get("x-ms-lease-id"), id);
  EXPECT_EQ(at("GET", "/acct1/share1?restype=share", time).headers.get("x-ms-lease-state"), "leased");
  EXPECT_EQ(at("GET", "/acct1/share1?restype=share", time).headers.get("ETag"), etag);
  const Response share = send("GET", "/acct1/share1?restype=share", {{"x-ms-lease-id", id}});
  EXPECT_EQ(share.status, 412);
  EXPECT_EQ(code_of(share), "LeaseNotPresentWithContainerOperation");
  EXPECT_EQ(code_of(at("DELETE", "/acct1/share1?restype=share", time)), "LeaseIdMissing");
  const auto remove_with = [&](const char* snapshots) {
    return send("DELETE", "/acct1/share1?restype=share", {{"x-ms-delete-snapshots", snapshots}});
  };
  EXPECT_EQ(code_of(remove_with("include")), "LeaseIdMissing");
  const Response released = lease("release", {{"x-ms-lease-id", id}});
  EXPECT_EQ(released.status, 200);
  EXPECT_EQ(released.headers.get("x-ms-lease-time"), "0");
  EXPECT_EQ(lease("acquire", {{"x-ms-lease-duration", "-1"}}).status, 201);
  EXPECT_EQ(remove_with("include-leased").status, 202);
}

TEST_F(SnapshotTest, HasNoAccessTier) {
  const std::string time = take();
  EXPECT_FALSE(at("GET", "/acct1/share1?restype=share", time).headers.contains("x-ms-access-tier"));
  const std::string listing = send("GET", "/acct1/?comp=list&include=snapshots").body;
  EXPECT_EQ(listing.find("<AccessTier>"), listing.rfind("<AccessTier>"));
}

TEST_F(SnapshotTest, IsListedBeforeItsShare) {
  const std::string first = take();
  const std::string second = take({{"x-ms-meta-k", "v"}});
  EXPECT_LT(first, second);
  send("PUT", "/acct1/share1-b?restype=share");
  EXPECT_THAT(send("GET", "/acct1/?comp=list").body, testing::Not(testing::HasSubstr("<Snapshot>")));
  std::string found;
  std::string marker;
  do {
    const std::string body =
        send("GET", "/acct1/?comp=list&include=snapshots,metadata&maxresults=1&marker=" + marker).body;
    found += body.find("<Snapshot>" + first) != std::string::npos    ? "1"
             : body.find("<Snapshot>" + second) != std::string::npos ? "2"
             : body.find("share1-b") != std::string::npos            ? "b"
                                                                     : "s";
    const auto at = body.find("<NextMarker>");
    marker = at == std::string::npos ? "" : body.substr(at + 12, body.find('<', at + 12) - at - 12);
  } while (!marker.empty() && found.size() < 9);
  EXPECT_EQ(found, "12sb");
}

TEST_F(SnapshotTest, StandsInTheWayOfDeletingItsShare) {
  create_file_with("f", "hello");
  const std::string time = take();
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share")), "ShareHasSnapshots");
  EXPECT_EQ(at("DELETE", "/acct1/share1?restype=share", time).status, 202);
  EXPECT_EQ(code_of(at("GET", "/acct1/share1/f", time)), "ShareNotFound");
  EXPECT_EQ(get("f"), "hello");
  take();
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share", {{"x-ms-delete-snapshots", "all"}})),
            "InvalidHeaderValue");
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share", {{"x-ms-delete-snapshots", "include"}}).status, 202);
  EXPECT_EQ(send("PUT", "/acct1/share1?restype=share").status, 201);
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share").status, 202);
}

TEST_F(SnapshotTest, IsASourceOfCopies) {
  create_file_with("f", "hello");
  const std::string time = take();
  put_range("f", 0, "other");
  EXPECT_EQ(send("PUT", "/acct1/share1/f",
                 {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f?sharesnapshot=" + time}})
                .status,
            202);
  EXPECT_EQ(get("f"), "hello");
}

TEST_F(SnapshotTest, TellsWhichRangesHaveChangedSince) {
  create_file("f", 5 * 4096);
  put_range("f", 0, std::string(3 * 4096, 'a'));
  const std::string time = take();
  put_range("f", 4096, "b");
  send("PUT", "/acct1/share1/f?comp=range", {{"x-ms-write", "clear"}, {"x-ms-range", "bytes=8192-12287"}});
  const auto list = [&](const std::string& previous) {
    return send("GET", "/acct1/share1/f?comp=rangelist&prevsharesnapshot=" + previous);
  };
  EXPECT_THAT(list(time).body,
              testing::EndsWith("<Ranges><Range><Start>4096</Start><End>4607</End></Range>"
                                "<ClearRange><Start>8192</Start><End>12287</End></ClearRange></Ranges>"));
  EXPECT_EQ(code_of(list("2018-01-01T00:00:00.0000000Z")), "PreviousSnapshotNotFound");
  EXPECT_EQ(code_of(list("x")), "InvalidQueryParameterValue");
  create_file_with("new", "hello");
  EXPECT_THAT(send("GET", "/acct1/share1/new?comp=rangelist&prevsharesnapshot=" + time).body,
              testing::HasSubstr("<Start>0</Start><End>4</End>"));
}

TEST_F(SnapshotTest, LeavesOutLinksAndKeepsHoles) {
  std::filesystem::create_symlink("/etc", share_folder() / "link");
  ASSERT_EQ(::mkfifo((share_folder() / "pipe").c_str(), 0600), 0);
  create_file("sparse", 64ULL << 20U);
  put_range("sparse", 32ULL << 20U, "x");
  const std::string time = take();
  EXPECT_EQ(code_of(at("GET", "/acct1/share1/link?restype=directory&comp=list", time)), "ResourceNotFound");
  EXPECT_EQ(code_of(at("GET", "/acct1/share1/pipe", time)), "ResourceNotFound");
  const Response ranges = at("GET", "/acct1/share1/sparse?comp=rangelist", time);
  EXPECT_EQ(ranges.headers.get("x-ms-content-length"), std::to_string(64ULL << 20U));
  EXPECT_THAT(ranges.body, testing::AllOf(testing::HasSubstr("<Start>33554432</Start>"),
                                          testing::Not(testing::HasSubstr("<Start>0</Start>"))));
}

}  // namespace
}  // namespace batchai::server::files::test

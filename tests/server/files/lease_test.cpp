#include "server/files/api_fixture.hpp"

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

const std::string kId = "11111111-1111-1111-1111-111111111111";
const std::string kOtherId = "22222222-2222-2222-2222-222222222222";

class LeaseTest : public FaceTest {
 protected:
  Response lease(const std::string& target, const std::string& action, Headers headers = {}) {
    headers.set("x-ms-lease-action", action);
    return send("PUT", target, std::move(headers));
  }
  Response lease_file(const std::string& action, Headers headers = {}) {
    return lease("/acct1/share1/f?comp=lease", action, std::move(headers));
  }
  Response lease_share(const std::string& action, Headers headers = {}) {
    return lease("/acct1/share1?restype=share&comp=lease", action, std::move(headers));
  }
  Response acquire_share(const std::string& seconds) {
    return lease_share("acquire", {{"x-ms-lease-duration", seconds}, {"x-ms-proposed-lease-id", kId}});
  }
  std::string share_state() { return send("GET", "/acct1/share1?restype=share").headers.get("x-ms-lease-state"); }
};

TEST_F(LeaseTest, GuardsAFileAgainstEveryChangeWithoutItsId) {
  create_file_with("f", "hello");
  const Response acquired = lease_file("acquire", {{"x-ms-lease-duration", "-1"}, {"x-ms-proposed-lease-id", kId}});
  EXPECT_EQ(acquired.status, 201);
  EXPECT_EQ(acquired.headers.get("x-ms-lease-id"), kId);
  EXPECT_EQ(code_of(put_range("f", 0, "J")), "LeaseIdMissing");
  EXPECT_EQ(code_of(create_file("f", 1)), "LeaseIdMissing");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-a", "b"}})), "LeaseIdMissing");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-length", "1"}})), "LeaseIdMissing");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1/f")), "LeaseIdMissing");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/g?comp=rename",
                         {{"x-ms-file-rename-source", "http://127.0.0.1:10011/acct1/share1/f"}})),
            "LeaseIdMissing");
  EXPECT_EQ(code_of(put_range("f", 0, "J", {{"x-ms-lease-id", kOtherId}})), "LeaseIdMismatchWithFileOperation");
  EXPECT_EQ(get("f"), "hello");
  EXPECT_EQ(put_range("f", 0, "J", {{"x-ms-lease-id", kId}}).status, 201);
  EXPECT_EQ(send("DELETE", "/acct1/share1/f", {{"x-ms-lease-id", kId}}).status, 202);
}

TEST_F(LeaseTest, ShowsInAFilesHeadersAndNotInItsEtag) {
  create_file_with("f", "hello");
  const Response before = send("HEAD", "/acct1/share1/f");
  EXPECT_EQ(before.headers.get("x-ms-lease-state"), "available");
  lease_file("acquire");
  const Response after = send("HEAD", "/acct1/share1/f");
  EXPECT_EQ(after.headers.get("x-ms-lease-state"), "leased");
  EXPECT_EQ(after.headers.get("x-ms-lease-status"), "locked");
  EXPECT_EQ(after.headers.get("x-ms-lease-duration"), "infinite");
  for (const char* name : {"ETag", "Last-Modified", "x-ms-file-last-write-time", "x-ms-file-change-time"}) {
    EXPECT_EQ(after.headers.get(name), before.headers.get(name)) << name;
  }
  EXPECT_FALSE(send("HEAD", "/acct1/share1/f", {{"x-ms-version", "2018-11-09"}}).headers.contains("x-ms-lease-state"));
}

TEST_F(LeaseTest, OfAFileIsChangedReleasedAndBroken) {
  create_file_with("f", "hello");
  const std::string id = lease_file("acquire").headers.get("x-ms-lease-id");
  EXPECT_EQ(code_of(lease_file("acquire")), "LeaseAlreadyPresent");
  EXPECT_EQ(code_of(lease_file("change", {{"x-ms-lease-id", kOtherId}, {"x-ms-proposed-lease-id", kId}})),
            "LeaseIdMismatchWithLeaseOperation");
  EXPECT_EQ(lease_file("change", {{"x-ms-lease-id", id}, {"x-ms-proposed-lease-id", kId}}).status, 200);
  EXPECT_EQ(code_of(lease_file("release", {{"x-ms-lease-id", id}})), "LeaseIdMismatchWithLeaseOperation");
  const Response broken = lease_file("break");
  EXPECT_EQ(broken.status, 202);
  EXPECT_EQ(broken.headers.get("x-ms-lease-time"), "0");
  EXPECT_EQ(code_of(put_range("f", 0, "J", {{"x-ms-lease-id", kId}})), "LeaseLost");
  EXPECT_EQ(put_range("f", 0, "J").status, 201);
  EXPECT_EQ(lease_file("release", {{"x-ms-lease-id", kId}}).status, 200);
  EXPECT_EQ(code_of(put_range("f", 0, "J", {{"x-ms-lease-id", kId}})), "LeaseNotPresentWithFileOperation");
  EXPECT_EQ(code_of(lease_file("release", {{"x-ms-lease-id", kId}})), "LeaseNotPresentWithLeaseOperation");
}

TEST_F(LeaseTest, OfAFileHasNoEnd) {
  create_file_with("f", "hello");
  EXPECT_EQ(code_of(lease_file("acquire", {{"x-ms-lease-duration", "15"}})), "InvalidHeaderValue");
  EXPECT_EQ(code_of(lease_file("acquire", {{"x-ms-proposed-lease-id", "x"}})), "InvalidHeaderValue");
  EXPECT_EQ(code_of(lease_file("rent")), "InvalidHeaderValue");
  EXPECT_EQ(code_of(lease_file("renew")), "MissingRequiredHeader");
  EXPECT_EQ(code_of(lease("/acct1/share1/nosuch?comp=lease", "acquire")), "ResourceNotFound");
}

TEST_F(LeaseTest, OfAShareEndsByItself) {
  EXPECT_EQ(acquire_share("15").status, 201);
  EXPECT_EQ(send("GET", "/acct1/share1?restype=share").headers.get("x-ms-lease-duration"), "fixed");
  clock_->advance(std::chrono::seconds(14));
  EXPECT_EQ(lease_share("renew", {{"x-ms-lease-id", kId}}).status, 200);
  clock_->advance(std::chrono::seconds(14));
  EXPECT_EQ(share_state(), "leased");
  clock_->advance(std::chrono::seconds(1));
  EXPECT_EQ(share_state(), "expired");
  EXPECT_EQ(lease_share("renew", {{"x-ms-lease-id", kId}}).status, 200);
  EXPECT_EQ(share_state(), "leased");
}

TEST_F(LeaseTest, OfAShareBreaksAfterItsPeriod) {
  acquire_share("60");
  const Response breaking = lease_share("break", {{"x-ms-lease-break-period", "20"}});
  EXPECT_EQ(breaking.headers.get("x-ms-lease-time"), "20");
  EXPECT_EQ(share_state(), "breaking");
  EXPECT_EQ(code_of(acquire_share("60")), "LeaseIsBreakingAndCannotBeAcquired");
  EXPECT_EQ(code_of(lease_share("renew", {{"x-ms-lease-id", kId}})), "LeaseIsBrokenAndCannotBeRenewed");
  clock_->advance(std::chrono::seconds(5));
  EXPECT_EQ(lease_share("break").headers.get("x-ms-lease-time"), "15");
  clock_->advance(std::chrono::seconds(15));
  EXPECT_EQ(share_state(), "broken");
  EXPECT_EQ(acquire_share("-1").status, 201);
}

TEST_F(LeaseTest, OfAShareGuardsItsDeletion) {
  const std::string etag = send("GET", "/acct1/share1?restype=share").headers.get("ETag");
  acquire_share("-1");
  EXPECT_EQ(send("GET", "/acct1/share1?restype=share").headers.get("ETag"), etag);
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share")), "LeaseIdMissing");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share", {{"x-ms-lease-id", kOtherId}})),
            "LeaseIdMismatchWithContainerOperation");
  EXPECT_EQ(send("PUT", "/acct1/share1?restype=share&comp=metadata", {{"x-ms-meta-a", "b"}}).status, 200);
  EXPECT_EQ(send("PUT", "/acct1/share1?restype=share&comp=metadata", {{"x-ms-lease-id", kOtherId}}).status, 412);
  const std::string properties = "/acct1/share1?restype=share&comp=properties";
  const Response refused = send("PUT", properties, {{"x-ms-share-quota", "9"}});
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(code_of(refused), "LeaseIdMissing");
  EXPECT_EQ(send("PUT", properties, {{"x-ms-share-quota", "9"}, {"x-ms-lease-id", kId}}).status, 200);
  EXPECT_EQ(create_file("f", 1).status, 201);
  EXPECT_THAT(send("GET", "/acct1/?comp=list").body,
              testing::HasSubstr("<LeaseStatus>locked</LeaseStatus><LeaseState>leased</LeaseState>"));
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share", {{"x-ms-lease-id", kId}}).status, 202);
}

TEST_F(LeaseTest, OfAShareGuardsItsDeletionUntilItIsBroken) {
  acquire_share("60");
  lease_share("break", {{"x-ms-lease-break-period", "20"}});
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share")), "LeaseIdMissing");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share", {{"x-ms-lease-id", kOtherId}})),
            "LeaseIdMismatchWithContainerOperation");
  clock_->advance(std::chrono::seconds(19));
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share")), "LeaseIdMissing");
  clock_->advance(std::chrono::seconds(1));
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1?restype=share", {{"x-ms-lease-id", kId}})), "LeaseLost");
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share").status, 202);
}

TEST_F(LeaseTest, OfAShareLetsItBeDeletedWithItsIdWhileItBreaks) {
  acquire_share("60");
  lease_share("break");
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share", {{"x-ms-lease-id", kId}}).status, 202);
}

TEST_F(LeaseTest, OfAShareIsNeitherChangedNorTakenByAnybodyElseWhileItBreaks) {
  acquire_share("60");
  lease_share("break", {{"x-ms-lease-break-period", "20"}});
  EXPECT_EQ(code_of(lease_share("change", {{"x-ms-lease-id", kId}, {"x-ms-proposed-lease-id", kOtherId}})),
            "LeaseIsBreakingAndCannotBeChanged");
  EXPECT_EQ(code_of(lease_share("acquire", {{"x-ms-lease-duration", "60"}, {"x-ms-proposed-lease-id", kOtherId}})),
            "LeaseAlreadyPresent");
  clock_->advance(std::chrono::seconds(20));
  EXPECT_EQ(code_of(lease_share("change", {{"x-ms-lease-id", kId}, {"x-ms-proposed-lease-id", kOtherId}})),
            "LeaseNotPresentWithLeaseOperation");
}

TEST_F(LeaseTest, OfAShareBreaksNoLaterThanItWouldHaveEnded) {
  acquire_share("30");
  clock_->advance(std::chrono::seconds(10));
  EXPECT_EQ(lease_share("break", {{"x-ms-lease-break-period", "60"}}).headers.get("x-ms-lease-time"), "20");
  EXPECT_EQ(lease_share("break", {{"x-ms-lease-break-period", "50"}}).headers.get("x-ms-lease-time"), "20");
  EXPECT_EQ(lease_share("break", {{"x-ms-lease-break-period", "5"}}).headers.get("x-ms-lease-time"), "5");
}

TEST_F(LeaseTest, OfAShareBreaksWithin60Seconds) {
  for (const char* seconds : {"61", "-1", "x"}) {
    EXPECT_EQ(code_of(lease_share("break", {{"x-ms-lease-break-period", seconds}})), "InvalidHeaderValue") << seconds;
  }
  acquire_share("-1");
  EXPECT_EQ(lease_share("break", {{"x-ms-lease-break-period", "60"}}).headers.get("x-ms-lease-time"), "60");
}

TEST_F(LeaseTest, OfAShareLastsFrom15To60Seconds) {
  for (const char* seconds : {"14", "61", "0", "-2", "x"}) {
    EXPECT_EQ(code_of(acquire_share(seconds)), "InvalidHeaderValue") << seconds;
  }
  EXPECT_EQ(code_of(lease_share("acquire")), "MissingRequiredHeader");
}

}  // namespace
}  // namespace batchai::server::files::test

#include "batchai/core/error.hpp"
#include "batchai/files/share_service_client.hpp"
#include "batchai/files/transfer.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_credential.hpp"
#include "support/fake_transport.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::files::test {
namespace {

using batchai::test::empty_response;

const std::string kShare = "https://acct1.file.core.windows.net/share1";

/// What every answer about a file has.
const Headers kHeadersOfAPart = {{"Content-Length", "3"}, {"Content-Range", "bytes 10-12/13"}, {"ETag", "\"e\""}};

class RequestsTest : public testing::Test {
 protected:
  ShareServiceClient account() const {
    const StorageAccount account{
        .name = "acct1", .key = Secret("QUJD"), .endpoint = cloud_files_endpoint("acct1", "core.windows.net")};
    return ShareServiceClient(account, {.transport = network_, .clock = clock_});
  }
  ShareClient share() const { return account().share("share1"); }
  std::shared_ptr<batchai::test::FakeTransport> network_ = std::make_shared<batchai::test::FakeTransport>();
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  batchai::test::TemporaryFolder folder_;
};

TEST_F(RequestsTest, SignsAndNamesTheVersion) {
  network_->on("PUT", kShare + "?restype=share", empty_response(201));
  share().create({.quota = 5, .metadata = {{"k", "v"}}});
  const HttpRequest request = network_->last_request();
  EXPECT_EQ(request.headers.get("x-ms-version"), "2022-11-02");
  EXPECT_EQ(request.headers.get("x-ms-share-quota"), "5");
  EXPECT_EQ(request.headers.get("x-ms-meta-k"), "v");
  EXPECT_EQ(request.headers.get("x-ms-date"), "Thu, 07 Jun 2018 21:16:21 GMT");
  EXPECT_THAT(request.headers.get("Authorization"), testing::StartsWith("SharedKey acct1:"));
}

TEST_F(RequestsTest, CarriesATokenWithTheIntentBackupWhereThereIsNeitherKeyNorSas) {
  const StorageAccount account{.name = "acct1",
                               .credential = std::make_shared<batchai::test::FakeCredential>(),
                               .endpoint = cloud_files_endpoint("acct1", "core.windows.net")};
  const ShareServiceClient client(account, {.transport = network_, .clock = clock_});
  network_->on("PUT", kShare + "?restype=share", empty_response(201));
  client.share("share1").create({});
  const HttpRequest request = network_->last_request();
  EXPECT_EQ(request.headers.get("Authorization"), "Bearer token-1");
  EXPECT_EQ(request.headers.get("x-ms-file-request-intent"), "backup");
  EXPECT_GE(request.headers.get("x-ms-version"), "2022-11-02");
  EXPECT_THROW(client.sas_url({.expiry = clock_->now() + std::chrono::hours(1)}), InvalidArgument);
}

TEST_F(RequestsTest, SendsPiecesWithTypeAndHash) {
  network_->on("PUT", kShare + "/dir%20a/f%C3%A9?comp=range", empty_response(201));
  share().file("dir a/fé").put_range(3, "abc");
  const HttpRequest request = network_->last_request();
  EXPECT_EQ(request.headers.get("x-ms-range"), "bytes=3-5");
  EXPECT_EQ(request.headers.get("x-ms-write"), "update");
  EXPECT_EQ(request.headers.get("Content-Type"), "application/octet-stream");
  EXPECT_EQ(request.headers.get("Content-MD5"), "kAFQmDzST7DWlj99KOF/cg==");
  EXPECT_EQ(request.body, "abc");
}

TEST_F(RequestsTest, AsksForRangesByOffsetAndLength) {
  network_->on("GET", kShare + "/f", {.status = 206, .headers = kHeadersOfAPart, .body = "cde"});
  EXPECT_EQ(share().file("f").get_range({10, 5}).bytes, "cde");
  EXPECT_EQ(network_->last_request().headers.get("x-ms-range"), "bytes=10-14");
  network_->on("PUT", kShare + "/f?comp=range", empty_response(201));
  share().file("f").clear_range({10, 1});
  EXPECT_EQ(network_->last_request().headers.get("x-ms-range"), "bytes=10-10");
}

TEST_F(RequestsTest, RefusesSizesOfPagesThatTheServiceDoesNotTake) {
  for (const int size : {-1, 0, 5001}) {
    EXPECT_THROW(account().list({.page_size = size}), InvalidArgument) << size;
    EXPECT_THROW(share().root().list({.page_size = size}), InvalidArgument) << size;
  }
}

TEST_F(RequestsTest, RefusesRangesThatHoldNothingBeforeSendingThem) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  const FileClient file = share().file("f");
  const Url source = Url::parse("https://acct1.file.core.windows.net/share1/g?sig=x");
  for (const FileRange& range : {FileRange{}, FileRange{10, 0}, FileRange{2, kMost}}) {
    EXPECT_THROW(file.get_range(range), InvalidArgument) << range.offset;
    EXPECT_THROW(file.clear_range(range), InvalidArgument) << range.offset;
    EXPECT_THROW(file.put_range_from(source, range, 0), InvalidArgument) << range.offset;
  }
  EXPECT_THROW(file.put_range_from(source, {0, kLargestPiece + 1}, 0), InvalidArgument);
  EXPECT_THROW(file.put_range(kMost, "ab"), InvalidArgument);
  EXPECT_THAT(network_->requests(), testing::IsEmpty());
}

TEST_F(RequestsTest, RefusesSignaturesThatNoServiceWouldTake) {
  const Timestamp later = clock_->now() + std::chrono::hours(1);
  const ShareClient share = this->share();
  const FileClient file = share.file("f");
  EXPECT_THROW(file.sas_url({}), InvalidArgument);
  EXPECT_THROW(file.sas_url({.expiry = Timestamp{}}), InvalidArgument);
  EXPECT_THROW(file.sas_url({.permissions = "rx", .expiry = later}), InvalidArgument);
  EXPECT_THROW(file.sas_url({.permissions = "rl", .expiry = later}), InvalidArgument);
  EXPECT_THROW(share.sas_url({.permissions = "", .expiry = later}), InvalidArgument);
  EXPECT_THROW(share.sas_url({.expiry = later, .start = later}), InvalidArgument);
  EXPECT_THROW(share.sas_url({.expiry = later, .protocols = "http"}), InvalidArgument);
  EXPECT_THROW(account().sas_url({}), InvalidArgument);
  EXPECT_THROW(account().sas_url({.permissions = "p", .expiry = later}), InvalidArgument);
  EXPECT_THROW(account().sas_url({.resource_types = "x", .expiry = later}), InvalidArgument);
  EXPECT_NO_THROW(file.sas_url({.permissions = "", .policy = "readers"}));
}

TEST_F(RequestsTest, PutsTheLettersOfPermissionsIntoTheServicesOrder) {
  const Timestamp later = clock_->now() + std::chrono::hours(1);
  EXPECT_THAT(share().sas_url({.permissions = "lwr", .expiry = later}).query(), testing::HasSubstr("sp=rwl&"));
  EXPECT_THAT(account().sas_url({.permissions = "clr", .resource_types = "os", .expiry = later}).query(),
              testing::AllOf(testing::HasSubstr("sp=rlc&"), testing::HasSubstr("srt=so&")));
}

TEST_F(RequestsTest, TurnsAnErrorDocumentIntoAServiceError) {
  network_->on("GET", kShare + "?restype=share",
               {.status = 403,
                .reason = "ignored",
                .headers = {{"x-ms-request-id", "r1"}},
                .body = "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code>"
                        "<Message>No.\nRequestId:r1\nTime:now</Message><AuthenticationErrorDetail>Too late"
                        "</AuthenticationErrorDetail><HeaderName>Range</HeaderName></Error>"});
  try {
    share().get_properties();
    FAIL() << "no exception";
  } catch (const ServiceError& error) {
    EXPECT_EQ(error.status(), 403);
    EXPECT_EQ(error.code(), "AuthenticationFailed");
    EXPECT_EQ(error.message(), "No. (Too late)");
    EXPECT_EQ(error.body().extra.at("HeaderName"), "Range");
    EXPECT_EQ(error.method(), "GET");
    EXPECT_EQ(error.url(), kShare + "?restype=share");
    EXPECT_EQ(error.request_id(), "r1");
  }
}

TEST_F(RequestsTest, TakesTheCodeOfAHeadFromItsHeader) {
  network_->on("HEAD", kShare + "/f",
               {.status = 409, .reason = "The reason.", .headers = {{"x-ms-error-code", "SharingViolation"}}});
  try {
    share().file("f").get_properties();
    FAIL() << "no exception";
  } catch (const ServiceError& error) {
    EXPECT_EQ(error.code(), "SharingViolation");
    EXPECT_EQ(error.body().message, "The reason.");
  }
}

TEST_F(RequestsTest, RefusesAnswersThatAreNotTheProtocols) {
  network_->on("GET", kShare + "?restype=directory&comp=list&include=Timestamps%2CEtag",
               {.status = 200, .body = "<html>proxy</html>"});
  EXPECT_THROW(share().root().list().to_vector(), ProtocolError);
  network_->on("HEAD", kShare + "/f", empty_response(200));
  EXPECT_THROW(share().file("f").get_properties(), ProtocolError);
}

TEST_F(RequestsTest, RefusesAListingThatLeadsBackToItself) {
  const std::string list = kShare + "?restype=directory&comp=list&include=Timestamps%2CEtag";
  const std::string page =
      "<EnumerationResults><Entries><File><Name>f</Name></File></Entries>"
      "<NextMarker>again</NextMarker></EnumerationResults>";
  network_->on("GET", list, {.status = 200, .body = page});
  network_->on("GET", list + "&marker=again", {.status = 200, .body = page});
  EXPECT_THROW(share().root().list().to_vector(), ProtocolError);
}

TEST_F(RequestsTest, RefusesADirectoryThatContainsItself) {
  network_->on(
      "GET", kShare + "?restype=directory&comp=list&include=Timestamps%2CEtag",
      {.status = 200,
       .body = "<EnumerationResults><DirectoryId>7</DirectoryId><Entries><File><Name>f</Name><FileId>8</FileId>"
               "</File><Directory><Name>loop</Name><FileId>7</FileId></Directory></Entries><NextMarker/>"
               "</EnumerationResults>"});
  try {
    share().root().list().to_vector();
    FAIL() << "no exception";
  } catch (const ProtocolError& error) {
    EXPECT_STREQ(error.what(), "the storage service lists a directory that contains itself, as 'loop'");
  }
}

TEST_F(RequestsTest, DecodesNamesThatXmlCannotCarry) {
  network_->on("GET", kShare + "?restype=directory&comp=list&include=Timestamps%2CEtag",
               {.status = 200,
                .body = "<EnumerationResults><Entries><File><Name Encoded=\"true\">a%0Ab</Name><Properties>"
                        "<Content-Length>7</Content-Length></Properties></File></Entries><NextMarker/>"
                        "</EnumerationResults>"});
  const auto entries = share().root().list().to_vector();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].name, "a\nb");
  EXPECT_EQ(entries[0].size, 7U);
}

TEST_F(RequestsTest, DoesNotSendPiecesOfZeros) {
  std::ofstream(folder_.path() / "zeros") << std::string(100, '\0');
  network_->on("PUT", kShare + "/f", empty_response(201));
  upload_file(folder_.path() / "zeros", share().file("f"));
  EXPECT_EQ(network_->last_request().headers.get("x-ms-content-length"), "100");
}

TEST_F(RequestsTest, SaysWhichLocalFileCannotBeRead) {
  try {
    upload_file(folder_.path() / "nosuch", share().file("f"));
    FAIL() << "no exception";
  } catch (const InvalidArgument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("nosuch"));
  }
  EXPECT_THROW(upload_file(folder_.path(), share().file("f")), InvalidArgument);
}

TEST_F(RequestsTest, RefusesUrlsThatNameNoFile) {
  EXPECT_THROW(FileClient::from_sas_url(Url::parse("https://acct1.file.core.windows.net/share1?sig=x"), {}),
               InvalidArgument);
  EXPECT_THROW(FileClient::from_sas_url(Url::parse("https://127.0.0.1/acct1/share1?sig=x"), {}), InvalidArgument);
}

TEST_F(RequestsTest, ReadsHandlesPageByPage) {
  const auto page = [](const std::string& id, const std::string& next) {
    return batchai::HttpResponse{
        .status = 200,
        .body = "<EnumerationResults><Entries><Handle><HandleId>" + id +
                "</HandleId><Path>a/b</Path><FileId>7</FileId><ParentId>8</ParentId><SessionId>9</SessionId>"
                "<ClientIp>10.0.0.1:445</ClientIp><OpenTime>Thu, 07 Jun 2018 21:16:21 GMT</OpenTime>"
                "<AccessRightList><AccessRight>Read</AccessRight><AccessRight>Write</AccessRight></AccessRightList>"
                "</Handle></Entries><NextMarker>" +
                next + "</NextMarker></EnumerationResults>"};
  };
  network_->on("GET", kShare + "/a?comp=listhandles", page("1", "m"));
  network_->on("GET", kShare + "/a?comp=listhandles&marker=m", page("2", ""));
  const auto handles = share().directory("a").list_handles(true).to_vector();
  ASSERT_EQ(handles.size(), 2U);
  EXPECT_EQ(handles[1].id, "2");
  EXPECT_EQ(handles[0].path, "a/b");
  EXPECT_EQ(handles[0].file_id, "7");
  EXPECT_EQ(handles[0].parent_id, "8");
  EXPECT_EQ(handles[0].session_id, "9");
  EXPECT_EQ(handles[0].client, "10.0.0.1:445");
  EXPECT_EQ(handles[0].opened, parse_iso8601("2018-06-07T21:16:21Z"));
  EXPECT_FALSE(handles[0].last_reconnected);
  EXPECT_THAT(handles[0].access, testing::ElementsAre("Read", "Write"));
  EXPECT_EQ(network_->last_request().headers.get("x-ms-recursive"), "true");
}

TEST_F(RequestsTest, ClosesHandlesUntilThereAreNoMore) {
  const std::string url = kShare + "/f?comp=forceclosehandles";
  network_->on(
      "PUT", url,
      empty_response(
          200, {{"x-ms-number-of-handles-closed", "3"}, {"x-ms-number-of-handles-failed", "1"}, {"x-ms-marker", "m"}}));
  network_->on("PUT", url + "&marker=m", empty_response(200, {{"x-ms-number-of-handles-closed", "2"}}));
  const ClosedHandles closed = share().file("f").close_all_handles();
  EXPECT_EQ(closed.closed, 5U);
  EXPECT_EQ(closed.failed, 1U);
  EXPECT_EQ(network_->last_request().headers.get("x-ms-handle-id"), "*");
  EXPECT_THROW(share().file("f").close_handle(""), InvalidArgument);
}

TEST_F(RequestsTest, MakesNoFileWhereAnotherClientWasFaster) {
  network_->on("HEAD", kShare + "/f", empty_response(404));
  network_->on_below("PUT", kShare + "/.", empty_response(201));
  network_->on("PUT", kShare + "/f?comp=rename", empty_response(409, {{"x-ms-error-code", "ResourceAlreadyExists"}}));
  network_->on_below("DELETE", kShare + "/.", empty_response(202));
  EXPECT_FALSE(share().file("f").create_if_absent(1));
}

TEST_F(RequestsTest, KnowsAttributesOfSmbAndPassesOverOthers) {
  const Headers headers = {{"Content-Length", "1"}, {"x-ms-file-attributes", "ReadOnly | Unheard |System"}};
  network_->on("HEAD", kShare + "/f", empty_response(200, headers));
  EXPECT_EQ(share().file("f").get_properties().attributes, SmbAttributes::ReadOnly | SmbAttributes::System);
}

}  // namespace
}  // namespace batchai::files::test

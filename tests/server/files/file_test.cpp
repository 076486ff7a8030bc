#include "server/files/api_fixture.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace batchai::server::files::test {
namespace {

class FileTest : public FaceTest {
 protected:
  Response read(const std::string& path, Headers headers = {}) {
    return send("GET", "/acct1/share1/" + path, std::move(headers));
  }
  std::string etag(const std::string& path) { return send("HEAD", "/acct1/share1/" + path).headers.get("ETag"); }
};

TEST_F(FileTest, IsCreatedFullOfZerosAndReadsBackWhatIsWritten) {
  const Response created = create_file("a%20b.txt", 5);
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.headers.get("x-ms-request-server-encrypted"), "true");
  EXPECT_TRUE(created.headers.contains("x-ms-file-id"));
  EXPECT_EQ(get("a%20b.txt"), std::string(5, '\0'));
  const Response written = put_range("a%20b.txt", 1, "xyz");
  EXPECT_EQ(written.status, 201);
  EXPECT_GT(written.headers.get("ETag"), created.headers.get("ETag"));
  EXPECT_EQ(get("a%20b.txt"), std::string("\0xyz\0", 5));
  EXPECT_TRUE(std::filesystem::is_regular_file(share_folder() / "a b.txt"));
}

TEST_F(FileTest, AnswersAWriteWithTheMd5WhereTheRequestHasIt) {
  create_file("f", 5);
  const std::string md5 = signing::base64_encode(signing::md5("xyz"));
  EXPECT_FALSE(put_range("f", 1, "xyz").headers.contains("Content-MD5"));
  EXPECT_EQ(put_range("f", 1, "xyz", {{"Content-MD5", md5}}).headers.get("Content-MD5"), md5);
  EXPECT_EQ(put_range("f", 1, "xyz", {{"x-ms-version", "2018-11-09"}}).headers.get("Content-MD5"), md5);
}

TEST_F(FileTest, IsEmptiedWhenItIsCreatedAgain) {
  create_file_with("f", "secret");
  EXPECT_EQ(create_file("f", 3, {{"x-ms-meta-new", "1"}}).status, 201);
  EXPECT_EQ(get("f"), std::string(3, '\0'));
}

TEST_F(FileTest, NeedsTypeLengthAndParent) {
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f", {{"x-ms-content-length", "1"}})), "MissingRequiredHeader");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f", {{"x-ms-type", "file"}})), "MissingRequiredHeader");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f", {{"x-ms-type", "blob"}, {"x-ms-content-length", "1"}})),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f", {{"x-ms-type", "file"}, {"x-ms-content-length", "-1"}})),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(create_file("f", (4ULL << 40U) + 1)), "OutOfRangeInput");
  EXPECT_EQ(code_of(create_file("d/f", 1)), "ParentNotFound");
  EXPECT_EQ(code_of(send("PUT", "/acct1/nosuch/f", {{"x-ms-type", "file"}, {"x-ms-content-length", "1"}})),
            "ShareNotFound");
  send("PUT", "/acct1/share1/d?restype=directory");
  EXPECT_EQ(code_of(create_file("d", 1)), "ResourceTypeMismatch");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1/d")), "ResourceTypeMismatch");
}

TEST_F(FileTest, KeepsContentHeadersAndMetadata) {
  const std::string md5 = signing::base64_encode(signing::md5("hello"));
  create_file("f", 5,
              {{"x-ms-content-type", "text/plain"},
               {"x-ms-content-encoding", "identity"},
               {"x-ms-cache-control", "no-cache"},
               {"x-ms-content-disposition", "inline"},
               {"x-ms-content-md5", md5},
               {"x-ms-meta-Key", "value"},
               {"x-ms-meta", "{'Key': 'value'}"}});
  for (const char* method : {"GET", "HEAD"}) {
    const Response response = send(method, "/acct1/share1/f");
    EXPECT_EQ(response.headers.get("Content-Type"), "text/plain");
    EXPECT_EQ(response.headers.get("Content-Encoding"), "identity");
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-cache");
    EXPECT_EQ(response.headers.get("Content-Disposition"), "inline");
    EXPECT_EQ(response.headers.get("Content-MD5"), md5);
    EXPECT_EQ(response.headers.get("x-ms-meta-Key"), "value");
    EXPECT_FALSE(response.headers.contains("x-ms-meta"));
    EXPECT_EQ(response.headers.get("x-ms-type"), "File");
    EXPECT_EQ(response.headers.get("Accept-Ranges"), "bytes");
  }
  const Response piece = read("f", {{"x-ms-range", "bytes=0-1"}});
  EXPECT_FALSE(piece.headers.contains("Content-MD5"));
  EXPECT_EQ(piece.headers.get("x-ms-content-md5"), md5);
}

TEST_F(FileTest, DropsTheHashOnceAJobHasWritten) {
  create_file("log", 4, {{"x-ms-content-md5", signing::base64_encode(signing::md5("one\n"))}});
  put_range("log", 0, "one\n");
  ASSERT_TRUE(read("log").headers.contains("Content-MD5"));
  std::ofstream(share_folder() / "log", std::ios::app) << "two\n";
  EXPECT_FALSE(read("log").headers.contains("Content-MD5"));
  // A request that leaves the content alone does not bring it back.
  send("PUT", "/acct1/share1/log?comp=lease", {{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "-1"}});
  EXPECT_FALSE(read("log").headers.contains("Content-MD5"));
  EXPECT_FALSE(read("log", {{"Range", "bytes=0-1"}}).headers.contains("x-ms-content-md5"));
}

TEST_F(FileTest, KeepsTheHashWhenTheServiceDiesWhileARequestWrites) {
  const std::string md5 = signing::base64_encode(signing::md5("one\n"));
  create_file("f", 4, {{"x-ms-content-md5", md5}});
  put_range("f", 0, "one\n");
  // What a service leaves that is killed after it has written and before it has noted that.
  const Descriptor file(::open((share_folder() / "f").c_str(), O_RDWR | O_CLOEXEC));
  const AttributeStore store(folder_.path() / "files" / ".attributes");
  Attributes attributes = store.load(file.get());
  attributes.md5_valid_for.reset();
  store.save(file.get(), attributes);
  ASSERT_EQ(::pwrite(file.get(), "two\n", 4, 0), 4);
  EXPECT_EQ(read("f").headers.get("Content-MD5"), md5);
  put_range("f", 0, "one\n");
  EXPECT_EQ(read("f").headers.get("Content-MD5"), md5);
}

TEST_F(FileTest, ClearsTheContentHeadersThatAreNotSentAgain) {
  create_file("f", 5, {{"x-ms-content-type", "text/plain"}, {"x-ms-meta-k", "v"}});
  const Response response = send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-cache-control", "no-store"}});
  EXPECT_EQ(response.status, 200);
  const Response head = send("HEAD", "/acct1/share1/f");
  EXPECT_FALSE(head.headers.contains("Content-Type"));
  EXPECT_FALSE(read("f").headers.contains("Content-Type"));
  EXPECT_EQ(head.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(head.headers.get("x-ms-meta-k"), "v");
  EXPECT_EQ(head.head_content_length, 5U);
}

TEST_F(FileTest, HasTheUsualContentTypeUntilARequestSetsOrClearsIt) {
  write_as_job("by-job", "x");
  create_file("f", 1);
  for (const char* name : {"by-job", "f"}) {
    EXPECT_EQ(read(name).headers.get("Content-Type"), "application/octet-stream");
    send("PUT", std::string("/acct1/share1/") + name + "?comp=metadata", {{"x-ms-meta-a", "b"}});
    EXPECT_EQ(read(name).headers.get("Content-Type"), "application/octet-stream");
    send("PUT", std::string("/acct1/share1/") + name + "?comp=properties", {{"x-ms-file-attributes", "Hidden"}});
    EXPECT_FALSE(read(name).headers.contains("Content-Type"));
  }
  send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-type", "text/css"}});
  EXPECT_EQ(read("f").headers.get("Content-Type"), "text/css");
}

TEST_F(FileTest, KeepsAContentMd5OfAnyLength) {
  const std::string odd = "c3R1ZmY=";  // five bytes
  EXPECT_EQ(create_file("f", 3, {{"x-ms-content-md5", odd}}).status, 201);
  EXPECT_EQ(read("f").headers.get("Content-MD5"), odd);
  EXPECT_EQ(send("HEAD", "/acct1/share1/f").headers.get("Content-MD5"), odd);
  EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-md5", "YQ=="}}).status, 200);
  EXPECT_EQ(read("f", {{"x-ms-range", "bytes=0-0"}}).headers.get("x-ms-content-md5"), "YQ==");
  EXPECT_EQ(code_of(create_file("f", 3, {{"x-ms-content-md5", "no base64!"}})), "InvalidMd5");
}

TEST_F(FileTest, IsResized) {
  create_file_with("f", "hello");
  send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-length", "2"}});
  EXPECT_EQ(get("f"), "he");
  send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-length", "4"}});
  EXPECT_EQ(get("f"), std::string("he\0\0", 4));
}

TEST_F(FileTest, ReplacesItsMetadata) {
  create_file("f", 1, {{"x-ms-meta-a", "1"}, {"x-ms-meta-b", "2"}});
  EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-c", "3"}}).status, 200);
  const Response response = send("GET", "/acct1/share1/f?comp=metadata");
  EXPECT_EQ(response.headers.get("x-ms-meta-c"), "3");
  EXPECT_FALSE(response.headers.contains("x-ms-meta-a"));
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-1a", "3"}})), "InvalidMetadata");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-", "3"}})), "EmptyMetadataKey");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-a", std::string(8193, 'x')}})),
            "MetadataTooLarge");
}

TEST_F(FileTest, KeepsMetadataThatDoesNotFitIntoTheInode) {
  create_file("f", 1);
  const std::string large(8000, 'x');
  EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-a", large}}).status, 200);
  EXPECT_EQ(send("GET", "/acct1/share1/f?comp=metadata").headers.get("x-ms-meta-a"), large);
  send("DELETE", "/acct1/share1/f");
  create_file("f", 1);
  EXPECT_FALSE(send("GET", "/acct1/share1/f?comp=metadata").headers.contains("x-ms-meta-a"));
}

TEST_F(FileTest, ServesRangesWithXMsRangeBeforeRange) {
  create_file_with("f", "0123456789");
  const Response piece = read("f", {{"Range", "bytes=0-0"}, {"x-ms-range", "bytes=2-4"}});
  EXPECT_EQ(piece.status, 206);
  EXPECT_EQ(read_body(piece), "234");
  EXPECT_EQ(piece.headers.get("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(read_body(read("f", {{"Range", "bytes=7-"}})), "789");
  const Response long_range = read("f", {{"x-ms-range", "bytes=0-33554431"}});
  EXPECT_EQ(long_range.status, 206);
  EXPECT_EQ(long_range.headers.get("Content-Range"), "bytes 0-9/10");
  EXPECT_EQ(read("f").status, 200);
  EXPECT_EQ(read("f", {{"Range", "bytes=-3"}}).status, 200);
}

TEST_F(FileTest, RefusesRangesBehindTheEnd) {
  create_file_with("f", "0123456789");
  create_file("empty", 0);
  for (const auto& [path, range] :
       {std::pair("f", "bytes=10-"), std::pair("f", "bytes=99-100"), std::pair("empty", "bytes=0-")}) {
    const Response response = read(path, {{"Range", range}});
    EXPECT_EQ(response.status, 416);
    EXPECT_EQ(code_of(response), "InvalidRange");
    EXPECT_EQ(response.headers.get("Content-Range"), path == std::string("f") ? "bytes */10" : "bytes */0");
  }
  EXPECT_EQ(read("empty").status, 200);
}

TEST_F(FileTest, HashesARangeWhenAsked) {
  create_file_with("f", "0123456789");
  const Response piece = read("f", {{"x-ms-range", "bytes=2-4"}, {"x-ms-range-get-content-md5", "true"}});
  EXPECT_EQ(piece.headers.get("Content-MD5"), signing::base64_encode(signing::md5("234")));
  EXPECT_EQ(read("f", {{"x-ms-range-get-content-md5", "true"}}).status, 400);
  create_file("large", 5U << 20U);
  EXPECT_EQ(read("large", {{"x-ms-range", "bytes=0-4194304"}, {"x-ms-range-get-content-md5", "true"}}).status, 400);
}

TEST_F(FileTest, HasLeaseAndSmbHeadersOnlyInLaterVersions) {
  create_file_with("f", "x");
  EXPECT_FALSE(read("f", {{"x-ms-version", "2018-11-09"}}).headers.contains("x-ms-lease-status"));
  EXPECT_FALSE(read("f", {{"x-ms-version", "2018-11-09"}}).headers.contains("x-ms-file-id"));
  EXPECT_TRUE(read("f", {{"x-ms-version", "2019-02-02"}}).headers.contains("x-ms-file-id"));
  const Response later = read("f", {{"x-ms-version", "2019-02-02"}});
  EXPECT_EQ(later.headers.get("x-ms-lease-status"), "unlocked");
  EXPECT_EQ(later.headers.get("x-ms-lease-state"), "available");
}

TEST_F(FileTest, ChecksWhatIsWritten) {
  create_file("f", 10);
  EXPECT_EQ(put_range("f", 5, "123456").status, 416);
  EXPECT_EQ(put_range("f", 10, "1").status, 416);
  EXPECT_EQ(code_of(put_range("f", 0, "12", {{"Content-MD5", signing::base64_encode(signing::md5("13"))}})),
            "Md5Mismatch");
  EXPECT_EQ(code_of(put_range("f", 0, "12", {{"Content-MD5", "AAAA"}})), "InvalidMd5");
  const std::string target = "/acct1/share1/f?comp=range";
  EXPECT_EQ(code_of(send("PUT", target, {{"x-ms-write", "update"}, {"x-ms-range", "bytes=0-4"}}, "123")),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(send("PUT", target, {{"x-ms-write", "update"}, {"x-ms-range", "bytes=0-"}}, "123")),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(send("PUT", target, {{"x-ms-write", "update"}}, "123")), "MissingRequiredHeader");
  EXPECT_EQ(code_of(send("PUT", target, {{"x-ms-range", "bytes=0-2"}}, "123")), "MissingRequiredHeader");
  EXPECT_EQ(code_of(send("PUT", target, {{"x-ms-write", "append"}, {"x-ms-range", "bytes=0-2"}}, "123")),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(put_range("nosuch", 0, "1")), "ResourceNotFound");
  EXPECT_EQ(get("f"), std::string(10, '\0'));
}

TEST_F(FileTest, TakesPiecesOfAtMost4MiB) {
  create_file("f", 9U << 20U);
  EXPECT_EQ(put_range("f", 0, std::string(4U << 20U, 'x')).status, 201);
  EXPECT_EQ(code_of(put_range("f", 0, std::string((4U << 20U) + 1, 'x'))), "RequestBodyTooLarge");
}

TEST_F(FileTest, ClearsRangesOfAnyLength) {
  create_file("f", 6U << 20U);
  put_range("f", 0, std::string(1U << 20U, 'x'));
  const Headers clear = {{"x-ms-write", "clear"}, {"x-ms-range", "bytes=1-6291455"}};
  EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=range", clear).status, 201);
  EXPECT_EQ(get("f"), "x" + std::string((6U << 20U) - 1, '\0'));
  Headers with_hash = clear;
  with_hash.set("Content-MD5", "x");
  EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=range", with_hash).status, 400);
}

TEST_F(FileTest, ListsItsRanges) {
  create_file("f", 1U << 20U);
  EXPECT_THAT(send("GET", "/acct1/share1/f?comp=rangelist").body, testing::EndsWith("<Ranges/>"));
  put_range("f", 0, std::string(65536, 'x'));
  const Response response = send("GET", "/acct1/share1/f?comp=rangelist");
  EXPECT_THAT(response.body, testing::EndsWith("<Ranges><Range><Start>0</Start><End>65535</End></Range></Ranges>"));
  EXPECT_EQ(response.headers.get("x-ms-content-length"), "1048576");
  EXPECT_THAT(send("GET", "/acct1/share1/f?comp=rangelist", {{"x-ms-range", "bytes=10-19"}}).body,
              testing::HasSubstr("<Start>10</Start><End>19</End>"));
}

TEST_F(FileTest, GetsALaterEtagWithEveryChange) {
  create_file("f", 10);
  std::string before = etag("f");
  for (int i = 0; i < 50; ++i) {
    const std::string after = put_range("f", 0, "x").headers.get("ETag");
    EXPECT_GT(after, before);
    EXPECT_EQ(etag("f"), after);
    before = after;
  }
  EXPECT_GT(send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-a", "1"}}).headers.get("ETag"), before);
}

TEST_F(FileTest, GetsAnotherEtagWhenAJobAppends) {
  write_as_job("log", "one");
  std::string before = etag("log");
  for (int i = 0; i < 20; ++i) {
    std::ofstream(share_folder() / "log", std::ios::app) << "more";
    const std::string after = etag("log");
    EXPECT_NE(after, before);
    before = after;
  }
}

TEST_F(FileTest, RefusesRangesWithoutEnd) {
  create_file("f", 5);
  for (const char* range : {"bytes=0-18446744073709551615", "bytes=1-18446744073709551615", "bytes=0-", "bytes=-3"}) {
    EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=range", {{"x-ms-write", "clear"}, {"x-ms-range", range}})),
              "InvalidHeaderValue")
        << range;
  }
  EXPECT_EQ(code_of(send("GET", "/acct1/share1/f?comp=rangelist", {{"x-ms-range", "bytes=5-"}})), "InvalidRange");
}

TEST_F(FileTest, TailsAGrowingFile) {
  write_as_job("log", "one\n");
  EXPECT_EQ(read_body(read("log", {{"Range", "bytes=0-"}})), "one\n");
  EXPECT_EQ(read("log", {{"Range", "bytes=4-"}}).status, 416);
  std::ofstream(share_folder() / "log", std::ios::app) << "two\n";
  const Response more = read("log", {{"Range", "bytes=4-"}});
  EXPECT_EQ(more.status, 206);
  EXPECT_EQ(read_body(more), "two\n");
}

TEST_F(FileTest, FixesTheSizeWhenTheAnswerBegins) {
  write_as_job("log", "one");
  const Response response = read("log");
  std::ofstream(share_folder() / "log", std::ios::app) << "two";
  EXPECT_EQ(read_body(response), "one");
}

TEST_F(FileTest, IsFoundWithoutRegardToCaseAndKeepsItsOwn) {
  create_file_with("ReadMe.TXT", "x");
  EXPECT_EQ(get("readme.txt"), "x");
  create_file_with("%C3%89t%C3%A9", "y");
  EXPECT_EQ(get("%C3%A9T%C3%89"), "y");
  EXPECT_EQ(create_file("README.txt", 0).status, 201);
  EXPECT_TRUE(std::filesystem::exists(share_folder() / "ReadMe.TXT"));
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "README.txt"));
}

TEST_F(FileTest, IsNotFoundWithTheCodeInTheHeaderAlsoForHead) {
  const Response head = send("HEAD", "/acct1/share1/nosuch");
  EXPECT_EQ(head.status, 404);
  EXPECT_EQ(code_of(head), "ResourceNotFound");
  EXPECT_TRUE(head.body.empty());
  send("PUT", "/acct1/share1/d?restype=directory");
  EXPECT_EQ(code_of(read("d")), "ResourceNotFound");
  EXPECT_EQ(code_of(read("d/x/y")), "ParentNotFound");
}

TEST_F(FileTest, IgnoresAttributesOfAJobThatHttpCannotCarry) {
  write_as_job("f", "x");
  const std::string forged = R"({"contentType":"a\r\nSet-Cookie: b","metadata":{"k":"a\nb","a\r\nb":"c","ok":"v"}})";
  if (::setxattr((share_folder() / "f").c_str(), "user.batchai.attributes", forged.data(), forged.size(), 0) != 0) {
    GTEST_SKIP() << "the file system has no user attributes";
  }
  const Response response = read("f");
  EXPECT_EQ(response.headers.get("Content-Type"), "application/octet-stream");
  EXPECT_EQ(response.headers.get("x-ms-meta-ok"), "v");
  for (const auto& [name, value] : response.headers) {
    EXPECT_EQ((name + value).find_first_of("\r\n"), std::string::npos);
  }
}

TEST_F(FileTest, LosesNothingWhenManyRangesAreWrittenAtOnce) {
  constexpr int kPieces = 32;
  constexpr std::uint64_t kPiece = 10'000;
  create_file("f", kPieces * kPiece);
  std::vector<std::string> etags(kPieces);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = t; i < kPieces; i += 4) {
          etags[i] = put_range("f", i * kPiece, std::string(kPiece, static_cast<char>('A' + i))).headers.get("ETag");
        }
      });
    }
  }
  const std::string content = get("f");
  for (int i = 0; i < kPieces; ++i) {
    EXPECT_EQ(content.substr(i * kPiece, kPiece), std::string(kPiece, static_cast<char>('A' + i)));
  }
  std::sort(etags.begin(), etags.end());
  EXPECT_EQ(std::unique(etags.begin(), etags.end()), etags.end());
}

}  // namespace
}  // namespace batchai::server::files::test

#include "server/files/api_fixture.hpp"
#include "server/files/disk/attributes.hpp"
#include "server/files/disk/tree.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

/// Lists of ranges in units of 512 bytes, on a disk with pages of 4096.
class RangesTest : public FaceTest {
 protected:
  static std::string range(std::uint64_t first, std::uint64_t last, const char* name = "Range") {
    const std::string tag = name;
    return "<" + tag + "><Start>" + std::to_string(first) + "</Start><End>" + std::to_string(last) + "</End></" + tag +
           ">";
  }
  static std::string cleared(std::uint64_t first, std::uint64_t last) { return range(first, last, "ClearRange"); }
  /// What is in the list of ranges.
  std::string list(const std::string& query = {}, Headers headers = {}) {
    std::string body = send("GET", "/acct1/share1/f?comp=rangelist" + query, std::move(headers)).body;
    if (body.ends_with("<Ranges/>")) {
      return "";
    }
    const auto begin = body.find("<Ranges>") + 8;
    return body.substr(begin, body.size() - begin - 9);
  }
  void write(std::uint64_t first, std::uint64_t length, char byte = 'x') {
    EXPECT_EQ(put_range("f", first, std::string(length, byte)).status, 201);
  }
  void clear(std::uint64_t first, std::uint64_t last) {
    const Headers headers = {{"x-ms-write", "clear"},
                             {"x-ms-range", "bytes=" + std::to_string(first) + "-" + std::to_string(last)}};
    EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=range", headers).status, 201);
  }
  void resize(std::uint64_t length) {
    send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-length", std::to_string(length)}});
  }
  std::string snapshot() {
    clock_->advance(std::chrono::seconds(1));
    const std::string time = send("PUT", "/acct1/share1?restype=share&comp=snapshot").headers.get("x-ms-snapshot");
    clock_->advance(std::chrono::seconds(1));
    return time;
  }
};

TEST_F(RangesTest, AreWhatHasBeenWritten) {
  create_file("f", 2048);
  EXPECT_EQ(list(), "");
  write(512, 512);
  EXPECT_EQ(list(), range(512, 1023));
  write(1536, 512);
  EXPECT_EQ(list(), range(512, 1023) + range(1536, 2047));
  write(1024, 512);
  EXPECT_EQ(list(), range(512, 2047));
}

TEST_F(RangesTest, AreWholeSectorsUpToTheEndOfTheFile) {
  create_file("f", 10000);
  write(5, 1);
  write(4095, 2);
  write(9999, 1);
  EXPECT_EQ(list(), range(0, 511) + range(3584, 4607) + range(9728, 9999));
}

TEST_F(RangesTest, CountZerosThatHaveBeenWritten) {
  create_file("f", 8192);
  write(1024, 512, '\0');
  EXPECT_EQ(list(), range(1024, 1535));
}

TEST_F(RangesTest, LoseWhatIsCleared) {
  create_file("f", 20480);
  write(0, 20480);
  clear(512, 1023);
  EXPECT_EQ(list(), range(0, 511) + range(1024, 20479));
  clear(8192, 12287);
  EXPECT_EQ(list(), range(0, 511) + range(1024, 8191) + range(12288, 20479));
  write(8704, 1);
  EXPECT_EQ(list(), range(0, 511) + range(1024, 8191) + range(8704, 9215) + range(12288, 20479));
  clear(0, 20479);
  EXPECT_EQ(list(), "");
}

TEST_F(RangesTest, KeepSectorsThatAreClearedInPartOnly) {
  create_file("f", 2048);
  write(0, 2048);
  clear(100, 1100);
  EXPECT_EQ(list(), range(0, 511) + range(1024, 2047));
  EXPECT_EQ(get("f"), std::string(100, 'x') + std::string(1001, '\0') + std::string(947, 'x'));
}

TEST_F(RangesTest, OfTheLastSectorGoWithTheEndOfTheFile) {
  create_file("f", 1000);
  write(0, 1000);
  clear(512, 999);
  EXPECT_EQ(list(), range(0, 511));
}

TEST_F(RangesTest, AreNotMadeByAChangeOfLength) {
  create_file("f", 1024);
  write(0, 1024);
  resize(4096);
  EXPECT_EQ(list(), range(0, 1023));
  write(3584, 512);
  resize(2048);
  resize(8192);
  EXPECT_EQ(list(), range(0, 1023));
  write(2048, 512);
  EXPECT_EQ(list(), range(0, 1023) + range(2048, 2559));
}

TEST_F(RangesTest, BeginAnewWithTheFile) {
  create_file("f", 2048);
  write(512, 512);
  create_file("f", 2048);
  EXPECT_EQ(list(), "");
  write(0, 512);
  EXPECT_EQ(list(), range(0, 511));
}

TEST_F(RangesTest, AreCutByTheRangeOfTheRequest) {
  create_file("f", 4096);
  write(512, 1024);
  write(2560, 512);
  EXPECT_EQ(list("", {{"x-ms-range", "bytes=1024-2600"}}), range(1024, 1535) + range(2560, 2600));
}

TEST_F(RangesTest, OfAJobsFileAreThePagesOfTheDisk) {
  write_as_job("f", std::string(5000, 'x'));
  EXPECT_EQ(list(), range(0, 4999));
}

TEST_F(RangesTest, NeverHideWhatAJobHasWritten) {
  create_file("f", 4096);
  write(0, 512);
  const Descriptor file(::open((share_folder() / "f").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::pwrite(file.get(), "job", 3, 2000), 3);
  EXPECT_EQ(list(), range(0, 511) + range(1536, 2047));
}

TEST_F(RangesTest, NeverHideWhatIsLargeWhereAJobHasWrittenIntoClearedPages) {
  create_file("f", 1U << 20U);
  write(0, 1U << 20U);
  clear(0, (1U << 20U) - 1);
  const Descriptor file(::open((share_folder() / "f").c_str(), O_WRONLY | O_CLOEXEC));
  const std::string bytes(300000, 'j');
  ASSERT_EQ(::pwrite(file.get(), bytes.data(), bytes.size(), 4096), 300000);
  EXPECT_THAT(list(), testing::HasSubstr("<Range><Start>4096</Start>"));
  EXPECT_THAT(list(), testing::Not(testing::HasSubstr("</Range><Range>")));
}

TEST_F(RangesTest, GoWithCopiesAndRenames) {
  create_file("g", 4096);
  put_range("g", 1024, std::string(512, 'x'));
  send("PUT", "/acct1/share1/f", {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/g"}});
  EXPECT_EQ(list(), range(1024, 1535));
  send("DELETE", "/acct1/share1/f");
  send("PUT", "/acct1/share1/f?comp=rename", {{"x-ms-file-rename-source", "http://127.0.0.1:10011/acct1/share1/g"}});
  EXPECT_EQ(list(), range(1024, 1535));
}

TEST_F(RangesTest, AreThePagesOfTheDiskWhereTheRecordIsGone) {
  create_file("f", 4096);
  write(512, 512);
  const AttributeStore store(folder_.path() / "files" / ".attributes");
  const Descriptor file(::open((share_folder() / "f").c_str(), O_RDWR | O_CLOEXEC));
  Attributes attributes = store.load(file.get());
  attributes.voids = {};
  store.save(file.get(), attributes);
  EXPECT_EQ(list(), range(0, 4095));
}

TEST_F(RangesTest, AreManyWithoutEnd) {
  create_file("f", 4U << 20U);
  for (std::uint64_t i = 0; i < 200; ++i) {
    write(i * 16384 + 1024, 512);
  }
  const std::string all = list();
  for (std::uint64_t i = 0; i < 200; ++i) {
    const std::string first = "<Start>" + std::to_string(i * 16384);
    EXPECT_TRUE(all.find(range(i * 16384 + 1024, i * 16384 + 1535)) != std::string::npos ||
                all.find(first + "</Start>") != std::string::npos)
        << i;
  }
}

TEST_F(RangesTest, ThatDifferFromASnapshotAreToldBySectors) {
  create_file("f", 2048);
  const std::string first = snapshot();
  write(0, 1536);
  const std::string second = snapshot();
  clear(512, 1023);
  EXPECT_EQ(list(), range(0, 511) + range(1024, 1535));
  EXPECT_EQ(list("&prevsharesnapshot=" + first), range(0, 511) + cleared(512, 1023) + range(1024, 1535));
  EXPECT_EQ(list("&prevsharesnapshot=" + second), cleared(512, 1023));
  EXPECT_EQ(list("&prevsharesnapshot=" + first + "&sharesnapshot=" + second), range(0, 1535));
}

TEST_F(RangesTest, ThatAreClearedAndWrittenAgainAreWritten) {
  create_file("f", 4096);
  write(0, 4096, 'a');
  const std::string time = snapshot();
  clear(0, 1023);
  write(512, 512, 'b');
  write(2048, 10, 'b');
  EXPECT_EQ(list("&prevsharesnapshot=" + time), cleared(0, 511) + range(512, 1023) + range(2048, 2559));
}

TEST_F(RangesTest, OfALargeSparseFileAreComparedAtOnce) {
  create_file("f", 1ULL << 42U);
  const std::string time = snapshot();
  write(1ULL << 41U, 512);
  EXPECT_EQ(list("&prevsharesnapshot=" + time), range(1ULL << 41U, (1ULL << 41U) + 511));
}

}  // namespace
}  // namespace batchai::server::files::test

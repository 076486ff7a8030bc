#include "batchai/files/streams.hpp"

#include "files/transfer/transfer_fixture.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <fstream>
#include <sstream>

namespace batchai::files::test {
namespace {

std::string md5_of(const std::string& text) { return signing::base64_encode(signing::md5(text)); }

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class StreamsTest : public TransferTest {
 protected:
  FileClient file_ = share_.file("f");

  std::string stored() {
    std::ostringstream out;
    const FileProperties properties = download_stream(file_, out, options_);
    EXPECT_EQ(properties.content_md5, md5_of(out.str()));
    return out.str();
  }
};

TEST_F(StreamsTest, UploadsMemoryInPiecesAndKeepsTheDigest) {
  const std::string text = content(3 * kPiece + 5);
  const UploadedFile uploaded = upload_bytes(bytes_of(text), file_, options_);
  EXPECT_EQ(uploaded.size, text.size());
  EXPECT_EQ(uploaded.content_md5, md5_of(text));
  const FileProperties properties = file_.get_properties();
  EXPECT_EQ(properties.content_md5, md5_of(text));
  EXPECT_EQ(properties.content_type, "application/octet-stream");
  EXPECT_EQ(uploaded.etag, properties.etag);
  EXPECT_EQ(uploaded.last_modified, properties.last_modified);
  EXPECT_NE(uploaded.request_id, "");
  EXPECT_EQ(network_->count("comp=range"), 4U);
  EXPECT_TRUE(stored() == text);
}

TEST_F(StreamsTest, UploadsNothing) {
  EXPECT_EQ(upload_bytes({}, file_, options_).size, 0U);
  EXPECT_EQ(file_.get_properties().size, 0U);
  EXPECT_EQ(stored(), "");
}

TEST_F(StreamsTest, KeepsWhatTheFileIsToHave) {
  const Timestamp time = *parse_iso8601("2020-02-02T02:02:02.5Z");
  const CreateFileOptions properties{
      .content = {.type = "text/plain"}, .metadata = {{"k", "v"}}, .smb = {.last_write = time}};
  upload_bytes(bytes_of("abc"), file_, options_, properties);
  const FileProperties there = file_.get_properties();
  EXPECT_EQ(there.content_type, "text/plain");
  EXPECT_EQ(there.metadata, (Metadata{{"k", "v"}}));
  EXPECT_EQ(there.last_write, time);
}

TEST_F(StreamsTest, DoesNotSendZeros) {
  const std::string text = content(kPiece) + std::string(kPiece, '\0') + "end";
  upload_bytes(bytes_of(text), file_, options_);
  EXPECT_EQ(network_->count("comp=range"), 2U);
  EXPECT_TRUE(stored() == text);
}

TEST_F(StreamsTest, UploadsAStreamWhoseSizeNobodyKnows) {
  const std::string text = content(17 * kPiece + 1);  // more than the file begins with
  std::istringstream in(text);
  EXPECT_EQ(upload_stream(in, file_, options_).content_md5, md5_of(text));
  EXPECT_EQ(file_.get_properties().size, text.size());
  EXPECT_TRUE(stored() == text);
}

TEST_F(StreamsTest, UploadsWhatIsPulledInBits) {
  std::string left = content(2 * kPiece + 7);
  const std::string text = left;
  const auto pull = [&](std::span<std::byte> into) {
    const std::size_t count = std::min({left.size(), into.size(), std::size_t{300'000}});
    std::copy_n(bytes_of(left).begin(), count, into.begin());
    left.erase(0, count);
    return count;
  };
  upload_pulled(pull, file_, options_);
  EXPECT_TRUE(stored() == text);
}

TEST_F(StreamsTest, RepeatsAPieceAfterAFailure) {
  std::atomic<int> writes = 0;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request) && ++writes == 2) {
      return HttpResponse{.status = 503};
    }
    return std::nullopt;
  };
  const std::string text = content(2 * kPiece);
  std::istringstream in(text);
  upload_stream(in, file_, options_);
  EXPECT_TRUE(stored() == text);
}

TEST_F(StreamsTest, ThrowsWhatTheSourceThrowsAndLeavesNothing) {
  int pulls = 0;
  const auto pull = [&](std::span<std::byte> into) -> std::size_t {
    if (++pulls > 2) {
      throw InvalidArgument("no more");
    }
    return into.size();
  };
  EXPECT_THROW(upload_pulled(pull, file_, options_), InvalidArgument);
  EXPECT_FALSE(file_.exists());
}

TEST_F(StreamsTest, LeavesTheFileWhereTheStreamCannotBeRead) {
  std::istringstream in("as it is");
  upload_stream(in, file_, options_);
  std::ifstream missing("/nowhere/to be found");
  EXPECT_THROW(upload_stream(missing, file_, options_), Error);
  EXPECT_TRUE(stored() == "as it is");
}

TEST_F(StreamsTest, RefusesASourceThatGivesMoreThanThereIsRoomFor) {
  EXPECT_THROW(upload_pulled([](std::span<std::byte> into) { return into.size() + 1; }, file_, options_),
               InvalidArgument);
}

TEST_F(StreamsTest, IsNotTakenForWholeBeforeItIs) {
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.url.query() == "comp=properties") {
      throw Cancelled();
    }
    return std::nullopt;
  };
  EXPECT_THROW(upload_bytes(bytes_of("abc"), file_, options_), Cancelled);
  network_->before = nullptr;
  std::ostringstream out;
  EXPECT_THROW(download_stream(file_, out, options_), DamagedContent);
}

TEST_F(StreamsTest, DoesNotFinishWhatSomebodyElseHasReplaced) {
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request)) {
      network_->before = nullptr;
      file_.create(1);
      return HttpResponse{.status = 201};
    }
    return std::nullopt;
  };
  EXPECT_THROW(upload_bytes(bytes_of("abc"), file_, options_), Error);
  EXPECT_EQ(file_.get_properties().size, 1U);
}

TEST_F(StreamsTest, DownloadsToMemory) {
  const std::string text = content(3 * kPiece + 5);
  upload_bytes(bytes_of(text), file_, options_);
  EXPECT_TRUE(text_of(download_bytes(file_, options_)) == text);
  std::vector<std::byte> room(text.size() + 3, std::byte{'x'});
  EXPECT_EQ(download_bytes(file_, room, options_).size, text.size());
  EXPECT_TRUE(text_of(room) == text + "xxx");
}

TEST_F(StreamsTest, SaysThatThereIsTooLittleRoom) {
  upload_bytes(bytes_of("abc"), file_, options_);
  std::vector<std::byte> room(2);
  try {
    download_bytes(file_, room, options_);
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "'f' has 3 bytes, and there is room for 2");
  }
}

TEST_F(StreamsTest, NoticesContentThatIsNotWhatItsDigestSays) {
  upload_bytes(bytes_of("abc"), file_, options_);
  file_.put_range(1, "x");
  EXPECT_THROW(static_cast<void>(download_bytes(file_, options_)), DamagedContent);
}

TEST_F(StreamsTest, NoticesThatTheFileChanges) {
  const std::string text = content(2 * kPiece);
  upload_bytes(bytes_of(text), file_, options_);
  std::atomic<bool> changed = false;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (reads_piece(request) && !changed.exchange(true)) {
      file_.put_range(0, "x");
    }
    return std::nullopt;
  };
  EXPECT_THROW(static_cast<void>(download_bytes(file_, options_)), Error);
}

TEST_F(StreamsTest, SaysThatAStreamTakesNoMore) {
  upload_bytes(bytes_of("abc"), file_, options_);
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_THROW(download_stream(file_, out, options_), Error);
}

TEST_F(StreamsTest, ReadsAsItIsAsked) {
  const std::string text = content(3 * kPiece + 5);
  upload_bytes(bytes_of(text), file_, options_);
  FileReader reader(file_, options_);
  EXPECT_EQ(reader.properties().size, text.size());
  std::string all;
  std::vector<std::byte> room(1'000'000);
  while (const std::size_t count = reader.read(room)) {
    all += text_of(std::span(room).first(count));
  }
  EXPECT_TRUE(all == text);
  EXPECT_EQ(reader.read(room), 0U);
}

TEST_F(StreamsTest, CanStopReadingInTheMiddle) {
  upload_bytes(bytes_of(content(5 * kPiece)), file_, options_);
  FileReader reader(file_, options_);
  std::vector<std::byte> room(10);
  EXPECT_EQ(reader.read(room), 10U);
  FileReader moved = std::move(reader);
  EXPECT_EQ(moved.read(room), 10U);
}

TEST_F(StreamsTest, ThrowsAtTheEndOfDamagedContentAgainEachTime) {
  upload_bytes(bytes_of("abc"), file_, options_);
  file_.put_range(1, "x");
  FileReader reader(file_, options_);
  std::vector<std::byte> room(3);
  EXPECT_EQ(reader.read(room), 3U);
  EXPECT_THROW(static_cast<void>(reader.read(room)), DamagedContent);
  EXPECT_THROW(static_cast<void>(reader.read(room)), DamagedContent);
}

TEST_F(StreamsTest, EndsReadingWhenCancelled) {
  upload_bytes(bytes_of(content(20 * kPiece)), file_, options_);
  std::stop_source stop;
  FileReader reader(file_, {.max_connections = 2, .clock = clock_}, {.cancellation = stop.get_token()});
  stop.request_stop();
  std::vector<std::byte> room(kPiece);
  EXPECT_THROW(while (reader.read(room) > 0){}, Cancelled);
}

}  // namespace
}  // namespace batchai::files::test

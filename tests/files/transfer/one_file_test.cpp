#include "files/transfer/transfer_fixture.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class OneFile : public TransferTest {
 protected:
  fs::path sparse_file(std::uint64_t size) const {
    const fs::path path = write("sparse", "");
    fs::resize_file(path, size);
    std::fstream stream(path, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(size / 2));
    stream << "in the middle";
    return path;
  }
  static std::uint64_t allocated(const fs::path& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return static_cast<std::uint64_t>(info.st_blocks) * 512;
  }
};

TEST_F(OneFile, OfManyPiecesGoesBothWays) {
  const std::string text = content(3 * kPiece + 17);
  upload_file(write("big", text), share_.file("big"), options_);
  EXPECT_TRUE(get("big") == text);
  download_file(share_.file("big"), local_ / "back", options_);
  EXPECT_TRUE(read(local_ / "back") == text);
  EXPECT_EQ(names_in(local_), (std::vector<std::string>{"back", "big"}));
}

TEST_F(OneFile, CarriesTheMd5OfTheWholeAndTheHeadersAskedFor) {
  const std::string text = content(kPiece + 1);
  upload_file(write("big", text), share_.file("big"), options_, {.content = {.type = "text/plain"}});
  const FileProperties properties = share_.file("big").get_properties();
  EXPECT_EQ(properties.content_md5, signing::base64_encode(signing::md5(text)));
  EXPECT_EQ(properties.content_type, "text/plain");
  upload_file(write("small", "abc"), share_.file("small"), options_);
  EXPECT_EQ(share_.file("small").get_properties().content_md5, signing::base64_encode(signing::md5("abc")));
}

TEST_F(OneFile, OfManyPiecesGetsAnMd5ByTlsOnlyWhenAskedFor) {
  const std::string text = content(kPiece + 1);
  const auto path = write("big", text);
  const FileClient file = share_by_tls().file("big");
  upload_file(path, file, options_);
  EXPECT_TRUE(get("big") == text);
  EXPECT_EQ(file.get_properties().content_md5, "");
  EXPECT_EQ(file.get_properties().content_type, "application/octet-stream");
  upload_file(write("small", "abc"), share_by_tls().file("small"), options_);
  EXPECT_EQ(share_by_tls().file("small").get_properties().content_md5, signing::base64_encode(signing::md5("abc")));
  options_.skip_unchanged = SkipUnchanged::ByChecksum;
  upload_file(path, file, options_);
  EXPECT_EQ(file.get_properties().content_md5, signing::base64_encode(signing::md5(text)));
}

TEST_F(OneFile, HoldsNoValidMd5BeforeItIsComplete) {
  std::vector<std::string> seen;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request)) {
      seen.push_back(server::files::test::FaceTest::send("HEAD", "/acct1/share1/big").headers.get("Content-MD5"));
    }
    return std::nullopt;
  };
  options_.max_connections = 1;
  const std::string text = content(2 * kPiece);
  upload_file(write("big", text), share_.file("big"), options_);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].size(), 24U);
  EXPECT_NE(seen[0], signing::base64_encode(signing::md5(text)));
}

TEST_F(OneFile, OfASmallSizeTakesThreeRequestsUpAndTwoDown) {
  const auto path = write("small", "abc");
  upload_file(path, share_.file("small"), options_);
  EXPECT_EQ(network_->requests.size(), 3U);
  network_->forget();
  download_file(share_.file("small"), local_ / "back", options_);
  EXPECT_EQ(network_->requests.size(), 2U);
  EXPECT_EQ(read(local_ / "back"), "abc");
}

TEST_F(OneFile, MayBeEmpty) {
  upload_file(write("empty", ""), share_.file("empty"), options_);
  EXPECT_EQ(share_.file("empty").get_properties().size, 0U);
  download_file(share_.file("empty"), local_ / "back", options_);
  EXPECT_TRUE(fs::exists(local_ / "back"));
  EXPECT_EQ(fs::file_size(local_ / "back"), 0U);
}

TEST_F(OneFile, KeepsItsHoles) {
  const std::uint64_t size = 100 * kPiece;
  upload_file(sparse_file(size), share_.file("sparse"), options_);
  EXPECT_EQ(network_->count("comp=range&"), 0U);
  EXPECT_LE(network_->count("comp=range"), 2U);
  EXPECT_LT(allocated(share_folder() / "sparse"), kPiece);
  network_->forget();
  download_file(share_.file("sparse"), local_ / "back", options_);
  EXPECT_EQ(fs::file_size(local_ / "back"), size);
  EXPECT_LT(allocated(local_ / "back"), 2 * kPiece);
  std::ifstream stream(local_ / "back", std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(size / 2));
  std::string text(13, ' ');
  stream.read(text.data(), 13);
  EXPECT_EQ(text, "in the middle");
}

TEST_F(OneFile, WithAWrongDigestIsNotTaken) {
  for (const std::size_t size : {std::size_t{10}, 2 * kPiece}) {
    create_file("f", size, {{"x-ms-content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="}});
    put_range("f", 0, "x");
    try {
      download_file(share_.file("f"), local_ / "f", options_);
      ADD_FAILURE() << "taken";
    } catch (const DamagedContent& error) {
      EXPECT_THAT(error.what(), HasSubstr("Content-MD5"));
    }
    EXPECT_TRUE(fs::is_empty(local_));
  }
}

TEST_F(OneFile, ThatChangesWhileItIsFetchedIsFetchedAnew) {
  const std::string before = content(2 * kPiece);
  const std::string later = content(2 * kPiece + 1);
  write_as_job("f", before);
  bool changed = false;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (reads_piece(request) && !std::exchange(changed, true)) {
      write_as_job("f", later);
    }
    return std::nullopt;
  };
  options_.max_connections = 1;
  download_file(share_.file("f"), local_ / "f", options_);
  EXPECT_TRUE(read(local_ / "f") == later);
}

TEST_F(OneFile, ThatChangesAllTheTimeIsGivenUp) {
  write_as_job("f", content(2 * kPiece));
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (reads_piece(request)) {
      std::ofstream(share_folder() / "f", std::ios::app) << "x";
    }
    return std::nullopt;
  };
  try {
    download_file(share_.file("f"), local_ / "f", options_);
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("changed while it was being downloaded"));
  }
  EXPECT_EQ(network_->count("rangelist"), 3U);  // once for every time that it was begun
  EXPECT_TRUE(fs::is_empty(local_));
}

TEST_F(OneFile, ThatBecomesShorterWhileItIsSentIsSentAnew) {
  const std::string later = content(kPiece + 5);
  const fs::path path = write("f", content(3 * kPiece));
  bool changed = false;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request) && !std::exchange(changed, true)) {
      write("f", later);
    }
    return std::nullopt;
  };
  options_.max_connections = 1;
  upload_file(path, share_.file("f"), options_);
  EXPECT_TRUE(get("f") == later);
}

TEST_F(OneFile, ThatBecomesMuchShorterWhileItIsFetchedIsFetchedAnew) {
  for (const std::size_t size : {std::size_t{100}, 3 * kPiece}) {
    const std::string later = content(size / 3);
    write_as_job("f", content(size));
    Transfer transfer(options_);
    transfer.download(share_.file("f"), local_ / "f");
    write_as_job("f", "");
    bool changed = false;
    network_->after = [&](const HttpRequest& request, HttpResponse& response) {
      if (reads_piece(request) && response.status == 416 && !std::exchange(changed, true)) {
        write_as_job("f", later);
      }
    };
    EXPECT_EQ(reasons(transfer.run()), std::vector<std::string>());
    EXPECT_TRUE(read(local_ / "f") == later || read(local_ / "f").empty());
  }
}

TEST_F(OneFile, WhoseRangesAreListedWhileItIsRewrittenIsFetchedAnew) {
  const std::string text = content(3 * kPiece);
  write_as_job("f", text);
  bool changed = false;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.url.query().find("rangelist") != std::string::npos && !changed) {
      fs::resize_file(share_folder() / "f", 0);
      fs::resize_file(share_folder() / "f", text.size());
    }
    return std::nullopt;
  };
  network_->after = [&](const HttpRequest& request, HttpResponse&) {
    if (request.url.query().find("rangelist") != std::string::npos && !std::exchange(changed, true)) {
      write_as_job("f", text);
    }
  };
  download_file(share_.file("f"), local_ / "f", options_);
  EXPECT_TRUE(read(local_ / "f") == text);
}

TEST_F(OneFile, WhoseRangesAreListedOutOfOrderIsRefused) {
  write_as_job("f", content(3 * kPiece));
  network_->after = [&](const HttpRequest& request, HttpResponse& response) {
    if (request.url.query().find("rangelist") != std::string::npos) {
      response.body =
          "<Ranges><Range><Start>512</Start><End>1023</End></Range><Range><Start>0</Start><End>511</End></Range>"
          "</Ranges>";
    }
  };
  EXPECT_THROW(download_file(share_.file("f"), local_ / "f", options_), ProtocolError);
  EXPECT_TRUE(fs::is_empty(local_));
}

TEST_F(OneFile, ThatSomebodyElseReplacesWhileItIsSentIsLeftToThem) {
  bool replaced = false;
  network_->after = [&](const HttpRequest& request, HttpResponse&) {
    if (writes_piece(request) && !std::exchange(replaced, true)) {
      create_file("big", 2 * kPiece);
    }
  };
  options_.max_connections = 1;
  try {
    upload_file(write("big", content(2 * kPiece)), share_.file("big"), options_);
    ADD_FAILURE() << "taken for done";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("somebody else has replaced 'big'"));
  }
  EXPECT_TRUE(share_.file("big").exists());
}

TEST_F(OneFile, ThatTheServiceRefusesLeavesNothingBehind) {
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request)) {
      return HttpResponse{.status = 409, .headers = {{"x-ms-error-code", "ShareSizeLimitReached"}}};
    }
    return std::nullopt;
  };
  EXPECT_THROW(upload_file(write("big", content(2 * kPiece)), share_.file("big"), options_), ServiceError);
  EXPECT_FALSE(share_.file("big").exists());
}

TEST_F(OneFile, CannotTakeTheNameOfAFolder) {
  create_file_with("f", "abc");
  fs::create_directory(local_ / "f");
  try {
    download_file(share_.file("f"), local_ / "f", options_);
    FAIL() << "written";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("it is a folder"));
  }
  EXPECT_TRUE(fs::is_empty(local_ / "f"));
}

TEST_F(OneFile, AnswersOfTheWrongLengthAreRefused) {
  create_file_with("f", "abcdef");
  network_->after = [](const HttpRequest& request, HttpResponse& response) {
    if (reads_piece(request)) {
      response.body += "and more";
    }
  };
  EXPECT_THROW(download_file(share_.file("f"), local_ / "f", options_), ProtocolError);
  EXPECT_TRUE(fs::is_empty(local_));
}

TEST_F(OneFile, OfABrokenAnswerTheRestIsAskedFor) {
  const std::string text = content(2 * kPiece);
  write_as_job("f", text);
  network_->after = [](const HttpRequest& request, HttpResponse& response) {
    if (reads_piece(request)) {
      response.body.resize((response.body.size() + 1) / 2);
    }
  };
  download_file(share_.file("f"), local_ / "f", options_);
  EXPECT_TRUE(read(local_ / "f") == text);
}

TEST_F(OneFile, PiecesThatAreDamagedOnTheWayAreAskedForAgain) {
  const std::string text = content(2 * kPiece);
  write_as_job("f", text);
  bool damaged = false;
  network_->after = [&](const HttpRequest& request, HttpResponse& response) {
    if (reads_piece(request) && !std::exchange(damaged, true)) {
      response.body[100] ^= 1;
    }
  };
  options_.max_connections = 1;
  options_.validate_pieces = true;
  download_file(share_.file("f"), local_ / "f", options_);
  EXPECT_TRUE(read(local_ / "f") == text);
}

TEST_F(OneFile, ToAPlaceThatCannotBeWrittenSaysWhy) {
  create_file_with("f", "abc");
  write("file", "x");
  try {
    download_file(share_.file("f"), local_ / "file" / "f", options_);
    FAIL() << "written";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Not a directory"));
  }
}

/// Calls back in place of sleeping.
class WatchedClock final : public Clock {
 public:
  WatchedClock(std::shared_ptr<Clock> time, std::function<void()> on_sleep)
      : time_(std::move(time)), on_sleep_(std::move(on_sleep)) {}
  Timestamp now() const override { return time_->now(); }
  std::chrono::steady_clock::time_point steady_now() const override { return time_->steady_now(); }
  void sleep_for(Duration, const CancellationToken&) override { on_sleep_(); }

 private:
  const std::shared_ptr<Clock> time_;
  const std::function<void()> on_sleep_;
};

TEST_F(OneFile, ThatWasWrittenJustNowIsOpenedAgainAMomentLater) {
  const auto path = write("f", content(kPiece + 1));
  const auto since_epoch = std::chrono::duration_cast<std::chrono::nanoseconds>(clock_->now().time_since_epoch());
  const timespec now{since_epoch.count() / 1'000'000'000, since_epoch.count() % 1'000'000'000};
  const std::array<timespec, 2> times = {now, now};
  const auto set_time = [&] { ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0); };
  set_time();
  const std::string other(kPiece + 1, 'x');
  int sleeps = 0;
  options_.clock = std::make_shared<WatchedClock>(clock_, [&] {
    ++sleeps;
    write("f", other);
    set_time();  // as by a writer in the same tick of the kernel's clock
  });
  upload_file(path, share_.file("f"), options_);
  EXPECT_EQ(sleeps, 1);
  EXPECT_TRUE(get("f") == other);
}

TEST_F(OneFile, KeepsTheTimeOfItsLastWriting) {
  const auto path = write("f", "abc");
  const std::array<timespec, 2> times = {timespec{1'500'000'000, 123'456'700}, timespec{1'500'000'000, 123'456'700}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
  std::vector<std::string> sent;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    sent.push_back(request.headers.get("x-ms-file-last-write-time"));
    return std::nullopt;
  };
  upload_file(path, share_.file("f"), options_);
  EXPECT_EQ(sent, (std::vector<std::string>{"", "preserve", "2017-07-14T02:40:00.1234567Z"}));
  network_->after = [](const HttpRequest&, HttpResponse& response) {
    response.headers.set("x-ms-file-last-write-time", "2017-07-14T02:40:00.1234567Z");
  };
  network_->before = {};
  download_file(share_.file("f"), local_ / "back", options_);
  EXPECT_EQ(fs::last_write_time(local_ / "back"), fs::last_write_time(path));
}

}  // namespace
}  // namespace batchai::files::test

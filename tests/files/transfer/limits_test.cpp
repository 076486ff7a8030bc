// Comparisons of a transfer at their very edge: what is gone on with, and what is begun anew or refused.
#include "files/transfer/transfer_fixture.hpp"

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class TransferLimits : public TransferTest {
 protected:
  TransferLimits() { options_.max_connections = 1; }

  void upload(const fs::path& path) { upload_file(path, share_.file("f"), options_, {}, context_); }
  void download() { download_file(share_.file("f"), local_ / "back", options_, context_); }
  std::string refusal_of_download() {
    try {
      download();
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }
  /// Leaves a download of "f" when its first piece is there.
  void download_one_piece() {
    CancellationSource source;
    context_.cancellation = source.token();
    network_->after = [&](const HttpRequest& request, HttpResponse&) {
      if (reads_piece(request)) {
        source.cancel();
      }
    };
    EXPECT_THROW(download(), Cancelled);
    network_->after = {};
    network_->forget();
    context_ = {};
  }
  std::size_t pieces_read() { return network_->count("GET /acct1/share1/f?") - network_->count("rangelist"); }
  /// Lets the service list one range of a file.
  void list_range(std::uint64_t first, std::uint64_t last) {
    network_->after = [=](const HttpRequest& request, HttpResponse& response) {
      if (request.url.query().find("rangelist") != std::string::npos) {
        response.body = "<Ranges><Range><Start>" + std::to_string(first) + "</Start><End>" + std::to_string(last) +
                        "</End></Range></Ranges>";
      }
    };
  }
  /// Whether an upload that ends with `status` leaves its target and its journal for another run.
  bool can_be_gone_on_with_after(int status) {
    const auto path = write("f", text_);
    std::atomic<int> left = 1;
    network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
      return writes_piece(request) && --left < 0 ? std::optional(HttpResponse{.status = status}) : std::nullopt;
    };
    EXPECT_THROW(upload(path), ServiceError) << status;
    network_->before = {};
    const bool has_journal = !fs::is_empty(options_.journal_folder);
    EXPECT_EQ(fs::exists(share_folder() / "f"), has_journal) << status;
    fs::remove_all(options_.journal_folder);
    fs::remove(share_folder() / "f");
    return has_journal;
  }

  const std::string text_ = content(kPiece + 1000);
  const fs::path journal_ = local_ / ".back.batchai-part.journal";
};

TEST_F(TransferLimits, WhatPassesByIsGoneOnWithAndWhatIsWrongIsTidiedAway) {
  for (const int status : {401, 403, 408, 500, 599}) {
    EXPECT_TRUE(can_be_gone_on_with_after(status)) << status;
  }
  for (const int status : {400, 404, 409, 412, 499}) {
    EXPECT_FALSE(can_be_gone_on_with_after(status)) << status;
  }
}

TEST_F(TransferLimits, AFileOfTheSameTimeAndAnotherSizeIsNotUnchanged) {
  options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
  const auto path = write("a", "1");
  const auto time = fs::last_write_time(path);
  upload_folder();
  write("a", "22");
  fs::last_write_time(path, time);
  EXPECT_EQ(upload_folder().files, 1U);
  EXPECT_EQ(get("in/a"), "22");
  write("a", "333");
  fs::last_write_time(path, time);
  EXPECT_EQ(download_folder(local_).files, 1U);
  EXPECT_EQ(read(path), "22");
}

TEST_F(TransferLimits, AFileWithoutADigestIsNotUnchangedByChecksum) {
  upload_folder();
  write_as_job("in/a", "1");
  write("a", "1");
  options_.skip_unchanged = SkipUnchanged::ByChecksum;
  EXPECT_EQ(download_folder(local_).files, 1U);
  EXPECT_EQ(upload_folder().files, 1U);
  EXPECT_EQ(upload_folder().skipped, 1U);
}

TEST_F(TransferLimits, ARangeOfTheListEndsInsideTheFileAndNotBeforeItBegins) {
  write_as_job("f", text_);
  list_range(0, text_.size() - 1);
  download();
  EXPECT_TRUE(read(local_ / "back") == text_);
  list_range(0, text_.size());
  EXPECT_THAT(refusal_of_download(), HasSubstr("changed while it was being downloaded"));
  list_range(1023, 512);
  EXPECT_THAT(refusal_of_download(), HasSubstr("ends before it begins"));
}

TEST_F(TransferLimits, AnAnswerThatTellsAnotherSizeIsOfAnotherFile) {
  write_as_job("f", text_);
  network_->after = [&](const HttpRequest& request, HttpResponse& response) {
    if (reads_piece(request)) {
      const std::string range = response.headers.get("Content-Range");
      response.headers.set("Content-Range", range.substr(0, range.find('/') + 1) + std::to_string(text_.size() + 1));
    }
  };
  EXPECT_THAT(refusal_of_download(), HasSubstr("changed while it was being downloaded"));
}

TEST_F(TransferLimits, ASourceThatIsRewrittenInTheSameSizeWhileItIsFetchedIsFetchedAnew) {
  write_as_job("f", text_);
  const std::string other(text_.size(), 'o');
  int read_so_far = 0;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (reads_piece(request) && ++read_so_far == 2) {
      write_as_job("f", other);
    }
    return std::nullopt;
  };
  download();
  EXPECT_TRUE(read(local_ / "back") == other);
}

TEST_F(TransferLimits, AListedFileThatOutgrowsOneAnswerIsFetchedAnew) {
  upload_folder();
  write_as_job("in/a", "small");
  bool first = true;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (reads_piece(request) && std::exchange(first, false)) {
      write_as_job("in/a", text_);
    }
    return std::nullopt;
  };
  EXPECT_EQ(download_folder(local_).files, 1U);
  EXPECT_TRUE(read(local_ / "a") == text_);
}

TEST_F(TransferLimits, AnAnswerWithMoreBytesThanTheFileHasIsRefused) {
  write_as_job("f", "small");
  network_->after = [&](const HttpRequest& request, HttpResponse& response) {
    if (reads_piece(request)) {
      response.body += "x";
      response.headers.set("Content-Length", "6");
    }
  };
  EXPECT_THAT(refusal_of_download(), HasSubstr("6 bytes"));
  EXPECT_FALSE(fs::exists(local_ / "back"));
}

TEST_F(TransferLimits, AnUploadToATargetThatSomebodyCutStartsOver) {
  const auto path = write("f", text_);
  CancellationSource source;
  context_.cancellation = source.token();
  network_->after = [&](const HttpRequest& request, HttpResponse&) {
    if (writes_piece(request)) {
      source.cancel();
    }
  };
  EXPECT_THROW(upload(path), Cancelled);
  network_->after = {};
  context_ = {};
  const std::string session = send("HEAD", "/acct1/share1/f").headers.get("Content-MD5");
  EXPECT_EQ(
      send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-length", "10"}, {"x-ms-content-md5", session}})
          .status,
      200);
  network_->forget();
  upload(path);
  EXPECT_TRUE(get("f") == text_);
  EXPECT_EQ(network_->count("comp=range"), 2U);
}

TEST_F(TransferLimits, APieceOfAJournalThatEndsBeforeItBeginsIsNone) {
  write_as_job("f", text_);
  download_one_piece();
  std::ofstream(journal_, std::ios::app) << "piece 4195303 4194304\npiece 9 1\n";
  download();
  EXPECT_TRUE(read(local_ / "back") == text_);
}

TEST_F(TransferLimits, ADownloadOfASourceThatWasRewrittenInTheSameSizeStartsOver) {
  write_as_job("f", text_);
  download_one_piece();
  const std::string other(text_.size(), 'o');
  write_as_job("f", other);
  download();
  EXPECT_TRUE(read(local_ / "back") == other);
  EXPECT_EQ(pieces_read(), 2U);
}

/// What the disk had not taken when the power went is in no journal.
TEST_F(TransferLimits, ADownloadFromBeforeTheMachineWasStartedStartsOver) {
  write_as_job("f", text_);
  download_one_piece();
  std::string journal = read(journal_);
  const auto identity = journal.find('\n') + 1;
  const auto boot = journal.rfind(' ', journal.find('\n', identity)) + 1;
  journal[boot] = journal[boot] == '0' ? '1' : '0';
  std::ofstream(journal_) << journal;
  download();
  EXPECT_TRUE(read(local_ / "back") == text_);
  EXPECT_EQ(pieces_read(), 2U);
}

TEST_F(TransferLimits, ADownloadIsGoneOnWithOtherwise) {
  write_as_job("f", text_);
  download_one_piece();
  download();
  EXPECT_TRUE(read(local_ / "back") == text_);
  EXPECT_EQ(pieces_read(), 1U);
}

TEST_F(TransferLimits, ASmallSourceThatChangesBeforeItIsReadIsSentAsItIsThen) {
  create_file_with("f", "other");
  const auto path = write("f", "hello");
  options_.skip_unchanged = SkipUnchanged::ByChecksum;
  bool first = true;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.method == "HEAD" && std::exchange(first, false)) {
      write("f", "hello, world");
    }
    return std::nullopt;
  };
  upload(path);
  EXPECT_EQ(get("f"), "hello, world");
}

TEST_F(TransferLimits, TwoDownloadsToOnePlaceAtATimeAreRefused) {
  write_as_job("f", text_);
  std::string refusal;
  bool first = true;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (reads_piece(request) && std::exchange(first, false)) {
      refusal = refusal_of_download();
    }
    return std::nullopt;
  };
  download();
  EXPECT_THAT(refusal, HasSubstr("being transferred by another process"));
  EXPECT_TRUE(read(local_ / "back") == text_);
}

}  // namespace
}  // namespace batchai::files::test

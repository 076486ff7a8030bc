#include "files/transfer/transfer_fixture.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Runs that end in the middle and are begun again. Nothing is tidied up when a run is cancelled, so that what is there
/// afterwards is what a killed process leaves.
class Resume : public TransferTest {
 protected:
  Resume() { options_.max_connections = 2; }

  /// Ends a run when `after` pieces have been moved.
  void interrupt_after(int after, bool (*is_piece)(const HttpRequest&)) {
    auto left = std::make_shared<std::atomic<int>>(after);
    auto source = std::make_shared<CancellationSource>();
    context_.cancellation = source->token();
    network_->after = [=](const HttpRequest& request, HttpResponse&) {
      if (is_piece(request) && --*left == 0) {
        source->cancel();
      }
    };
  }
  void let_go_on() {
    context_ = {};
    network_->after = {};
    network_->forget();
  }
  void upload(const fs::path& path) { upload_file(path, share_.file("f"), options_, {}, context_); }
  void download() { download_file(share_.file("f"), local_ / "back", options_, context_); }
  /// Ends a run before the content of a small file is written.
  void interrupt_before_content_of(const std::string& name) {
    network_->before = [=](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (writes_piece(request) && request.url.path().ends_with("/" + name)) {
        throw Cancelled();
      }
      return std::nullopt;
    };
  }
  TransferReport copy_folder(const std::string& from, const std::string& to) {
    Transfer transfer(options_);
    transfer.copy_folder(share_.directory(from), share_.directory(to));
    return transfer.run();
  }

  const std::string text_ = content(10 * kPiece);
};

TEST_F(Resume, AnUploadSendsWhatIsMissing) {
  const auto path = write("f", text_);
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload(path), Cancelled);
  let_go_on();
  upload(path);
  EXPECT_TRUE(get("f") == text_);
  // Four are missing; each of the two connections may have lost one.
  EXPECT_LE(network_->count("comp=range"), 6U);
  EXPECT_TRUE(fs::is_empty(options_.journal_folder));
}

TEST_F(Resume, AnUploadWithoutAnMd5IsResumedAndMarkedUntilItIsComplete) {
  const auto path = write("f", text_);
  const FileClient file = share_by_tls().file("f");
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload_file(path, file, options_, {}, context_), Cancelled);
  EXPECT_EQ(file.get_properties().content_md5.size(), 24U);
  let_go_on();
  upload_file(path, file, options_);
  EXPECT_TRUE(get("f") == text_);
  EXPECT_EQ(file.get_properties().content_md5, "");
  EXPECT_LE(network_->count("comp=range"), 6U);
}

TEST_F(Resume, AnUploadWithoutAnMd5ThatOnlyTheNotesSurvivedIsNotSentAgain) {
  const auto path = write("f", text_);
  const FileClient file = share_by_tls().file("f");
  network_->after = [](const HttpRequest& request, HttpResponse&) {
    if (request.url.query().find("comp=properties") != std::string::npos) {
      throw Cancelled();
    }
  };
  EXPECT_THROW(upload_file(path, file, options_), Cancelled);
  let_go_on();
  upload_file(path, file, options_);
  EXPECT_EQ(network_->count("comp=range"), 0U);
  EXPECT_TRUE(fs::is_empty(options_.journal_folder));
}

TEST_F(Resume, AnUploadThatOnlyLacksItsMd5IsGivenItByChecksum) {
  const auto path = write("f", text_);
  const FileClient file = share_by_tls().file("f");
  network_->after = [](const HttpRequest& request, HttpResponse&) {
    if (request.url.query().find("comp=properties") != std::string::npos) {
      throw Cancelled();
    }
  };
  EXPECT_THROW(upload_file(path, file, options_), Cancelled);
  let_go_on();
  options_.skip_unchanged = SkipUnchanged::ByChecksum;
  upload_file(path, file, options_);
  EXPECT_EQ(network_->count("comp=range"), 0U);
  EXPECT_EQ(file.get_properties().content_md5, signing::base64_encode(signing::md5(text_)));
  EXPECT_TRUE(fs::is_empty(options_.journal_folder));
}

TEST_F(Resume, ASmallUploadThatWasInterruptedIsNotTakenForDone) {
  for (const SkipUnchanged mode : {SkipUnchanged::BySizeAndTime, SkipUnchanged::ByChecksum}) {
    const auto path = write("f", "abc");
    options_.skip_unchanged = mode;
    network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (writes_piece(request)) {
        throw Cancelled();
      }
      return std::nullopt;
    };
    EXPECT_THROW(upload(path), Cancelled);
    network_->before = {};
    upload(path);
    EXPECT_EQ(get("f"), "abc");
    share_.file("f").remove();
  }
}

TEST_F(Resume, ASmallUploadThatWasInterruptedIsNotTakenForDoneInAListing) {
  for (const SkipUnchanged mode : {SkipUnchanged::BySizeAndTime, SkipUnchanged::ByChecksum}) {
    write("a", "abc");
    write("zeros", std::string(10, '\0'));
    options_.skip_unchanged = mode;
    network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (writes_piece(request)) {
        throw Cancelled();
      }
      return std::nullopt;
    };
    EXPECT_THROW(upload_folder(), Cancelled);
    network_->before = {};
    upload_folder();
    EXPECT_EQ(get("in/a"), "abc");
    EXPECT_EQ(upload_folder().skipped, 2U);
    share_.file("in/a").remove();
  }
}

TEST_F(Resume, ACopyOfAnIncompleteSmallUploadIsNotTakenForDone) {
  options_.max_connections = 1;
  for (const SkipUnchanged mode : {SkipUnchanged::BySizeAndTime, SkipUnchanged::ByChecksum}) {
    write("a", "abc");
    write("b", "abcdef");
    interrupt_before_content_of("b");
    EXPECT_THROW(upload_folder(), Cancelled);
    network_->before = {};
    options_.skip_unchanged = mode;
    copy_folder("in", "out");
    EXPECT_EQ(get("out/b"), std::string(6, '\0'));
    upload_folder();
    EXPECT_EQ(copy_folder("in", "out").files, 1U);
    EXPECT_EQ(get("out/b"), "abcdef");
    EXPECT_EQ(copy_folder("in", "out").skipped, 2U);
    options_.skip_unchanged = SkipUnchanged::Never;
    share_.file("out/b").remove();
  }
}

TEST_F(Resume, AnUploadOfASourceThatWasRewrittenWithItsOldTimeStartsOver) {
  const auto path = write("f", text_);
  const auto time = fs::last_write_time(path);
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload(path), Cancelled);
  let_go_on();
  std::string other = text_;
  std::reverse(other.begin(), other.end());
  write("f", other);
  fs::last_write_time(path, time);
  upload(path);
  EXPECT_TRUE(get("f") == other);
}

TEST_F(Resume, AnUploadGoesOnAfterTheServiceHasSaidNo) {
  const auto path = write("f", text_);
  for (const int status : {403, 502, 503}) {
    std::atomic<int> left = 6;
    network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (writes_piece(request) && --left < 0) {
        return HttpResponse{.status = status};
      }
      return std::nullopt;
    };
    EXPECT_THROW(upload(path), ServiceError) << status;
    network_->before = {};
    network_->forget();
    upload(path);
    EXPECT_TRUE(get("f") == text_);
    EXPECT_LE(network_->count("comp=range"), 4U) << status;
    share_.file("f").remove();
  }
}

TEST_F(Resume, NobodyWaitsLongerThanThePatienceBecauseTheServiceAsksForIt) {
  write("f", "abc");
  write("g", "abc");
  const auto begin = clock_->steady_now();
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.url.path().ends_with("/in/f")) {
      return HttpResponse{.status = 503, .headers = {{"Retry-After", "3600"}}};
    }
    return std::nullopt;
  };
  EXPECT_EQ(upload_folder().failures.size(), 1U);
  EXPECT_LT(clock_->steady_now() - begin, options_.patience);
  EXPECT_EQ(get("in/g"), "abc");
}

TEST_F(Resume, AJournalThatCannotBeOpenedIsDoneWithout) {
  const auto path = write("f", text_);
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload(path), Cancelled);
  let_go_on();
  const fs::path journal = fs::directory_iterator(options_.journal_folder)->path();
  fs::remove(journal);
  fs::create_directory(journal);
  upload(path);
  EXPECT_TRUE(get("f") == text_);
}

TEST_F(Resume, ADownloadThatHasBecomeSmallLeavesNothingOfTheLargeOne) {
  write_as_job("f", text_);
  interrupt_after(6, reads_piece);
  EXPECT_THROW(download(), Cancelled);
  let_go_on();
  write_as_job("f", "abc");
  download();
  EXPECT_EQ(read(local_ / "back"), "abc");
  EXPECT_EQ(names_in(local_), (std::vector<std::string>{"back"}));
}

TEST_F(Resume, AnUploadOfAnotherSourceStartsOver) {
  const auto path = write("f", text_);
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload(path), Cancelled);
  let_go_on();
  const std::string other = content(10 * kPiece - 1);
  upload(write("f", other));
  EXPECT_TRUE(get("f") == other);
  EXPECT_EQ(network_->count("comp=range"), 10U);
}

TEST_F(Resume, AnUploadToATargetThatSomebodyReplacedStartsOver) {
  const auto path = write("f", text_);
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload(path), Cancelled);
  let_go_on();
  create_file("f", text_.size());
  upload(path);
  EXPECT_TRUE(get("f") == text_);
  EXPECT_EQ(network_->count("comp=range"), 10U);
}

TEST_F(Resume, AnUploadToATargetThatIsGoneStartsOver) {
  const auto path = write("f", text_);
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload(path), Cancelled);
  let_go_on();
  share_.file("f").remove();
  upload(path);
  EXPECT_TRUE(get("f") == text_);
}

TEST_F(Resume, AnUploadWithoutAJournalFolderStartsOver) {
  options_.journal_folder.clear();
  const auto path = write("f", text_);
  interrupt_after(6, writes_piece);
  EXPECT_THROW(upload(path), Cancelled);
  let_go_on();
  upload(path);
  EXPECT_TRUE(get("f") == text_);
}

TEST_F(Resume, TwoUploadsOfTheSameAtATimeAreRefused) {
  const auto path = write("f", text_);
  std::string reason;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request) && reason.empty()) {
      reason = "none";
      try {
        upload(path);
      } catch (const Error& error) {
        reason = error.what();
      }
    }
    return std::nullopt;
  };
  options_.max_connections = 1;
  upload(path);
  EXPECT_THAT(reason, HasSubstr("being transferred by another process"));
  EXPECT_TRUE(get("f") == text_);
}

TEST_F(Resume, ADownloadFetchesWhatIsMissing) {
  write_as_job("f", text_);
  interrupt_after(6, reads_piece);
  EXPECT_THROW(download(), Cancelled);
  EXPECT_FALSE(fs::exists(local_ / "back"));
  let_go_on();
  download();
  EXPECT_TRUE(read(local_ / "back") == text_);
  EXPECT_LE(network_->count("GET /acct1/share1/f?") - network_->count("rangelist"), 6U);
  EXPECT_EQ(names_in(local_), (std::vector<std::string>{"back"}));
}

TEST_F(Resume, ADownloadOfAnotherSourceStartsOver) {
  write_as_job("f", text_);
  interrupt_after(6, reads_piece);
  EXPECT_THROW(download(), Cancelled);
  let_go_on();
  const std::string other = content(9 * kPiece);
  write_as_job("f", other);
  download();
  EXPECT_TRUE(read(local_ / "back") == other);
  EXPECT_EQ(network_->count("GET /acct1/share1/f?") - network_->count("rangelist"), 9U);
}

TEST_F(Resume, ADamagedPartIsNoticedByTheDigestAndFetchedAnew) {
  upload(write("f", text_));
  interrupt_after(6, reads_piece);
  EXPECT_THROW(download(), Cancelled);
  let_go_on();
  {
    std::fstream part(local_ / ".back.batchai-part", std::ios::in | std::ios::out | std::ios::binary);
    part << "damage";
  }
  download();
  EXPECT_TRUE(read(local_ / "back") == text_);
}

TEST_F(Resume, APartThatWasCutOrMadeLongerIsFetchedAnew) {
  write_as_job("f", text_);
  for (const std::size_t size : {kPiece, text_.size() + 1}) {
    interrupt_after(6, reads_piece);
    EXPECT_THROW(download(), Cancelled);
    let_go_on();
    fs::resize_file(local_ / ".back.batchai-part", size);
    download();
    EXPECT_TRUE(read(local_ / "back") == text_) << size;
    EXPECT_EQ(network_->count("GET /acct1/share1/f?") - network_->count("rangelist"), 10U) << size;
    fs::remove(local_ / "back");
  }
}

TEST_F(Resume, AJournalThatBreaksOffIsReadUpToThere) {
  write_as_job("f", text_);
  interrupt_after(6, reads_piece);
  EXPECT_THROW(download(), Cancelled);
  let_go_on();
  std::ofstream(local_ / ".back.batchai-part.journal", std::ios::app) << "piece 4194304 83";
  download();
  EXPECT_TRUE(read(local_ / "back") == text_);
}

TEST_F(Resume, OutOfReachIsWaitedFor) {
  const auto path = write("f", text_);
  std::atomic<int> refusals = 20;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request) && --refusals >= 0) {
      throw TransportError("http://127.0.0.1:10011", "connection refused");
    }
    return std::nullopt;
  };
  upload(path);
  EXPECT_TRUE(get("f") == text_);
}

TEST_F(Resume, OutOfReachForGoodIsGivenUpAfterAWhileAndCanBeGoneOnWith) {
  const auto path = write("f", text_);
  std::atomic<int> left = 6;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request) && --left < 0) {
      throw TransportError("http://127.0.0.1:10011", "connection refused");
    }
    return std::nullopt;
  };
  EXPECT_THROW(upload(path), TransportError);
  network_->before = {};
  let_go_on();
  upload(path);
  EXPECT_TRUE(get("f") == text_);
  EXPECT_LE(network_->count("comp=range"), 4U);
}

TEST_F(Resume, AServiceThatNeverAnsweredIsNotWaitedFor) {
  network_->before = [](const HttpRequest&) -> std::optional<HttpResponse> {
    throw TransportError("http://127.0.0.1:10011", "connection refused");
  };
  EXPECT_THROW(upload(write("f", "abc")), TransportError);
  EXPECT_EQ(network_->requests.size(), 4U);
}

}  // namespace
}  // namespace batchai::files::test

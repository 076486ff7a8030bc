#include "files/transfer/transfer_fixture.hpp"
#include "signing/sas.hpp"

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Transfers with a shared access signature that allows just what they need.
class TransferBySignature : public TransferTest {
 protected:
  Url signed_url(const std::string& path, const std::string& permissions) const {
    const SasOptions options{.permissions = permissions, .expiry = clock_->now() + std::chrono::hours(1)};
    return path.empty() ? share_.sas_url(options) : share_.file(path).sas_url(options);
  }
  ShareClient share_by(const std::string& permissions) const {
    const SignedUrl place = SignedUrl::parse(signed_url("", permissions));
    return ShareServiceClient(place.account, {.transport = network_, .clock = clock_}).share(place.share);
  }
  FileClient file_by(const std::string& path, const std::string& permissions) const {
    return FileClient::from_sas_url(signed_url(path, permissions), {.transport = network_, .clock = clock_});
  }
  TransferReport upload(const fs::path& source, const FileClient& target) {
    Transfer transfer(options_, context_);
    transfer.upload(source, target);
    return transfer.run();
  }
};

TEST_F(TransferBySignature, UploadsSmallFilesWithoutRead) {
  EXPECT_THAT(reasons(upload(write("f", "small"), share_by("cw").file("f"))), IsEmpty());
  EXPECT_EQ(read(share_folder() / "f"), "small");
}

TEST_F(TransferBySignature, UploadsLargeFilesWithoutRead) {
  const std::string large = content(2 * kPiece + 5);
  EXPECT_THAT(reasons(upload(write("f", large), share_by("cw").file("f"))), IsEmpty());
  EXPECT_EQ(read(share_folder() / "f"), large);
}

TEST_F(TransferBySignature, StartsAnInterruptedUploadAnewWithoutRead) {
  const std::string large = content(2 * kPiece + 5);
  const fs::path source = write("f", large);
  context_.cancellation = CancellationToken();
  int pieces = 0;
  network_->before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request) && ++pieces == 2) {
      throw Cancelled();
    }
    return std::nullopt;
  };
  EXPECT_THROW(upload(source, share_by("cw").file("f")), Cancelled);
  network_->before = {};
  EXPECT_THAT(reasons(upload(source, share_by("cw").file("f"))), IsEmpty());
  EXPECT_EQ(read(share_folder() / "f"), large);
}

TEST_F(TransferBySignature, UploadsFoldersWithoutRead) {
  write("a", "1");
  write("deep/b", "2");
  for (const char* target : {"", "in"}) {
    Transfer transfer(options_, context_);
    const ShareClient share = share_by("cw");
    transfer.upload_folder(local_, *target == '\0' ? share.root() : share.directory(target));
    EXPECT_THAT(reasons(transfer.run()), IsEmpty());
  }
  EXPECT_THAT(names_in(share_folder()), ElementsAre("a", "deep", "deep/b", "in", "in/a", "in/deep", "in/deep/b"));
}

TEST_F(TransferBySignature, OfOneFileDownloadsIt) {
  create_file_with("f", "hello");
  download_file(file_by("f", "r"), folder_.path() / "back", options_, context_);
  EXPECT_EQ(read(folder_.path() / "back"), "hello");
}

TEST_F(TransferBySignature, IsNeverInAMessageAboutItsUrl) {
  for (const char* text : {"https://acct.file.core.windows.net/?sig=secret", "http://127.0.0.1:1/acct?sig=secret",
                           "https://acct.file.core.windows.net/share/f?sv=secret"}) {
    try {
      SignedUrl::parse(Url::parse(text));
      ADD_FAILURE() << text;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("secret")));
    }
  }
}

}  // namespace
}  // namespace batchai::files::test

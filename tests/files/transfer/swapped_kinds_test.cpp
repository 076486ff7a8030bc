#include "files/transfer/transfer_fixture.hpp"

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A mirror whose source has a file where the target has a directory, and the other way round.
class SwappedKinds : public TransferTest {
 protected:
  SwappedKinds() {
    options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
    options_.delete_extra = true;
  }
  /// `x` a file and `y/deep/f` below a directory, or the other way round.
  void make(const fs::path& folder, bool swapped) const {
    fs::remove_all(folder);
    const fs::path file = folder / (swapped ? "y" : "x");
    const fs::path directory = folder / (swapped ? "x" : "y");
    fs::create_directories(directory / "deep");
    std::ofstream(file) << "a file";
    std::ofstream(directory / "deep" / "f") << "below";
  }
  void expect_swapped(const fs::path& folder) const {
    EXPECT_THAT(names_in(folder), ElementsAre("x", "x/deep", "x/deep/f", "y"));
    EXPECT_EQ(read(folder / "y"), "a file");
    EXPECT_EQ(read(folder / "x" / "deep" / "f"), "below");
  }
};

TEST_F(SwappedKinds, ConvergeUpwards) {
  make(local_, false);
  upload_folder();
  make(local_, true);
  EXPECT_THAT(reasons(upload_folder()), IsEmpty());
  expect_swapped(share_folder() / "in");
  EXPECT_EQ(upload_folder().files, 0U);
}

TEST_F(SwappedKinds, ConvergeDownwards) {
  make(local_, true);
  upload_folder();
  const fs::path back = folder_.path() / "back";
  make(back, false);
  EXPECT_THAT(reasons(download_folder(back)), IsEmpty());
  expect_swapped(back);
  EXPECT_EQ(download_folder(back).files, 0U);
}

TEST_F(SwappedKinds, ConvergeInCopies) {
  make(local_, false);
  upload_folder("copy");
  make(local_, true);
  upload_folder("in");
  Transfer transfer(options_, context_);
  transfer.copy_folder(share_.directory("in"), share_.directory("copy"));
  EXPECT_THAT(reasons(transfer.run()), IsEmpty());
  expect_swapped(share_folder() / "copy");
}

TEST_F(SwappedKinds, AreSeenWithoutRegardToCase) {
  write("X/f", "1");
  create_file_with("in_x", "");
  fs::create_directory(share_folder() / "in");
  write_as_job("in/x", "old");
  EXPECT_THAT(reasons(upload_folder()), IsEmpty());
  EXPECT_THAT(names_in(share_folder() / "in"), ElementsAre("X", "X/f"));
}

TEST_F(SwappedKinds, StayWithoutDelete) {
  options_.delete_extra = false;
  make(local_, false);
  upload_folder();
  make(local_, true);
  EXPECT_EQ(upload_folder().failures.size(), 2U);
  EXPECT_EQ(read(share_folder() / "in" / "x"), "a file");
  EXPECT_EQ(read(share_folder() / "in" / "y" / "deep" / "f"), "below");
}

TEST_F(SwappedKinds, StayWhereAPatternKeepsWhatIsInTheWay) {
  make(local_, false);
  upload_folder();
  make(local_, true);
  options_.patterns = {"y"};
  EXPECT_EQ(upload_folder().failures.size(), 1U);  // y cannot replace the directory, in which something is kept
  EXPECT_EQ(read(share_folder() / "in" / "y" / "deep" / "f"), "below");
}

TEST_F(SwappedKinds, AreOnlyToldInADryRun) {
  make(local_, false);
  upload_folder();
  make(local_, true);
  options_.dry_run = true;
  events_.clear();
  upload_folder();
  EXPECT_EQ(std::count_if(events_.begin(), events_.end(),
                          [](const TransferEvent& event) { return event.action == TransferAction::Deleted; }),
            4);
  EXPECT_EQ(read(share_folder() / "in" / "x"), "a file");
}

}  // namespace
}  // namespace batchai::files::test

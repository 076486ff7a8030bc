#include "server/program/isolation.hpp"

#include "support/temporary_folder.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// On a machine without bubblewrap.
class IsolationTest : public ::testing::Test {
 protected:
  IsolationTest() { ::setenv("PATH", folder_.path().c_str(), 1); }
  ~IsolationTest() override { ::setenv("PATH", path_.c_str(), 1); }

  Isolation chosen(IsolationMode mode) const {
    ServerOptions options;
    options.isolation = mode;
    return choose_isolation(options, folder_.path());
  }

  const std::string path_ = std::getenv("PATH");
  const batchai::test::TemporaryFolder folder_;
};

TEST_F(IsolationTest, IsNoneWhereThereCanBeNoSandbox) {
  const auto isolation = chosen(IsolationMode::Auto);
  EXPECT_FALSE(isolation.sandbox);
  EXPECT_THAT(isolation.trouble, HasSubstr("bubblewrap is not installed"));
}

TEST_F(IsolationTest, IsNoTroubleWhereNoneIsWanted) { EXPECT_EQ(chosen(IsolationMode::None).trouble, ""); }

TEST_F(IsolationTest, RefusesToStartWithoutTheSandboxThatIsAskedFor) {
  EXPECT_THROW(chosen(IsolationMode::Sandbox), UsageError);
}

TEST_F(IsolationTest, RefusesRelativePaths) {
  ServerOptions options;
  options.sandbox_readable = "/data:sets";
  EXPECT_THROW(choose_isolation(options, folder_.path()), UsageError);
}

TEST(Isolation, HidesTheDataFolderByItsOwnNameToo) {
  const batchai::test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "real" / "files");
  std::filesystem::create_directory_symlink(folder / "real", folder / "link");
  const auto isolation = choose_isolation({}, folder / "link");
  if (!isolation.sandbox) {
    GTEST_SKIP() << isolation.trouble;
  }
  EXPECT_THAT(isolation.sandbox->hidden, ElementsAre(folder / "link", std::filesystem::canonical(folder / "real")));
}

TEST(Isolation, HidesTheDataFolderAndTheKeyOfTheCertificate) {
  const batchai::test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "files");
  ServerOptions options;
  options.tls = TlsMode::Files;
  options.private_key = "/etc/key.pem";
  options.sandbox_readable = "/data:/sets";
  const auto isolation = choose_isolation(options, folder.path());
  if (!isolation.sandbox) {
    GTEST_SKIP() << isolation.trouble;
  }
  EXPECT_THAT(isolation.sandbox->hidden, ElementsAre(folder.path(), std::filesystem::path("/etc/key.pem")));
  EXPECT_THAT(isolation.sandbox->readable, ElementsAre(std::filesystem::path("/data"), std::filesystem::path("/sets")));
}

}  // namespace

}  // namespace batchai::server::test

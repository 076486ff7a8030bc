#include "cli/cli_fixture.hpp"

#include <gtest/gtest.h>

namespace batchai::cli::test {
namespace {

class NoNetwork final : public Transport {
 public:
  HttpResponse send(const HttpRequest&, const CallContext&) override { throw Cancelled(); }
};

class NetworkThreads : public CliTest {
 protected:
  NetworkThreads() { network_ = std::make_shared<NoNetwork>(); }

  /// That the network was asked for by a command, however it ended.
  unsigned threads_of(const std::vector<std::string>& words) {
    transport_options_.threads = 0;
    run(words);
    return transport_options_.threads;
  }
};

TEST_F(NetworkThreads, AreSeveralOnlyForCommandsThatMoveFiles) {
  EXPECT_EQ(threads_of({"group", "list"}), 1U);
  const std::vector<std::string> account{"--account-name", "a", "--account-key", "a2V5"};
  const auto with_account = [&](std::vector<std::string> words) {
    words.insert(words.end(), account.begin(), account.end());
    return words;
  };
  EXPECT_EQ(threads_of(with_account({"files", "list", "share"})), 1U);
  const unsigned usual = TransportOptions().threads;
  EXPECT_GT(usual, 1U);
  EXPECT_EQ(threads_of(with_account({"files", "upload", write_file("a", "b"), "share"})), usual);
  EXPECT_EQ(threads_of(with_account({"files", "download", "share/a", folder_.string()})), usual);
}

}  // namespace
}  // namespace batchai::cli::test

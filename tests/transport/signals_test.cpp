#include "batchai/core/transport.hpp"
#include "core/signals_blocked.hpp"
#include "support/socket_server.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace batchai::test {
namespace {

/// Makes the threads that a program gets with its first request; the name of the peer is looked up.
class SignalsTest : public testing::Test {
 protected:
  SignalsTest() {
    {
      const SignalsBlocked blocked;  // in the threads of the server
      server_ = std::make_unique<SocketServer>([](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      });
    }
    const std::string url = "http://localhost" + server_->url().substr(server_->url().rfind(':'));
    EXPECT_EQ(make_network_transport({})->send({.url = Url::parse(url)}, {}).status, 200);
  }

 private:
  std::unique_ptr<SocketServer> server_;
};

bool blocks(const std::filesystem::path& thread, int signal) {
  std::ifstream status(thread / "status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk:")) {
      return (std::stoull(line.substr(7), nullptr, 16) >> static_cast<unsigned>(signal - 1) & 1U) != 0;
    }
  }
  return true;  // it has ended meanwhile
}

TEST_F(SignalsTest, GoToTheProgramsThread) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &signals, nullptr), 0);
  ASSERT_EQ(::kill(::getpid(), SIGINT), 0);  // a thread that does not block it would end the process
  int signal = 0;
  ASSERT_EQ(sigwait(&signals, &signal), 0);
  EXPECT_EQ(signal, SIGINT);
}

TEST_F(SignalsTest, AreBlockedInAllThreadsOfTheLibrary) {
  const std::filesystem::path own = "/proc/self/task/" + std::to_string(::gettid());
  std::vector<std::string> open;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    if (thread.path().filename() != own.filename() && !blocks(thread, SIGTERM)) {
      std::ifstream name(thread.path() / "comm");
      open.emplace_back(std::istreambuf_iterator<char>(name), std::istreambuf_iterator<char>());
    }
  }
  EXPECT_THAT(open, testing::IsEmpty());
  EXPECT_FALSE(blocks(own, SIGTERM));
}

TEST_F(SignalsTest, LeaveFaultsToTheirHandlers) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "a thread of the thread sanitizer's own blocks all signals";
#endif
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    EXPECT_FALSE(blocks(thread, SIGSEGV));
  }
}

}  // namespace
}  // namespace batchai::test

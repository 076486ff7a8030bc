#pragma once

#include "support/temporary_folder.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server::test {

/// Unique on this machine: tests look for the processes of their run among all that there are.
inline const std::string kRunId = "r-" + std::to_string(::getpid());

/// Far longer than anything takes: reached only when something is broken.
inline constexpr std::chrono::seconds kDeadline{180};

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

using Scratch = batchai::test::TemporaryFolder;

/// Waits until `ready` holds; asks again whenever something changes in `folder`. Returns whether it came to hold.
inline bool wait_for_change(const std::filesystem::path& folder, const std::function<bool()>& ready) {
  const int watcher = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  ::inotify_add_watch(watcher, folder.c_str(), IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE);
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  bool done = ready();
  while (!done && std::chrono::steady_clock::now() < deadline) {
    pollfd entry{.fd = watcher, .events = POLLIN, .revents = 0};
    ::poll(&entry, 1, 5'000);
    char buffer[4096];
    while (::read(watcher, buffer, sizeof buffer) > 0) {
    }
    done = ready();
  }
  ::close(watcher);
  return done;
}

/// Waits until the file ends in a line end and returns what is in it.
inline std::string wait_for_line(const std::filesystem::path& path) {
  std::string text;
  EXPECT_TRUE(wait_for_change(path.parent_path(),
                              [&] {
                                text = read_text(path);
                                return !text.empty() && text.back() == '\n';
                              }))
      << "nothing in " << path;
  return text;
}

/// Lets a process wait for the test: it runs `wait_command()`, which ends when the test calls open().
class Gate {
 public:
  explicit Gate(std::filesystem::path path) : path_(std::move(path)) {
    if (::mkfifo(path_.c_str(), 0600) != 0) {
      throw std::runtime_error("cannot make a pipe for the test");
    }
    // Both ways, so that neither end waits for the other to come.
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  }
  ~Gate() { ::close(descriptor_); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  std::string wait_command() const { return "read _ < '" + path_.string() + "'"; }
  void open() const { ASSERT_EQ(::write(descriptor_, "\n", 1), 1); }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace batchai::server::test

#include "e2e/terminal.hpp"

#include <array>
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::test {
namespace {

constexpr int kTimeout = 60'000;

}  // namespace

Terminal::Terminal(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
                   int columns) {
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  winsize size{.ws_row = 24, .ws_col = static_cast<unsigned short>(columns), .ws_xpixel = 0, .ws_ypixel = 0};
  pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ == 0) {
    for (const char* name : {"NO_COLOR", "COLUMNS"}) {
      ::unsetenv(name);
    }
    ::setenv("TERM", "xterm", 1);
    for (const auto& [name, value] : environment) {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
  }
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(terminal_);
}

bool Terminal::read_some() {
  pollfd event{terminal_, POLLIN, 0};
  if (::poll(&event, 1, kTimeout) == 0) {
    ADD_FAILURE() << "nothing more came within a minute behind:\n" << bytes_;
    return false;
  }
  std::array<char, 4096> piece{};
  const ssize_t length = ::read(terminal_, piece.data(), piece.size());
  if (length <= 0) {  // an error is how the end of a program shows here
    return false;
  }
  bytes_.append(piece.data(), static_cast<std::size_t>(length));
  return true;
}

void Terminal::expect(const std::string& text) {
  while (bytes_.find(text) == std::string::npos) {
    if (!read_some()) {
      ADD_FAILURE() << "'" << text << "' did not appear in:\n" << bytes_;
      return;
    }
  }
}

void Terminal::type(const std::string& text) const {
  EXPECT_EQ(::write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

int Terminal::wait() {
  while (read_some()) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace batchai::test

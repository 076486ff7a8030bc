#include "cli/frame/streams.hpp"

#include "cli/frame/errors.hpp"
#include "core/parse_number.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <streambuf>

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace batchai::cli {
namespace {

class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor) : descriptor_(descriptor) { setp(buffer_.data(), buffer_.end()); }

 protected:
  int_type overflow(int_type c) override {
    flush();
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
      sputc(traits_type::to_char_type(c));
    }
    return traits_type::not_eof(c);
  }
  int sync() override {
    flush();
    return 0;
  }

 private:
  void flush() {
    const char* next = pbase();
    const char* const end = pptr();
    setp(buffer_.data(), buffer_.end());
    while (next != end) {
      const ssize_t written = ::write(descriptor_, next, static_cast<std::size_t>(end - next));
      if (written < 0 && errno != EINTR) {
        throw OutputError(errno);
      }
      next += written > 0 ? written : 0;
    }
  }

  int descriptor_;
  std::array<char, 1 << 16> buffer_{};
};

class DescriptorStream final : public std::ostream {
 public:
  explicit DescriptorStream(int descriptor) : std::ostream(nullptr), buffer_(descriptor) {
    rdbuf(&buffer_);
    exceptions(badbit);  // so that what the buffer throws reaches the caller
  }

 private:
  DescriptorBuffer buffer_;
};

/// COLUMNS, else what the terminal says.
std::size_t terminal_width(const std::string& columns) {
  constexpr std::size_t kNarrowest = 20;
  if (const auto width = parse_number<std::size_t>(columns); width && *width > 0) {
    return std::max(*width, kNarrowest);
  }
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
             ? std::max<std::size_t>(size.ws_col, kNarrowest)
             : 80;
}

/// Switches echo off while it lives.
class NoEcho {
 public:
  NoEcho() : valid_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (valid_) {
      termios quiet = before_;
      quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() {
    if (valid_) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
  }

 private:
  termios before_{};
  bool valid_;
};

}  // namespace

OutputError::OutputError(int error_number)
    : Error(std::string("cannot write the output: ") + std::strerror(error_number)), closed_(error_number == EPIPE) {}

std::unique_ptr<std::ostream> make_output_stream(int descriptor) {
  return std::make_unique<DescriptorStream>(descriptor);
}

Streams process_streams(std::ostream& out, std::ostream& err, bool no_colour, const std::string& columns) {
  const bool out_terminal = ::isatty(STDOUT_FILENO) == 1;
  return {.in = std::cin,
          .out = out,
          .err = err,
          .in_terminal = ::isatty(STDIN_FILENO) == 1,
          .out_terminal = out_terminal,
          .err_terminal = ::isatty(STDERR_FILENO) == 1,
          .width = terminal_width(columns),
          .colour = !no_colour};
}

void Streams::print_line(const std::string& line) {
  if (status != nullptr) {
    status->print_above(line);
  } else {
    err << line << std::endl;
  }
}

TerminalSize process_terminal_size() {
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
      return {size.ws_col, size.ws_row};
    }
  }
  return {};
}

bool process_output_closed() {
  pollfd output{STDOUT_FILENO, 0, 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

std::string read_hidden_line(Streams& io, const std::string& prompt) {
  io.err << prompt << std::flush;
  std::string line;
  {
    const NoEcho no_echo;
    std::getline(io.in, line);
  }
  io.err << '\n';
  return line;
}

}  // namespace batchai::cli

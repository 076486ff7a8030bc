#include "server/supervisor/begin_report.hpp"

#include "server/run/system_error.hpp"
#include "server/supervisor/events.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace batchai::server {

namespace {

constexpr char kBegun = '\1';

}  // namespace

std::pair<Descriptor, Descriptor> make_report() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw_errno("cannot make a pipe");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

bool await_event(const Descriptor& descriptor, short events, std::chrono::steady_clock::time_point deadline) {
  while (true) {
    pollfd entry{.fd = descriptor.get(), .events = events, .revents = 0};
    const int ready = ::poll(&entry, 1, poll_timeout(deadline));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

std::pair<std::string, Begin> await_begin(const Descriptor& report) {
  const auto deadline = std::chrono::steady_clock::now() + kLongestSetUp;
  std::string text;
  std::array<char, 1024> buffer{};
  while (true) {
    if (!await_event(report, POLLIN, deadline)) {
      return {text, Begin::Late};
    }
    const auto count = ::read(report.get(), buffer.data(), buffer.size());
    if (count == 0) {
      return {text, Begin::No};
    }
    text.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    if (const auto mark = text.find(kBegun); mark != std::string::npos) {
      return {text.erase(mark, 1), Begin::Yes};
    }
  }
}

}  // namespace batchai::server

#include "cli/app/waiting/progress.hpp"

#include "cli/frame/columns.hpp"
#include "cli/frame/printable_stream.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace batchai::cli {
namespace {

constexpr std::chrono::milliseconds kTurn{100};

/// Nothing is animated in pipes, on terminals that cannot do it, between the lines that --verbose and --dry-run print,
/// or while something else is animated.
bool is_animated(const Context& context) {
  const GlobalOptions& options = context.options;
  return context.io.err_terminal && context.io.moves_cursor && context.io.colour && !options.no_color &&
         !options.verbose && !options.dry_run && !options.only_show_errors && context.io.status == nullptr;
}

std::string clock_text(Duration elapsed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  const auto two_digits = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  if (seconds < 60) {
    return std::to_string(seconds) + " s";
  }
  if (seconds < 3600) {
    return std::to_string(seconds / 60) + ":" + two_digits(seconds % 60);
  }
  return std::to_string(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) + ":" + two_digits(seconds % 60);
}

}  // namespace

std::string progress_line(std::size_t turn, const std::vector<std::string>& whats, Duration elapsed,
                          std::size_t columns) {
  constexpr std::array<char, 4> kTurns{'|', '/', '-', '\\'};
  const std::string time = " (" + clock_text(elapsed) + ")";
  // The last column stays free: writing there makes some terminals begin a new line.
  const std::size_t room = columns > time.size() + 3 ? columns - time.size() - 3 : 0;
  const auto fitting = std::find_if(whats.begin(), std::prev(whats.end()),
                                    [&](const std::string& what) { return fit_columns(what, room) == what; });
  return std::string(1, kTurns[turn % kTurns.size()]) + " " + fit_columns(*fitting, room) + (room == 0 ? "" : time);
}

Progress::Progress(const Context& context, std::string what)
    : context_(context),
      what_(std::move(what)),
      started_(context.clock().steady_now()),
      animated_(is_animated(context)) {
  if (animated_) {
    context.host.interruption();  // before the thread exists, so that it gets no signals
    context.io.status = this;
  }
}

Progress::~Progress() {
  animation_ = {};
  if (animated_) {
    context_.io.status = nullptr;
  }
  try {
    erase();
  } catch (const std::exception&) {
    // The terminal is gone: nothing is left to be cleaned.
    drawn_ = false;
  }
}

void Progress::show(std::vector<std::string> states) {
  if (!animated_) {
    if (std::exchange(states_, states) != states) {
      context_.verbose(what_ + ": " + states.front());
    }
    return;
  }
  const std::lock_guard lock(mutex_);
  states_ = std::move(states);
  draw();
  if (!animation_.joinable()) {
    animation_ = std::jthread([this](const std::stop_token& stop) { animate(stop); });
  }
}

void Progress::print_above(const std::string& line) {
  const std::lock_guard lock(mutex_);
  const bool drawn = drawn_;
  erase();
  context_.io.err << line << std::endl;
  if (drawn) {
    draw();
  }
}

void Progress::animate(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  try {
    for (;;) {
      next_turn_.wait_for(lock, stop, kTurn, [] { return false; });
      if (stop.stop_requested()) {
        return;
      }
      ++turn_;
      draw();
    }
  } catch (const std::exception&) {
    return;  // the terminal is gone; the next write to it will fail
  }
}

void Progress::draw() {
  std::vector<std::string> whats;
  for (const std::string& state : states_) {
    whats.push_back(what_ + (state.empty() ? "" : ": " + state));
  }
  const auto elapsed = std::chrono::duration_cast<Duration>(context_.clock().steady_now() - started_);
  behind_filter(context_.io.err) << "\r\x1b[K" << progress_line(turn_, whats, elapsed, context_.io.size().columns)
                                 << std::flush;
  drawn_ = true;
}

void Progress::erase() {
  if (std::exchange(drawn_, false)) {
    behind_filter(context_.io.err) << "\r\x1b[K" << std::flush;
  }
}

}  // namespace batchai::cli

#include "cli/app/progress.hpp"

#include <array>

namespace batchai::cli {

Progress::~Progress() {
  if (drawn_) {
    context_.io.err << "\r\x1b[K" << std::flush;
  }
}

void Progress::show(const std::string& state) {
  if (context_.options.only_show_errors) {
    return;
  }
  const std::string line = what_ + ": " + state;
  if (context_.io.err_terminal && !context_.options.verbose) {
    constexpr std::array<char, 4> kTurns{'|', '/', '-', '\\'};
    context_.io.err << '\r' << kTurns[turn_++ % kTurns.size()] << ' ' << line.substr(0, context_.io.width - 3)
                    << "\x1b[K" << std::flush;
    drawn_ = true;
  } else if (line != last_) {
    context_.tell(line);
  }
  last_ = line;
}

}  // namespace batchai::cli

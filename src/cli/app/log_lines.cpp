#include "cli/app/log_lines.hpp"

#include "cli/output/text_width.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

/// In columns of a terminal.
constexpr std::size_t kLongestShown = 1000;
/// In bytes.
constexpr std::size_t kLongestLine = 64 * 1024;

/// What stands behind the last `\r` that is not at the end.
std::string_view last_drawn(std::string_view line) {
  line = line.substr(0, line.find_last_not_of('\r') + 1);
  return line.substr(line.rfind('\r') + 1);
}

}  // namespace

std::size_t begin_of_lines(std::string_view text, std::size_t lines) {
  std::size_t at = text.size();
  if (lines == 0) {
    return at;
  }
  if (text.ends_with('\n')) {
    --at;
  }
  for (; at > 0; --at) {
    if (text[at - 1] == '\n' && --lines == 0) {
      break;
    }
  }
  return at;
}

std::size_t begin_of_last_drawn(std::string_view text, std::size_t lines) {
  const std::size_t begin = begin_of_lines(text, lines);
  const std::string_view first = text.substr(begin, text.find('\n', begin) - begin);
  return begin + static_cast<std::size_t>(last_drawn(first).data() - first.data());
}

std::string shown_line(std::string_view line) { return shortened(std::string(last_drawn(line)), kLongestShown); }

std::string PrefixedLines::add(std::string_view bytes) {
  if (prefix_.empty()) {
    return std::string(bytes);
  }
  std::string text;
  while (!bytes.empty()) {
    if (std::exchange(after_return_, false) && bytes.front() == '\n') {
      text += '\n';
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    rest_ += bytes.substr(0, end);
    bytes.remove_prefix(end);
    if (!bytes.empty()) {
      after_return_ = bytes.front() == '\r';
      text += prefix_ + std::exchange(rest_, {}) + bytes.front();
      bytes.remove_prefix(1);
    } else if (rest_.size() >= kLongestLine) {
      text += prefix_ + std::exchange(rest_, {}) + '\n';
    }
  }
  return text;
}

std::string PrefixedLines::end() { return rest_.empty() ? std::string() : add("\n"); }

}  // namespace batchai::cli

#include "cli/app/log_lines.hpp"

namespace batchai::cli {

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

std::string PrefixedLines::add(std::string_view bytes) {
  if (prefix_.empty()) {
    return std::string(bytes);
  }
  rest_ += bytes;
  std::string text;
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    text += prefix_ + rest_.substr(begin, end + 1 - begin);
    begin = end + 1;
  }
  rest_.erase(0, begin);
  return text;
}

std::string PrefixedLines::end() { return rest_.empty() ? std::string() : add("\n"); }

}  // namespace batchai::cli

#include "cli/app/waiting/live_text.hpp"

#include "cli/frame/columns.hpp"
#include "cli/frame/printable_stream.hpp"

#include <algorithm>

namespace batchai::cli {

std::vector<std::string> fit_lines(const std::vector<std::string>& lines, const TerminalSize& size) {
  // One line stays free for the cursor.
  const std::size_t room = std::max<std::size_t>(size.lines, 2) - 1;
  std::vector<std::string> fitting = lines;
  if (fitting.size() > room) {
    const std::size_t hidden = fitting.size() - room + 1;
    fitting.resize(room);
    if (room > 1) {
      fitting[room - 2] = "(" + std::to_string(hidden) + " more lines)";
    }
    fitting.back() = lines.back();
  }
  for (std::string& line : fitting) {
    line = fit_columns(line, size.columns);
  }
  return fitting;
}

void LiveText::show(const std::vector<std::string>& lines) {
  const TerminalSize size = io_.size();
  std::string frame;
  if (lines_above_ > 0) {
    const bool resized = size.columns != size_.columns || size.lines != size_.lines;
    // After a change of size the position of the old lines is unknown.
    frame = resized ? "\x1b[H\x1b[2J" : "\r\x1b[" + std::to_string(lines_above_) + "A";
  }
  const std::vector<std::string> fitting = fit_lines(lines, size);
  for (const std::string& line : fitting) {
    frame += "\x1b[K" + line + "\r\n";
  }
  frame += "\x1b[J";
  behind_filter(io_.out) << frame << std::flush;
  lines_above_ = fitting.size();
  size_ = size;
}

void LiveText::finish() { behind_filter(io_.out) << "\r\x1b[K" << std::flush; }

}  // namespace batchai::cli

#pragma once

#include "cli/frame/streams.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// Text on a terminal that is replaced by newer text in the same position. It is cut to the terminal's size, so that it
/// can be overwritten, and written at once, so that nothing flickers. The cursor stays visible, below the text: nothing
/// has to be restored, however the program ends.
class LiveText {
 public:
  explicit LiveText(Streams& io) : io_(io) {}
  /// Throws OutputError.
  void show(const std::vector<std::string>& lines);
  /// Leaves the cursor at the beginning of an empty line: Ctrl-C has written there.
  void finish();

 private:
  Streams& io_;
  TerminalSize size_;
  std::size_t lines_above_ = 0;
};

/// As many lines as fit; the last one, which is the most important, is always kept.
std::vector<std::string> fit_lines(const std::vector<std::string>& lines, const TerminalSize& size);

}  // namespace batchai::cli

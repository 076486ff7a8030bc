#pragma once

#include "cli/frame/streams.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// Text on a terminal that is replaced by newer text in the same place. It is cut to the terminal's size, so that the
/// place can be found again, and written at once, so that nothing flickers. The cursor stays visible, below the text:
/// there is nothing to be restored, however the program ends.
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

/// The lines as far as they fit; the last one, which is the more important one, always does.
std::vector<std::string> fit_lines(const std::vector<std::string>& lines, const TerminalSize& size);

}  // namespace batchai::cli

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace batchai::cli {

/// Where the last `lines` lines of `text` begin, in bytes.
std::size_t begin_of_lines(std::string_view text, std::size_t lines);

/// Where to begin for the last `lines` lines of a text that may begin within a line: of what is drawn over (`\r`) in
/// the first of them only what was drawn last.
std::size_t begin_of_last_drawn(std::string_view text, std::size_t lines);

/// A line as a terminal shows it in the end: what was drawn last of what is drawn over, and no more than a person
/// reads.
std::string shown_line(std::string_view line);

/// Puts a prefix before each line of a text that comes in pieces. What a terminal draws over the line (`\r`) is a line,
/// too, and one without an end is broken where it is very long.
class PrefixedLines {
 public:
  /// Without a prefix all passes as it comes.
  explicit PrefixedLines(std::string prefix) : prefix_(std::move(prefix)) {}

  /// The lines that are complete now.
  std::string add(std::string_view bytes);
  /// What is left at the end, with a line end.
  std::string end();

 private:
  std::string prefix_;
  std::string rest_;
  /// Whether the last byte was `\r`, which a `\n` may belong to.
  bool after_return_ = false;
};

}  // namespace batchai::cli

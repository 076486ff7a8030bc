#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace batchai::cli {

/// Where the last `lines` lines of `text` begin, in bytes.
std::size_t begin_of_lines(std::string_view text, std::size_t lines);

/// Puts a prefix before each line of a text that comes in pieces.
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
};

}  // namespace batchai::cli

#include "core/shell_quote.hpp"

namespace batchai::inline v1 {

std::string shell_quote(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    c == '\'' ? word.append("'\\''") : word.append(1, c);
  }
  return word + "'";
}

}  // namespace batchai::inline v1

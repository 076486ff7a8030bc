#include "batchai/core/open_enum.hpp"

#include <algorithm>
#include <ostream>

namespace batchai::inline v1 {
namespace {

unsigned char lower_letter(char c) { return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

}  // namespace

std::weak_ordering compare_ignoring_case(std::string_view a, std::string_view b) {
  const auto difference = std::mismatch(a.begin(), a.end(), b.begin(), b.end(),
                                        [](char x, char y) { return lower_letter(x) == lower_letter(y); });
  const bool a_ends = difference.first == a.end();
  const bool b_ends = difference.second == b.end();
  if (a_ends || b_ends) {
    return b_ends <=> a_ends;
  }
  return lower_letter(*difference.first) <=> lower_letter(*difference.second);
}

std::ostream& print_text(std::ostream& out, std::string_view text) { return out << text; }

}  // namespace batchai::inline v1

#include "cli/frame/suggest.hpp"

#include <algorithm>
#include <numeric>

namespace batchai::cli {
namespace {

/// Levenshtein: insertions, deletions and substitutions.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  // In a short word, two wrong letters leave nothing to recognise it by.
  const std::size_t farthest = word.size() <= 3 ? 1 : std::max<std::size_t>(2, word.size() / 3);
  std::size_t best_distance = farthest + 1;
  for (const std::string& candidate : candidates) {
    // What was only cut short is meant whatever the distance.
    const bool cut_short = word.size() >= 3 && candidate.starts_with(word);
    const std::size_t distance = cut_short ? 1 : edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace batchai::cli

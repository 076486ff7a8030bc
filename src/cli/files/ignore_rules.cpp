#include "cli/files/ignore_rules.hpp"

#include <algorithm>
#include <span>

#include <fnmatch.h>

namespace batchai::cli {
namespace {

constexpr std::string_view kAnyParts = "**";

/// Without its line end and the blanks at its end, but for one behind a backslash.
std::string_view trimmed_rule(std::string_view line) {
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  while (line.ends_with(' ')) {
    const std::string_view before = line.substr(0, line.size() - 1);
    const std::size_t last = before.find_last_not_of('\\');
    const std::size_t backslashes = before.size() - (last == std::string_view::npos ? 0 : last + 1);
    if (backslashes % 2 == 1) {
      break;
    }
    line = before;
  }
  return line;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = path.find('/');
    parts.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) {
      return parts;
    }
    path.remove_prefix(slash + 1);
  }
}

/// Two pointers, which go back to the last `**` where the rest does not fit: linear in memory, and no recursion.
bool matches_parts(std::span<const std::string> rule, std::span<const std::string> path) {
  const bool below = !rule.empty() && rule.back() == kAnyParts;  // all in a folder, not the folder itself
  const std::size_t least = rule.size() - static_cast<std::size_t>(std::count(rule.begin(), rule.end(), kAnyParts));
  if (below && path.size() <= least) {
    return false;
  }
  std::size_t r = 0;
  std::size_t p = 0;
  std::size_t star = rule.size();
  std::size_t resume = 0;
  while (p < path.size()) {
    if (r < rule.size() && rule[r] == kAnyParts) {
      star = r++;
      resume = p;
    } else if (r < rule.size() && ::fnmatch(rule[r].c_str(), path[p].c_str(), 0) == 0) {
      ++r;
      ++p;
    } else if (star < rule.size()) {
      r = star + 1;
      p = ++resume;
    } else {
      return false;
    }
  }
  return std::all_of(rule.begin() + static_cast<std::ptrdiff_t>(r), rule.end(),
                     [](const std::string& part) { return part == kAnyParts; });
}

}  // namespace

IgnoreRules::IgnoreRules(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // which git passes over, too
  text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    add(trimmed_rule(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void IgnoreRules::add(std::string_view line) {
  if (line.empty() || line.starts_with('#')) {
    return;
  }
  Rule rule{.takes_in = line.starts_with('!')};
  line.remove_prefix(rule.takes_in ? 1 : 0);
  rule.folders_only = line.ends_with('/');
  line.remove_suffix(rule.folders_only ? 1 : 0);
  const bool anchored = line.find('/') != std::string_view::npos;
  line.remove_prefix(line.starts_with('/') ? 1 : 0);
  if (line.empty()) {
    return;
  }
  rule.parts = split_path(line);
  if (!anchored) {
    rule.parts.insert(rule.parts.begin(), std::string(kAnyParts));
  }
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::leaves_out(const std::string& path, bool is_folder) const {
  const std::vector<std::string> parts = split_path(path);
  const auto last = std::find_if(rules_.rbegin(), rules_.rend(), [&](const Rule& rule) {
    return (is_folder || !rule.folders_only) && matches_parts(rule.parts, parts);
  });
  return last != rules_.rend() && !last->takes_in;
}

}  // namespace batchai::cli

#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

namespace batchai::inline v1 {

/// The texts one behind the other, `separator` between them. Of elements that are no texts `text_of` makes some: a
/// function or a member.
template <class Range, class Text = std::identity>
std::string joined(const Range& range, std::string_view separator, Text text_of = {}) {
  std::string result;
  bool is_first = true;
  for (const auto& each : range) {
    result.append(is_first ? std::string_view() : separator).append(std::invoke(text_of, each));
    is_first = false;
  }
  return result;
}

inline std::string joined(std::initializer_list<std::string_view> texts, std::string_view separator) {
  return joined<std::initializer_list<std::string_view>>(texts, separator);
}

/// `folder/name`, or the one of them that is not empty.
inline std::string path_below(const std::string& folder, const std::string& name) {
  return folder.empty() || name.empty() ? folder + name : folder + "/" + name;
}

}  // namespace batchai::inline v1

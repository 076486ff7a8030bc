#pragma once

#include <string>
#include <vector>

namespace batchai::inline v1 {

/// The texts as execve(2) wants them, with a null pointer at the end. Valid as long as nobody changes `texts`.
inline std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

}  // namespace batchai::inline v1

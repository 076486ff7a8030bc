#pragma once

#include <string>
#include <string_view>

namespace batchai::inline v1 {

/// The name of a file or directory as JSON can carry it. Names on disk are bytes; texts are UTF-8.
struct NameText {
  std::string text;
  /// Whether `text` is percent-encoded, because the name is not UTF-8.
  bool encoded = false;
};

NameText to_name_text(std::string_view name);

/// The name that `text` means. A text that claims to be encoded and is not is taken as it is.
std::string to_name(const std::string& text, bool encoded);

}  // namespace batchai::inline v1

#include "cli/output/text_width.hpp"

#include "core/utf8.hpp"

#include <algorithm>
#include <clocale>
#include <cwchar>

#include <locale.h>

namespace batchai::cli {
namespace {

/// Makes wcwidth() know Unicode whatever the process's locale is, in this thread, while it lives.
class UnicodeLocale {
 public:
  UnicodeLocale() : before_(::uselocale(unicode())) {}
  UnicodeLocale(const UnicodeLocale&) = delete;
  UnicodeLocale& operator=(const UnicodeLocale&) = delete;
  ~UnicodeLocale() { ::uselocale(before_); }

 private:
  static locale_t unicode() {
    static const locale_t kUnicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return kUnicode;
  }
  locale_t before_;
};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// Cuts the first character off and gives its columns; a byte that is no UTF-8 shows as one sign.
std::size_t take_width(std::string_view& text) {
  const auto code_point = take_code_point(text);
  if (!code_point) {
    text.remove_prefix(1);
    return 1;
  }
  return static_cast<std::size_t>(std::max(0, ::wcwidth(static_cast<wchar_t>(*code_point))));
}

}  // namespace

std::size_t width_of(std::string_view text) {
  if (is_ascii(text)) {
    return text.size();
  }
  const UnicodeLocale unicode;
  std::size_t width = 0;
  while (!text.empty()) {
    width += take_width(text);
  }
  return width;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) {
    return text;
  }
  if (width == 0) {
    return "";
  }
  const UnicodeLocale unicode;
  std::string_view rest = text;
  std::size_t kept = 0;
  for (std::size_t taken = take_width(rest); taken < width; taken += take_width(rest)) {
    kept = text.size() - rest.size();
  }
  return text.substr(0, kept) + "…";
}

}  // namespace batchai::cli

#include "naming/fold_case.hpp"

#include "batchai/core/http.hpp"

#include <algorithm>
#include <climits>
#include <cstdlib>

#include <locale.h>
#include <wctype.h>

namespace batchai::naming {

std::string fold_case(const std::string& name) {
  static const locale_t kUnicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x80; }) || kUnicode == nullptr) {
    return to_lower(name);
  }
  const locale_t before = uselocale(kUnicode);
  std::wstring wide(name.size(), L'\0');
  const std::size_t count = mbstowcs(wide.data(), name.c_str(), wide.size());
  std::string folded = to_lower(name);
  if (count != static_cast<std::size_t>(-1)) {
    wide.resize(count);
    std::transform(wide.begin(), wide.end(), wide.begin(), [](wchar_t c) { return towlower_l(c, kUnicode); });
    folded.assign(wide.size() * MB_LEN_MAX + 1, '\0');
    const std::size_t length = wcstombs(folded.data(), wide.c_str(), folded.size());
    folded.resize(length == static_cast<std::size_t>(-1) ? 0 : length);
  }
  uselocale(before);
  return folded;
}

}  // namespace batchai::naming

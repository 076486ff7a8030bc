#include "batchai/core/tracing.hpp"

#include "batchai/core/error.hpp"
#include "core/random.hpp"

#include <algorithm>

namespace batchai::inline v1 {
namespace {

/// Of a `traceparent`: version, trace, span and flags in hexadecimal, with dashes between.
constexpr std::size_t kTraceAt = 3;
constexpr std::size_t kTraceLength = 32;
constexpr std::size_t kSpanAt = kTraceAt + kTraceLength + 1;
constexpr std::size_t kSpanLength = 16;
constexpr std::size_t kFlagsAt = kSpanAt + kSpanLength + 1;
constexpr std::size_t kWholeLength = kFlagsAt + 2;

std::string random_digits(std::size_t length) {
  std::string digits = random_guid();
  std::erase(digits, '-');
  return digits.substr(0, length);
}

bool is_id(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

bool is_traceparent(std::string_view text) {
  return text.size() == kWholeLength && text.starts_with("00-") && is_id(text.substr(kTraceAt, kTraceLength)) &&
         text[kSpanAt - 1] == '-' && is_id(text.substr(kSpanAt, kSpanLength)) && text[kFlagsAt - 1] == '-' &&
         text.substr(kFlagsAt).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string new_traceparent() { return "00-" + random_digits(kTraceLength) + "-" + random_digits(kSpanLength) + "-01"; }

std::string child_traceparent(std::string_view parent) {
  if (!is_traceparent(parent)) {
    throw InvalidArgument("'" + std::string(parent) + "' is no traceparent: it has the form 00-TRACE-SPAN-FLAGS");
  }
  std::string child(parent);
  return child.replace(kSpanAt, kSpanLength, random_digits(kSpanLength));
}

}  // namespace batchai::inline v1

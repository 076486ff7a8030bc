#include "jmespath/functions.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

namespace batchai::jmespath::functions {
namespace {

/// A whole number as an integer where one can hold it.
Json from_whole(double whole) {
  constexpr double kBound = 9223372036854775808.0;  // 2 to the 63
  return whole >= -kBound && whole < kBound ? Json(static_cast<std::int64_t>(whole)) : Json(whole);
}

bool fits_signed(const Json& number) {
  return number.is_number_integer() &&
         (!number.is_number_unsigned() ||
          number.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
}

/// Integers as long as every number is one and the sum does not overflow.
Json add_up(const Json& numbers) {
  std::int64_t whole = 0;
  double sum = 0;
  bool is_whole = true;
  for (const Json& number : numbers) {
    sum += number.get<double>();
    is_whole = is_whole && fits_signed(number) && !__builtin_add_overflow(whole, number.get<std::int64_t>(), &whole);
  }
  return is_whole ? Json(whole) : Json(sum);
}

}  // namespace

Value abs(const Invocation& invocation) {
  const Json& number = invocation.at(0);
  if (number.is_number_unsigned()) {
    return invocation.value(0);
  }
  if (number.is_number_float()) {
    return make_value(std::fabs(number.get<double>()));
  }
  const auto value = number.get<std::int64_t>();
  return make_value(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
}

Value avg(const Invocation& invocation) {
  const Json& numbers = invocation.at(0);
  if (numbers.empty()) {
    return null_value();
  }
  const Json sum = add_up(numbers);
  const auto count = static_cast<std::int64_t>(numbers.size());
  if (sum.is_number_integer() && sum.get<std::int64_t>() % count == 0) {
    return make_value(sum.get<std::int64_t>() / count);
  }
  return make_value(sum.get<double>() / static_cast<double>(count));
}

Value ceil(const Invocation& invocation) {
  const Json& number = invocation.at(0);
  return number.is_number_float() ? make_value(from_whole(std::ceil(number.get<double>()))) : invocation.value(0);
}

Value floor(const Invocation& invocation) {
  const Json& number = invocation.at(0);
  return number.is_number_float() ? make_value(from_whole(std::floor(number.get<double>()))) : invocation.value(0);
}

Value sum(const Invocation& invocation) { return make_value(add_up(invocation.at(0))); }

}  // namespace batchai::jmespath::functions

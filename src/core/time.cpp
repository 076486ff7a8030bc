#include "batchai/core/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace batchai::inline v1 {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct CivilTime {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Ticks> clock;
  days since_epoch;
};

CivilTime split(Timestamp time) {
  const auto midnight = floor<days>(time);
  return {std::chrono::year_month_day(midnight), std::chrono::hh_mm_ss<Ticks>(time - midnight),
          midnight.time_since_epoch()};
}

void append_two_digits(std::string& text, unsigned number) {
  text += static_cast<char>('0' + number / 10);
  text += static_cast<char>('0' + number % 10);
}

std::string date_and_time(const CivilTime& civil) {
  const int year = static_cast<int>(civil.date.year());
  const std::string digits = std::to_string(std::abs(year));
  const std::size_t width = year < 0 ? 3 : 4;
  std::string text = year < 0 ? "-" : "";
  text.append(digits.size() < width ? width - digits.size() : 0, '0');
  text += digits;
  const auto append = [&](char separator, auto number) {
    text += separator;
    append_two_digits(text, static_cast<unsigned>(number));
  };
  append('-', static_cast<unsigned>(civil.date.month()));
  append('-', static_cast<unsigned>(civil.date.day()));
  append('T', civil.clock.hours().count());
  append(':', civil.clock.minutes().count());
  append(':', civil.clock.seconds().count());
  return text;
}

/// Reads text from the front; every step says whether it went well.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (peek() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `count` digits.
  bool digits(std::size_t count, int& value) {
    if (rest_.size() < count) {
      return false;
    }
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + count, value);
    if (error != std::errc() || end != rest_.data() + count || rest_.front() == '-') {
      return false;
    }
    rest_.remove_prefix(count);
    return true;
  }
  /// One digit or more, bounded so that nothing overflows.
  bool number(std::int64_t& value) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value < 0 || value > 1'000'000'000) {
      return false;
    }
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }
  /// The digits behind a decimal point, as ticks; digits past the seventh are cut off.
  bool fraction(Ticks& value) {
    std::int64_t ticks = 0;
    std::size_t count = 0;
    while (peek() >= '0' && peek() <= '9') {
      if (count < 7) {
        ticks = ticks * 10 + (peek() - '0');
      }
      ++count;
      rest_.remove_prefix(1);
    }
    for (std::size_t i = count; i < 7; ++i) {
      ticks *= 10;
    }
    value = Ticks(ticks);
    return count > 0;
  }
  bool one_of(const auto& words, std::size_t& index) {
    for (index = 0; index < words.size(); ++index) {
      if (rest_.starts_with(words[index])) {
        rest_.remove_prefix(words[index].size());
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view rest_;
};

std::optional<Timestamp> make_time(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  return Timestamp(std::chrono::sys_days(date)) + hours(hour) + minutes(minute) + seconds(second);
}

bool read_offset(Scanner& scan, Ticks& offset) {
  if (scan.done() || ((scan.take('Z') || scan.take('z')) && scan.done())) {
    return true;
  }
  const bool behind = scan.peek() == '-';
  int hour = 0;
  int minute = 0;
  if (!(scan.take('+') || scan.take('-')) || !scan.digits(2, hour) || (scan.take(':'), !scan.digits(2, minute))) {
    return false;
  }
  offset = hours(hour) + minutes(minute);
  if (behind) {
    offset = -offset;
  }
  return scan.done();
}

std::optional<Duration> parse_dotted_duration(std::string_view text) {
  Scanner scan(text);
  std::int64_t first = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  Ticks fraction{};
  if (!scan.number(first)) {
    return std::nullopt;
  }
  if (scan.take('.')) {
    if (!scan.digits(2, hour)) {
      return std::nullopt;
    }
  } else {
    hour = static_cast<int>(first);
    first = 0;
  }
  if (!scan.take(':') || !scan.digits(2, minute) || !scan.take(':') || !scan.digits(2, second)) {
    return std::nullopt;
  }
  if ((scan.take('.') && !scan.fraction(fraction)) || !scan.done()) {
    return std::nullopt;
  }
  return days(first) + hours(hour) + minutes(minute) + seconds(second) + fraction;
}

/// One `12H` of a duration; `time_part` distinguishes months from minutes.
bool read_duration_part(Scanner& scan, bool time_part, Ticks& total) {
  std::int64_t count = 0;
  Ticks fraction{};
  if (!scan.number(count)) {
    return false;
  }
  if (scan.take('.') || scan.take(',')) {
    if (!scan.fraction(fraction) || !time_part || scan.peek() != 'S') {
      return false;
    }
  }
  if (!time_part && scan.take('W')) {
    total += days(count * 7);
  } else if (!time_part && scan.take('D')) {
    total += days(count);
  } else if (time_part && scan.take('H')) {
    total += hours(count);
  } else if (time_part && scan.take('M')) {
    total += minutes(count);
  } else if (time_part && scan.take('S')) {
    total += seconds(count) + fraction;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string format_iso8601(Timestamp time) {
  const CivilTime civil = split(time);
  std::string text = date_and_time(civil);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(civil.clock.subseconds()).count();
  if (millis != 0) {
    std::string digits = std::to_string(1000 + millis).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text + "Z";
}

std::string format_iso8601_ticks(Timestamp time) {
  const CivilTime civil = split(time);
  return date_and_time(civil) + "." + std::to_string(10'000'000 + civil.clock.subseconds().count()).substr(1) + "Z";
}

std::optional<Timestamp> parse_iso8601(std::string_view text) {
  Scanner scan(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  Ticks fraction{};
  Ticks offset{};
  if (!scan.digits(4, year) || !scan.take('-') || !scan.digits(2, month) || !scan.take('-') || !scan.digits(2, day)) {
    return std::nullopt;
  }
  if (!scan.done()) {
    if (!(scan.take('T') || scan.take('t') || scan.take(' ')) || !scan.digits(2, hour) || !scan.take(':') ||
        !scan.digits(2, minute)) {
      return std::nullopt;
    }
    if (scan.take(':') && (!scan.digits(2, second) || (scan.take('.') && !scan.fraction(fraction)))) {
      return std::nullopt;
    }
    if (!read_offset(scan, offset)) {
      return std::nullopt;
    }
  }
  const auto time = make_time(year, month, day, hour, minute, second);
  return time ? std::optional(*time + fraction - offset) : std::nullopt;
}

std::string format_http_date(Timestamp time) {
  const CivilTime civil = split(time);
  const auto weekday = std::chrono::weekday(std::chrono::sys_days(civil.since_epoch)).c_encoding();
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", kWeekdays[weekday].data(),
                static_cast<unsigned>(civil.date.day()), kMonths[static_cast<unsigned>(civil.date.month()) - 1].data(),
                static_cast<int>(civil.date.year()), static_cast<int>(civil.clock.hours().count()),
                static_cast<int>(civil.clock.minutes().count()), static_cast<int>(civil.clock.seconds().count()));
  return buffer.data();
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
  Scanner scan(text);
  std::size_t weekday = 0;
  std::size_t month = 0;
  int day = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  const bool well_formed = scan.one_of(kWeekdays, weekday) && scan.take(',') && scan.take(' ') && scan.digits(2, day) &&
                           scan.take(' ') && scan.one_of(kMonths, month) && scan.take(' ') && scan.digits(4, year) &&
                           scan.take(' ') && scan.digits(2, hour) && scan.take(':') && scan.digits(2, minute) &&
                           scan.take(':') && scan.digits(2, second) && scan.take(' ') && scan.take('G') &&
                           scan.take('M') && scan.take('T') && scan.done();
  return well_formed ? make_time(year, static_cast<int>(month) + 1, day, hour, minute, second) : std::nullopt;
}

std::string format_iso8601_duration(Duration duration) {
  const bool negative = duration < Duration::zero();
  const Duration length = negative ? -duration : duration;
  const auto whole_days = floor<days>(length);
  const std::chrono::hh_mm_ss<Ticks> clock(length - whole_days);
  std::string time_part;
  if (clock.hours().count() != 0) {
    time_part += std::to_string(clock.hours().count()) + "H";
  }
  if (clock.minutes().count() != 0) {
    time_part += std::to_string(clock.minutes().count()) + "M";
  }
  if (clock.seconds().count() != 0 || clock.subseconds().count() != 0) {
    time_part += std::to_string(clock.seconds().count());
    if (clock.subseconds().count() != 0) {
      std::string digits = std::to_string(10'000'000 + clock.subseconds().count()).substr(1);
      time_part += "." + digits.substr(0, digits.find_last_not_of('0') + 1);
    }
    time_part += "S";
  }
  std::string text = negative ? "-P" : "P";
  if (whole_days.count() != 0) {
    text += std::to_string(whole_days.count()) + "D";
  }
  if (!time_part.empty()) {
    text += "T" + time_part;
  }
  return whole_days.count() == 0 && time_part.empty() ? "PT0S" : text;
}

std::optional<Duration> parse_duration(std::string_view text) {
  Scanner scan(text);
  const bool negative = scan.take('-');
  if (!scan.take('P')) {
    return negative ? std::nullopt : parse_dotted_duration(text);
  }
  Ticks total{};
  bool time_part = false;
  bool any = false;
  while (!scan.done()) {
    if (!time_part && scan.take('T')) {
      time_part = true;
      any = false;
      continue;
    }
    if (!read_duration_part(scan, time_part, total)) {
      return std::nullopt;
    }
    any = true;
  }
  return any ? std::optional(negative ? -total : total) : std::nullopt;
}

}  // namespace batchai::inline v1

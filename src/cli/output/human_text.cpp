#include "cli/output/human_text.hpp"

#include "batchai/core/http.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace batchai::cli {
namespace {

std::string two_digits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string one_decimal(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

/// Whole units of what `length` is longer than.
template <class Unit>
std::int64_t whole(Duration length) {
  return std::chrono::floor<Unit>(length).count();
}

/// Of a kibibyte and more.
std::string large_size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {" KiB", " MiB", " GiB", " TiB", " PiB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return one_decimal(value) + kUnits[unit];
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  return bytes < 1024 ? std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes") : large_size_text(bytes);
}

std::string short_size_text(std::uint64_t bytes) {
  return bytes < 1024 ? std::to_string(bytes) + " B" : large_size_text(bytes);
}

std::string length_text(Duration length) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  length = std::max(length, Duration::zero());
  const std::int64_t seconds = whole<std::chrono::seconds>(length);
  if (seconds < 10) {
    const auto tenths = whole<std::chrono::duration<std::int64_t, std::deci>>(length);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "s";
  }
  if (seconds < 60) {
    return std::to_string(seconds) + "s";
  }
  if (length < hours(1)) {
    return std::to_string(whole<minutes>(length)) + "m" + two_digits(seconds % 60) + "s";
  }
  if (length < days(1)) {
    return std::to_string(whole<hours>(length)) + "h" + two_digits(whole<minutes>(length) % 60) + "m";
  }
  return std::to_string(whole<days>(length)) + "d" + two_digits(whole<hours>(length) % 24) + "h";
}

std::string age_text(Timestamp time, Timestamp now) {
  const Duration age = now - time;
  const auto ago = [](std::int64_t count, char unit) { return std::to_string(count) + unit + " ago"; };
  if (age < std::chrono::seconds(1)) {
    return "now";
  }
  if (age < std::chrono::minutes(1)) {
    return ago(whole<std::chrono::seconds>(age), 's');
  }
  if (age < std::chrono::hours(1)) {
    return ago(whole<std::chrono::minutes>(age), 'm');
  }
  if (age < std::chrono::days(1)) {
    return ago(whole<std::chrono::hours>(age), 'h');
  }
  return age < std::chrono::days(2 * 365) ? ago(whole<std::chrono::days>(age), 'd')
                                          : ago(whole<std::chrono::days>(age) / 365, 'y');
}

std::string_view colour_of_state(std::string_view state) {
  constexpr std::string_view kGreen = "\x1b[32m";
  constexpr std::string_view kYellow = "\x1b[33m";
  constexpr std::string_view kRed = "\x1b[31m";
  constexpr std::string_view kCyan = "\x1b[36m";
  struct Entry {
    std::string_view state;
    std::string_view colour;
  };
  static constexpr Entry kStates[] = {{"succeeded", kGreen}, {"steady", kGreen},       {"registered", kGreen},
                                      {"enabled", kGreen},   {"idle", kGreen},         {"failed", kRed},
                                      {"unusable", kRed},    {"running", kCyan},       {"creating", kCyan},
                                      {"preparing", kCyan},  {"updating", kCyan},      {"resizing", kCyan},
                                      {"queued", kYellow},   {"waiting", kYellow},     {"deleting", kYellow},
                                      {"leaving", kYellow},  {"terminating", kYellow}, {"stopping", kYellow}};
  const auto* const found = std::find_if(std::begin(kStates), std::end(kStates),
                                         [&](const Entry& entry) { return iequals(entry.state, state); });
  return found == std::end(kStates) ? std::string_view() : found->colour;
}

}  // namespace batchai::cli

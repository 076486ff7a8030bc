#pragma once

#include "batchai/version.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

BATCHAI_NAMESPACE_BEGIN

/// The finest step that the service's times have: 100 ns.
using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

/// A moment in UTC.
using Timestamp = std::chrono::sys_time<Ticks>;

/// A length of time, as in ISO 8601 `P7D`.
using Duration = Ticks;

/// `2018-06-07T21:16:21.13Z`: milliseconds, trailing zeros trimmed, as ARM and Batch AI write times.
[[nodiscard]] std::string format_iso8601(Timestamp time);

/// `2018-06-07T21:16:21.1300000Z`: always seven digits, as Azure Files writes times.
[[nodiscard]] std::string format_iso8601_ticks(Timestamp time);

/// Reads RFC 3339 with up to seven fraction digits and `Z`, an offset, or none (taken as UTC).
[[nodiscard]] std::optional<Timestamp> parse_iso8601(std::string_view text);

/// `Mon, 01 Jan 2024 00:00:00 GMT` (RFC 9110 5.6.7, IMF-fixdate).
[[nodiscard]] std::string format_http_date(Timestamp time);

/// Reads the IMF-fixdate form of RFC 9110 5.6.7.
[[nodiscard]] std::optional<Timestamp> parse_http_date(std::string_view text);

/// `P7D`, `PT1H30M`, `PT0S`.
[[nodiscard]] std::string format_iso8601_duration(Duration duration);

/// Reads ISO 8601 durations without years and months, and the `7.00:00:00` form that the API text uses.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

BATCHAI_NAMESPACE_END

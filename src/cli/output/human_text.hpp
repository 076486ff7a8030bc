#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// How people read times and sizes on a terminal.

namespace batchai::cli {

/// `1.5 MiB`; below a KiB `11 bytes`.
std::string size_text(std::uint64_t bytes);

/// `11 B`, `1.5 MiB`: the same, as short as a column wants it.
std::string short_size_text(std::uint64_t bytes);

/// `0.4s`, `12s`, `3m12s`, `2h05m`, `3d04h`. A length below zero is zero.
std::string length_text(Duration length);

/// `12s ago`, `3m ago`, `5h ago`, `12d ago`, `3y ago`; `now` for what is less than a second ago, or still to come, as
/// clocks of two machines differ.
std::string age_text(Timestamp time, Timestamp now);

/// The colour of a state on a terminal, as an escape sequence; empty: none. `state` is the service's word, in any case.
std::string_view colour_of_state(std::string_view state);

}  // namespace batchai::cli

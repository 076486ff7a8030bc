#pragma once

#include "server/http/listen_options.hpp"

#include <cstddef>
#include <optional>

namespace batchai::server {

/// How many descriptors the service needs if all connections of two listeners are in use, each with a file open.
std::size_t descriptors_needed(const ListenLimits& limits);

/// Connections per listener that so many descriptors are enough for.
std::size_t connections_within(std::size_t descriptors);

/// Raises this process's limit of open files to what `limits` need. If more is not allowed, takes connections off
/// `limits` and returns how many descriptors would have been needed.
std::optional<std::size_t> fit_descriptors(ListenLimits& limits);

}  // namespace batchai::server

#include "server/program/descriptor_limit.hpp"

#include <algorithm>

#include <sys/resource.h>

namespace batchai::server {
namespace {

/// The database, runs, mounts, the log, and what a handler opens besides the file it sends.
constexpr std::size_t kOthers = 256;
constexpr std::size_t kListeners = 2;
constexpr std::size_t kPerConnection = 2;

}  // namespace

std::size_t descriptors_needed(const ListenLimits& limits) {
  return kOthers + kListeners * kPerConnection * limits.connections;
}

std::size_t connections_within(std::size_t descriptors) {
  const std::size_t rest = descriptors > kOthers ? descriptors - kOthers : 0;
  return std::max<std::size_t>(rest / (kListeners * kPerConnection), 8);
}

std::optional<std::size_t> fit_descriptors(ListenLimits& limits) {
  const std::size_t needed = descriptors_needed(limits);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= needed) {
    return std::nullopt;
  }
  limit.rlim_cur = std::min<rlim_t>(needed, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) {
    return std::nullopt;
  }
  limits.connections = std::min(limits.connections, connections_within(limit.rlim_cur));
  return needed;
}

}  // namespace batchai::server

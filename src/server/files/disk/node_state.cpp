#include "server/files/disk/node_state.hpp"

#include "core/file_time.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <functional>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files {
namespace {

/// 0001-01-01 to 1970-01-01 in steps of 100 ns: where .NET begins to count.
constexpr std::int64_t kDotNetEpochTicks = 621'355'968'000'000'000;
/// How far apart, in ticks, changes within one step of the kernel's clock (a few milliseconds) are put.
constexpr std::uint64_t kKernelStep = 1U << 15U;

Timestamp to_timestamp(const struct statx_timestamp& time) {
  return batchai::to_timestamp({time.tv_sec, static_cast<long>(time.tv_nsec)});
}

/// Distinguishes changes by jobs within one step of the kernel's clock.
Ticks mix(std::uint64_t size, std::uint64_t id) {
  const std::uint64_t mixed = (size * 0x9e3779b97f4a7c15ULL) ^ (id * 0xc2b2ae3d27d4eb4fULL);
  return Ticks(static_cast<std::int64_t>((mixed >> 32U) % kKernelStep));
}

NodeState to_state(const struct statx& info) {
  NodeState state;
  state.id = info.stx_ino;
  state.size = info.stx_size;
  state.written = to_timestamp(info.stx_mtime);
  state.changed = to_timestamp(info.stx_ctime);
  // A request sets a write time that is finer, and later, than the kernel's.
  state.modified = state.written > state.changed ? state.written : state.changed + mix(state.size, state.id);
  const bool has_birth = (info.stx_mask & STATX_BTIME) != 0;
  state.created = has_birth ? to_timestamp(info.stx_btime) : std::min(state.written, state.changed);
  return state;
}

constexpr unsigned kWanted = STATX_BASIC_STATS | STATX_BTIME;

std::mutex& mutex_of(std::uint64_t inode) {
  static std::array<std::mutex, 64> mutexes;
  return mutexes[inode % mutexes.size()];
}

}  // namespace

std::string NodeState::etag() const {
  const auto ticks = static_cast<std::uint64_t>(modified.time_since_epoch().count() + kDotNetEpochTicks);
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "\"0x%llX\"", static_cast<unsigned long long>(ticks));
  return text.data();
}

NodeState read_state(int descriptor) {
  struct statx info {};
  if (statx(descriptor, "", AT_EMPTY_PATH, kWanted, &info) != 0) {
    throw from_errno(errno);
  }
  return to_state(info);
}

std::optional<NodeState> read_state_at(int parent, const std::string& name) {
  struct statx info {};
  if (statx(parent, name.c_str(), AT_SYMLINK_NOFOLLOW, kWanted, &info) != 0) {
    return std::nullopt;
  }
  return to_state(info);
}

FileChange::FileChange(int descriptor, std::uint64_t id)
    : descriptor_(descriptor),
      lock_(mutex_of(id)),
      before_(read_state(descriptor)),
      moment_(std::max(std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()),
                       before_.modified + Ticks(1))) {}

void FileChange::apply_write_time() const { set_write_time(descriptor_, moment_); }

NodeState FileChange::finish() {
  NodeState state = read_state(descriptor_);
  lock_.unlock();
  return state;
}

void set_write_time(int descriptor, Timestamp time) {
  const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT}, to_timespec(time)};
  if (futimens(descriptor, times.data()) != 0) {
    throw from_errno(errno);
  }
}

}  // namespace batchai::server::files

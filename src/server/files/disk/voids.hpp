#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// Azure Files reports where a file has content in units of 512 bytes; disks allocate pages, which are larger. What
/// requests have left out of a page, or cleared, is kept beside the file.
namespace batchai::server::files {

inline constexpr std::uint64_t kSector = 512;
/// The unit that disks allocate.
inline constexpr std::uint64_t kPage = 4096;

/// Multiples of `unit`, a power of two.
constexpr std::uint64_t round_down(std::uint64_t value, std::uint64_t unit) { return value & ~(unit - 1); }
constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) { return round_down(value + unit - 1, unit); }

/// From byte `first` to before byte `end`.
struct Extent {
  std::uint64_t first = 0;
  std::uint64_t end = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};

/// Whole sectors of a file without content.
struct Void {
  Extent extent;
  /// When a request cleared it; nothing: it has never been written to.
  std::optional<Timestamp> cleared = {};

  friend bool operator==(const Void&, const Void&) = default;
};

/// Sorted voids of a file that do not overlap. They say nothing about what jobs write: readers check whether there are
/// zeros. Only some dozens are kept; further ones are dropped, and the disk's pages are reported
/// instead.
class Voids {
 public:
  const std::vector<Void>& all() const noexcept { return all_; }
  bool empty() const noexcept { return all_.empty(); }

  /// For what is not a void any more; `extent` in whole sectors.
  void cut(const Extent& extent);
  /// For what has been cleared; only whole sectors count.
  void clear(const Extent& extent, Timestamp now);
  /// For what has never been written; parts that are known already stay as they are.
  void fill(const Extent& extent);

  friend bool operator==(const Voids&, const Voids&) = default;

 private:
  void add(const Void& part);
  void tidy();

  std::vector<Void> all_;
};

nlohmann::json voids_to_json(const Voids& voids);
/// Jobs can write it: what makes no sense is left out.
Voids voids_from_json(const nlohmann::json& list);

}  // namespace batchai::server::files

#include "server/files/disk/voids.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server::files {
namespace {

using nlohmann::json;

/// Few enough for an extended attribute of most file systems.
constexpr std::size_t kMost = 64;

}  // namespace

void Voids::cut(const Extent& extent) {
  std::vector<Void> rest;
  for (const Void& part : all_) {
    if (part.extent.first < extent.first) {
      rest.push_back({{part.extent.first, std::min(part.extent.end, extent.first)}, part.cleared});
    }
    if (part.extent.end > extent.end) {
      rest.push_back({{std::max(part.extent.first, extent.end), part.extent.end}, part.cleared});
    }
  }
  all_ = std::move(rest);
  tidy();
}

void Voids::clear(const Extent& extent, Timestamp now) {
  const Extent whole{round_up(extent.first, kSector), round_down(extent.end, kSector)};
  if (whole.first < whole.end) {
    cut(whole);
    add({whole, now});
  }
}

void Voids::fill(const Extent& extent) {
  std::uint64_t at = extent.first;
  const std::vector<Void> known = all_;
  for (const Void& part : known) {
    if (part.extent.end > at && part.extent.first < extent.end) {
      add({{at, part.extent.first}, {}});
      at = part.extent.end;
    }
  }
  add({{at, extent.end}, {}});
}

void Voids::add(const Void& part) {
  if (part.extent.first < part.extent.end) {
    all_.push_back(part);
    tidy();
  }
}

void Voids::tidy() {
  std::sort(all_.begin(), all_.end(), [](const Void& a, const Void& b) { return a.extent.first < b.extent.first; });
  std::vector<Void> joined;
  for (const Void& part : all_) {
    if (!joined.empty() && joined.back().extent.end == part.extent.first && joined.back().cleared == part.cleared) {
      joined.back().extent.end = part.extent.end;
    } else {
      joined.push_back(part);
    }
  }
  joined.resize(std::min(joined.size(), kMost));
  all_ = std::move(joined);
}

json voids_to_json(const Voids& voids) {
  json list = json::array();
  for (const Void& part : voids.all()) {
    list.push_back(json::array({part.extent.first, part.extent.end}));
    if (part.cleared) {
      list.back().push_back(format_iso8601_ticks(*part.cleared));
    }
  }
  return list;
}

Voids voids_from_json(const json& list) {
  const auto is_number = [](const json& value) { return value.is_number_unsigned(); };
  Voids voids;
  for (const json& part : list.is_array() ? list : json::array()) {
    if (!part.is_array() || part.size() < 2 || !is_number(part[0]) || !is_number(part[1])) {
      continue;
    }
    const Extent extent{part[0].get<std::uint64_t>(), part[1].get<std::uint64_t>()};
    const bool aligned = extent.first % kSector == 0 && extent.end % kSector == 0;
    const auto cleared =
        part.size() > 2 && part[2].is_string() ? parse_iso8601(part[2].get<std::string>()) : std::optional<Timestamp>();
    if (aligned && cleared) {
      voids.clear(extent, *cleared);
    } else if (aligned) {
      voids.fill(extent);
    }
  }
  return voids;
}

}  // namespace batchai::server::files

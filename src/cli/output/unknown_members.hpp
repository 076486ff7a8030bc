#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// The document without the members that `type` does not have, at every level; a config file may contain more than the
/// service takes (`$schema`, comments). Values of another kind than expected stay, for the reader to refuse.
nlohmann::json drop_unknown_members(const nlohmann::json& wire, std::string_view type);

struct UnknownMember {
  /// `properties.mountVolumes.azureFileShares[0].shareUrl`
  std::string path;
  /// The member that was probably meant, as a path from the object that holds the unknown one; may be empty.
  std::string suggestion;
};

/// What drop_unknown_members() leaves out, except for what is left out on purpose: `$schema`, comments (their names
/// begin with `_`, `#`, `/`, `$` or `comment`) and what the files of older versions have besides `properties`.
std::vector<UnknownMember> unknown_members(const nlohmann::json& wire, std::string_view type);

}  // namespace batchai::cli

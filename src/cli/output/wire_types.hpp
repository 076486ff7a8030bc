#pragma once

#include <string_view>

namespace batchai::cli {

/// The members of a type of the service, blank-separated: `name`, `name:Type`, `name:[Type]` for a list, and
/// `~name:Type` where the members of Type show in its place. Empty for an unknown type.
std::string_view members_of(std::string_view type);

}  // namespace batchai::cli

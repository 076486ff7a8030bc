#pragma once

#include "batchai/files/smb.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace batchai::inline v1::files {

/// `ReadOnly | Hidden`; `None`.
std::string format_smb_attributes(SmbAttributes attributes);

/// Nothing for text that is empty. Names that are not known are left out.
std::optional<SmbAttributes> parse_smb_attributes(std::string_view text);

}  // namespace batchai::inline v1::files

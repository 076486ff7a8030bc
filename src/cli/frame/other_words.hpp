#pragma once

#include <string>
#include <string_view>

namespace batchai::cli {

/// How this program does what other programs (az, kubectl, Slurm, gh) have a command for, as `vm` or
/// `storage blob upload`: a hint. The longest known beginning of `words` counts. Empty: nothing is known.
std::string hint_for_other(std::string_view words);

}  // namespace batchai::cli

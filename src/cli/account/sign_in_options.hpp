#pragma once

#include "cli/app/context.hpp"
#include "cli/config/identity.hpp"

#include <vector>

namespace batchai::cli {

/// The options of `login` that say who signs in, and how.
std::vector<OptionSpec> sign_in_options();

/// The identity that the options name. Reads the secret from where they say. Throws UsageError for options that exclude
/// each other and for missing ones.
Identity read_identity(const Arguments& arguments, Context& context);

}  // namespace batchai::cli

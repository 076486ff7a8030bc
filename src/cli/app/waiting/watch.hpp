#pragma once

#include "cli/app/context.hpp"

#include <functional>
#include <string>
#include <vector>

namespace batchai::cli {

/// `--watch` and its `--interval`.
std::vector<OptionSpec> watch_options();

/// Whether `--watch` is given. Throws UsageError for an --interval with it that is not above 0.
bool is_watching(const Arguments& arguments);

/// Shows what `render` gives again and again, until Ctrl-C: in place on a terminal, elsewhere whenever it has changed.
/// Continues while the service cannot be reached, once it was. Returns the exit code; throws what `render` throws.
int watch(const std::function<std::string()>& render, const Arguments& arguments, const Context& context);

}  // namespace batchai::cli

#pragma once

#include "batchai/arm/models.hpp"
#include "cli/frame/command.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

OptionSpec tags_option(std::string_view summary);

/// `key=value`, or a key alone. An empty word means no tags, as in az.
Tags read_tags(const std::vector<std::string>& words);

/// Applies `tags.KEY=VALUE` words of --set, then `tags.KEY` words of --remove. Throws UsageError for others: nothing
/// else of a resource can be changed.
void change_tags(Tags& tags, const std::vector<std::string>& set, const std::vector<std::string>& remove);

}  // namespace batchai::cli

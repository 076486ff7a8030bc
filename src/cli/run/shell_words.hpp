#pragma once

#include <string>

namespace batchai::cli {

/// The text as one word of a shell command, in quotes only where it needs them.
std::string shell_word(const std::string& text);

/// The same for a command that bash runs on a node, where `$AZ_BATCH…` in it stands for the job's variable.
std::string node_word(const std::string& text);

}  // namespace batchai::cli

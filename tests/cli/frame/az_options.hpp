#pragma once

#include <string>
#include <vector>

namespace batchai::cli::test {

/// One option of a command of `az batchai`.
struct OptionRow {
  std::string name;
  char short_name = '\0';
  bool required = false;
  std::string default_value = {};
};

struct CommandRow {
  std::string command;
  std::vector<OptionRow> options;
};

/// Every command of `az batchai` with its options.
std::vector<CommandRow> az_commands();

/// `LONG[,SHORT][!][=DEFAULT]`; `!` stands for required.
OptionRow read_option_row(std::string text);

}  // namespace batchai::cli::test

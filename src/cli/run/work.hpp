#pragma once

#include "cli/frame/arguments.hpp"
#include "cli/frame/command.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace batchai::cli {

/// What a run runs: a script with its arguments, or a command, in a folder or in none.
struct Work {
  /// The script or folder that is uploaded; empty: nothing is.
  std::filesystem::path source = {};
  bool is_folder = false;
  /// What of the source is run, below its folder, as `train.py`; empty where `words` are a command.
  std::string script = {};
  /// The script's arguments, or the command.
  std::vector<std::string> words = {};

  /// Throws UsageError where it is not clear what to run, or there is no such file.
  static Work of(const Arguments& arguments);

  bool is_python() const { return script.ends_with(".py"); }
  /// What a job is called after: `train` of `train.py`.
  std::string title() const;
  /// For bash on the node: `python3 -u train.py --epochs 3`.
  std::string command() const;
  /// The script's arguments for bash on the node.
  std::string node_words() const;
};

/// The positional arguments that say it.
std::vector<OptionSpec> work_options();

}  // namespace batchai::cli

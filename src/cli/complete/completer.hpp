#pragma once

#include "cli/complete/names.hpp"
#include "cli/frame/command.hpp"

#include <functional>
#include <string>
#include <vector>

namespace batchai::cli {

/// What can complete the word that is being typed.
struct Completion {
  struct Candidate {
    std::string text;
    /// May be empty.
    std::string description = {};
  };
  enum class Paths { None, Files, Folders };

  std::vector<Candidate> candidates = {};
  /// Whether paths are to be offered, too; the shell knows them better.
  Paths paths = Paths::None;
};

/// Called only where names are possible. `options` are those of the command, for their defaults.
using FindNames = std::function<std::vector<std::string>(NameKind kind, const std::vector<OptionSpec>& options,
                                                         const Arguments& arguments)>;

/// `words` are behind the program's name; the last one is being typed and may be empty. Throws what `find_names`
/// throws.
Completion complete(CommandTree tree, const std::vector<OptionSpec>& global, std::vector<std::string> words,
                    const FindNames& find_names);

/// The whole of `batchai __complete WORD...`: asks the service for two seconds at most. Nothing is printed but the
/// answer for the shell's script (see batchai.bash), whatever fails.
void print_completion(CommandTree tree, const std::vector<std::string>& words, Host& host);

}  // namespace batchai::cli

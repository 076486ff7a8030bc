#pragma once

#include "cli/app/context.hpp"
#include "cli/app/result.hpp"

#include <functional>
#include <string>
#include <vector>

namespace batchai::cli {

/// A command of this program that another one is made of, with its words as they would be typed.
struct Step {
  std::vector<std::string> words;
  /// What it reads from standard input; empty: nothing.
  std::string input = {};
  /// What it does, as `making the share 'run'`; may be empty.
  std::string notice = {};
  /// Whether what it makes is there, perhaps by somebody else; null: nobody else makes it.
  std::function<bool()> is_made = {};
};

/// The step as a shell takes it, with its line ends.
std::string shell_text(const Step& step, const GlobalOptions& options);

/// Does it, and waits for its end. Throws as the command; but not where `is_made` says that it need not be done.
Result do_step(const Step& step, Context& context);

}  // namespace batchai::cli

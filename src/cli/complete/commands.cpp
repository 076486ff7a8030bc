#include "cli/complete/commands.hpp"

#include "cli/app/context.hpp"
#include "cli/app/result.hpp"
#include "cli/complete/scripts.hpp"

#include <ostream>

namespace batchai::cli {
namespace {

Result bash(const Arguments&, Context& context) {
  context.io.out << kBashScript;
  return Result::nothing();
}

Result zsh(const Arguments&, Context& context) {
  context.io.out << kZshScript;
  return Result::nothing();
}

Result fish(const Arguments&, Context& context) {
  context.io.out << kFishScript;
  return Result::nothing();
}

}  // namespace

std::vector<CommandSpec> completion_commands() {
  return {{.name = "bash",
           .summary = "Print the script that completes commands, options and names in bash.",
           .options = {},
           .run = bash,
           .examples = {{"In this shell", "source <(batchai completion bash)"},
                        {"In every new one",
                         "batchai completion bash > ~/.local/share/bash-completion/completions/batchai"}},
           .uses_settings = false},
          {.name = "zsh",
           .summary = "Print the script that completes commands, options and names in zsh.",
           .options = {},
           .run = zsh,
           .examples = {{"In this shell, after compinit", "source <(batchai completion zsh)"},
                        {"In every new one", "batchai completion zsh > \"${fpath[1]}/_batchai\""}},
           .uses_settings = false},
          {.name = "fish",
           .summary = "Print the script that completes commands, options and names in fish.",
           .options = {},
           .run = fish,
           .examples = {{"In this shell", "batchai completion fish | source"},
                        {"In every new one", "batchai completion fish > ~/.config/fish/completions/batchai.fish"}},
           .uses_settings = false}};
}

}  // namespace batchai::cli

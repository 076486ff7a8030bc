#include "cli/run/step.hpp"

#include "cli/app/options.hpp"
#include "cli/app/run_by_ids.hpp"
#include "cli/files/commands.hpp"
#include "cli/frame/parse.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/resources/commands.hpp"
#include "cli/run/shell_words.hpp"

#include <sstream>

namespace batchai::cli {
namespace {

constexpr CommandGroup kStepGroups[] = {{"group", "", group_commands},     {"workspace", "", workspace_commands},
                                        {"cluster", "", cluster_commands}, {"experiment", "", experiment_commands},
                                        {"files", "", files_commands},     {"job", "", job_commands}};

/// Standard input of a command is a text for as long as this lives.
class TextAsInput {
 public:
  TextAsInput(std::istream& in, const std::string& text) : in_(in), text_(text), before_(in.rdbuf(text_.rdbuf())) {}
  TextAsInput(const TextAsInput&) = delete;
  TextAsInput& operator=(const TextAsInput&) = delete;
  ~TextAsInput() { in_.rdbuf(before_); }

 private:
  std::istream& in_;
  std::istringstream text_;
  std::streambuf* before_;
};

Result run_step(const Step& step, Context& context) {
  const Selection selection = select_command(kStepGroups, global_options(), step.words);
  const std::vector<OptionSpec> options = with_global_options(*selection.command, global_options());
  Arguments arguments = parse_arguments(options, selection.path, selection.rest);
  fill_defaults(options, false, context.settings, arguments);
  check_required(options, selection.path, arguments);
  const TextAsInput input(context.io.in, step.input);
  return with_its_wait(selection.command->run(arguments, context));
}

}  // namespace

std::string shell_text(const Step& step, const GlobalOptions& options) {
  std::string line = "batchai";
  for (const std::string& word : step.words) {
    line += " " + shell_word(word);
  }
  line += options.profile ? " --profile " + shell_word(*options.profile) : "";
  line += options.subscription ? " --subscription " + shell_word(*options.subscription) : "";
  return step.input.empty() ? line + "\n" : line + " <<'END'\n" + step.input + "END\n";
}

Result do_step(const Step& step, Context& context) {
  if (!step.notice.empty()) {
    context.notice(step.notice);
  }
  try {
    return run_step(step, context);
  } catch (const CommandError& error) {
    if (error.exit_code() != kFailed || !step.is_made || !step.is_made()) {
      throw;
    }
  } catch (const ServiceError&) {
    if (!step.is_made || !step.is_made()) {
      throw;
    }
  }
  return Result::nothing();
}

}  // namespace batchai::cli

#include "cli/app/options.hpp"
#include "cli/app/resource_ids.hpp"
#include "cli/app/services.hpp"
#include "cli/complete/completer.hpp"
#include "core/printable.hpp"

#include <exception>
#include <ostream>

namespace batchai::cli {
namespace {

/// Nobody waits longer for a completion.
constexpr std::chrono::seconds kCompletionTimeout{2};

/// The answer has lines and tabs of its own, and shells show it on the terminal as it is.
bool fits_in_a_line(const std::string& name) {
  return name.find_first_of("\n\t") == std::string::npos && is_printable(name);
}

std::vector<std::string> ask(NameKind kind, const std::vector<OptionSpec>& options, Arguments arguments, Host& host) {
  const GlobalOptions globals{.subscription = arguments.find("subscription"), .profile = arguments.find("profile")};
  Settings settings(host.environment, globals.profile);
  Services services(host, settings, globals);
  Context context{host, host.io, globals, settings, services, host.clock->steady_now() + kCompletionTimeout};
  fill_defaults(options, false, settings, arguments);
  resolve_workspace_id(arguments, services);
  std::vector<std::string> names = existing_names(kind, arguments, context);
  std::erase_if(names, [](const std::string& name) { return !fits_in_a_line(name); });
  return names;
}

const char* word_of(Completion::Paths paths) {
  switch (paths) {
    case Completion::Paths::Files:
      return "files";
    case Completion::Paths::Folders:
      return "folders";
    case Completion::Paths::None:
      break;
  }
  return "none";
}

}  // namespace

void print_completion(CommandTree tree, const std::vector<std::string>& words, Host& host) {
  const FindNames find_names = [&](NameKind kind, const std::vector<OptionSpec>& options, const Arguments& arguments) {
    try {
      return ask(kind, options, arguments, host);
    } catch (const std::exception&) {
      return std::vector<std::string>();  // messages would disturb the user's typing
    }
  };
  try {
    const Completion completion = complete(tree, global_options(), words, find_names);
    host.io.out << word_of(completion.paths) << '\n';
    for (const Completion::Candidate& candidate : completion.candidates) {
      host.io.out << candidate.text << '\t' << candidate.description << '\n';
    }
    host.io.out.flush();
  } catch (const std::exception&) {
    return;  // standard output is gone
  }
}

}  // namespace batchai::cli

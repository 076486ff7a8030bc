#include "cli/run/work.hpp"

#include "cli/app/local_files.hpp"
#include "cli/frame/errors.hpp"
#include "cli/run/checks.hpp"
#include "cli/run/shell_words.hpp"
#include "core/joined.hpp"

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHowToRun = "batchai run FILE -- ARGUMENT..., or batchai run FOLDER -- COMMAND...";

bool is_script(const std::string& name) { return name.ends_with(".py") || name.ends_with(".sh"); }

/// The first word is the command; a script of the folder is run by what it is written for.
void take_command(Work& work) {
  if (work.words.empty()) {
    throw UsageError("what is to be run in '" + work.source.string() + "' is not said", kHowToRun);
  }
  const std::string first = work.words.front();
  if (is_script(first) && fs::is_regular_file(work.source / first)) {
    work.script = first;
    work.words.erase(work.words.begin());
  }
}

void take_script(Work& work) {
  const std::string name = work.source.filename().string();
  if (!is_script(name)) {
    throw UsageError("'" + name + "' is neither a .py nor a .sh file, so what runs it is not known",
                     "put it into a folder: batchai run FOLDER -- COMMAND...");
  }
  work.script = name;
}

}  // namespace

Work Work::of(const Arguments& arguments) {
  Work work{.source = arguments.get("script"), .words = arguments.list("command")};
  for (const std::string& word : work.words) {
    check_text("", word);
  }
  if (work.source.empty()) {
    if (work.words.empty()) {
      throw UsageError("nothing to run", kHowToRun);
    }
    return work;
  }
  check_text("", work.source.string());
  if (const auto reason = missing_file(work.source.string())) {
    throw UsageError(*reason);
  }
  work.is_folder = fs::is_directory(work.source);
  work.is_folder ? take_command(work) : take_script(work);
  return work;
}

std::string Work::title() const {
  if (!script.empty()) {
    return fs::path(script).stem().string();
  }
  return is_folder ? fs::canonical(source).filename().string() : fs::path(words.front()).filename().string();
}

std::string Work::command() const {
  const std::string interpreter = script.empty() ? "" : is_python() ? "python3 -u " : "bash ";
  const std::string file = script.starts_with('-') ? "./" + script : script;  // no option of the interpreter
  const std::string begin = script.empty() ? "" : interpreter + shell_word(file);
  return begin + (begin.empty() || words.empty() ? "" : " ") + node_words();
}

std::string Work::node_words() const {
  return joined(words, " ", [](const std::string& word) { return node_word(word); });
}

std::vector<OptionSpec> work_options() {
  return {
      {.name = "script",
       .summary = "Script (.py by python3, .sh by bash) or folder that is uploaded and that the job runs in. Without "
                  "it, a command alone.",
       .value_name = "FILE|FOLDER",
       .positional = true},
      {.name = "command",
       .summary = "The script's arguments; for a folder, the command, or a script of it with arguments. "
                  "$AZ_BATCHAI_... in it stands for the job's variables.",
       .kind = OptionKind::Rest,
       .value_name = "ARGUMENT",
       .positional = true}};
}

}  // namespace batchai::cli

#include "batchai/batchai/client.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/frame/failure.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/jobs/submit.hpp"
#include "cli/run/checks.hpp"
#include "cli/run/commands.hpp"
#include "cli/run/missing.hpp"
#include "cli/run/request.hpp"
#include "core/joined.hpp"

#include <array>
#include <ostream>
#include <string_view>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

/// Left out of folders unless their own patterns say otherwise: what versions are kept in, and what earlier runs
/// brought home.
constexpr std::array kNotUploaded{".git", "/outputs/"};
constexpr const char* kIgnoreFile = ".batchaiignore";

using Words = std::vector<std::string>;

Words& append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The pattern, as in `.gitignore`, of a folder in the one that is uploaded; empty where it is elsewhere.
std::string pattern_below(const fs::path& uploaded, const fs::path& folder) {
  const fs::path whole = fs::weakly_canonical(fs::absolute(folder));
  const fs::path relative = whole.lexically_relative(fs::canonical(uploaded));
  if (relative.empty() || *relative.begin() == "." || *relative.begin() == "..") {
    return "";
  }
  std::string pattern = "/";
  for (const char c : relative.generic_string()) {
    pattern += std::string_view("*?[\\").find(c) == std::string_view::npos ? "" : "\\";
    pattern += c;
  }
  return pattern + (pattern.ends_with('/') ? "" : "/");
}

/// The whole run as steps; each is also what somebody would type.
class RunPlan {
 public:
  RunPlan(const Arguments& arguments, Context& context)
      : arguments_(arguments),
        context_(context),
        work_(Work::of(arguments)),
        place_(RunPlace::of(arguments, work_.title(), context)),
        job_file_(job_file_text(place_, work_, arguments, context)),
        missing_(find_missing(place_, node_count(arguments), arguments, context)) {
    if (arguments_.has("name")) {
      refuse_existing_job(job_ref(), context_);  // before anything is made for it
    }
  }

  /// Prints the steps instead of doing them.
  void print() const {
    std::vector<Step> steps = missing_.steps;
    if (missing_.growth) {
      steps.push_back(*missing_.growth);
    }
    if (!work_.source.empty()) {
      steps.push_back(upload());
    }
    steps.push_back(submission());
    if (waits()) {
      for (const std::string& id : output_ids(arguments_)) {
        steps.push_back(download(id));
      }
    }
    for (const Step& step : steps) {
      context_.io.out << shell_text(step, context_.options);
      ++context_.plans;
    }
    context_.io.out.flush();
  }

  Result run() {
    prepare();
    context_.notice("running the job '" + place_.job + "' on the cluster '" + place_.cluster + "'");
    if (!waits()) {
      context_.notice("see 'batchai job show " + job_words("-n") + "'");
      return do_step(submission(), context_);
    }
    const int exit_code = submit();
    std::vector<std::string> ids = output_ids(arguments_);
    try {
      bring_outputs(ids);
    } catch (const Cancelled&) {
      throw Interrupted("interrupted", fetch_hint(ids));
    } catch (const Interrupted& error) {
      throw Interrupted(error.what(), fetch_hint(ids));
    } catch (const std::exception& error) {
      const Failure failure = describe_failure(error);
      if (exit_code == kDone) {
        throw CommandError(failure.exit_code, failure.message, fetch_hint(ids));
      }
      context_.warn("the outputs of the job are not here: " + failure.message);  // its end is what matters
      context_.notice(fetch_hint(ids));
    }
    return Result::nothing(exit_code);
  }

 private:
  bool waits() const { return !arguments_.flag("no-wait"); }

  JobRef job_ref() const { return {place_.group, place_.workspace, place_.experiment, place_.job}; }

  Step upload() const {
    Step step{.words = {"files", "upload"}};
    if (work_.is_folder) {
      append(step.words, {"-r", (work_.source / "").string(), place_.share + "/" + place_.folder});
      for (const char* pattern : kNotUploaded) {
        append(step.words, {"--ignore", pattern});
      }
      const std::string mine = pattern_below(work_.source, outputs_folder());
      if (!mine.empty() && mine != kNotUploaded.back()) {
        append(step.words, {"--ignore", mine});
      }
      if (const fs::path ignore = work_.source / kIgnoreFile; fs::exists(ignore)) {
        append(step.words, {"--ignore-file", ignore.string()});
      }
    } else {
      append(step.words, {work_.source.string(), place_.share + "/" + place_.folder + "/"});
    }
    if (arguments_.given("account-name")) {
      append(step.words, {"--account-name", place_.account});
    }
    append(step.words, {"-o", "none"});
    return step;
  }

  /// `option` is that of the job's name.
  std::string job_words(const char* option) const {
    return joined(place_.in_experiment(), " ") + " " + option + " " + place_.job;
  }

  Step submission() const {
    Step step{.words = {"job", "create"}, .input = job_file_};
    append(step.words, place_.in_experiment());
    append(step.words, {"-n", place_.job, "-c", place_.cluster, "-f", "-"});
    if (waits()) {
      append(step.words, {"--stream", "-o", "none"});
    }
    return step;
  }

  /// Where outputs go: those of all runs, unless it is said where.
  fs::path outputs_folder() const { return arguments_.find("destination").value_or("outputs"); }

  /// Where an output directory goes; with several ids each has a folder of its own.
  fs::path home_of(const std::string& id) const {
    const fs::path folder = arguments_.has("destination") ? outputs_folder() : outputs_folder() / place_.job;
    return output_ids(arguments_).size() > 1 ? folder / id : folder;
  }

  Step download(const std::string& id) const {
    Step step{.words = {"job", "file", "download"}};
    append(step.words, place_.in_experiment());
    append(step.words, {"-j", place_.job, "-d", id, "--destination", home_of(id).string(), "-o", "none"});
    return step;
  }

  /// How to get what of the outputs is not here.
  std::string fetch_hint(const std::vector<std::string>& ids) const {
    return "fetch its outputs with " + joined(ids, " and ", [&](const auto& id) {
             const std::string line = shell_text(download(id), context_.options);
             return "'" + line.substr(0, line.size() - 1) + "'";
           });
  }

  void prepare() {
    try {
      for (const Step& step : missing_.steps) {
        do_step(step, context_);
      }
      if (const int nodes = node_count(arguments_); nodes > 1 || missing_.growth) {
        let_grow(place_, nodes, context_);
      }
      if (!work_.source.empty() && do_step(upload(), context_).exit_code != kDone) {
        throw CommandError(kFailed, "not everything could be uploaded, so the job was not submitted");
      }
    } catch (const Cancelled&) {
      throw Interrupted("interrupted before the job was submitted");
    } catch (const Interrupted&) {
      throw Interrupted("interrupted before the job was submitted");
    }
  }

  /// Waits for the job's end. Ctrl-C, and an output that takes no more, end the wait alone.
  int submit() {
    const std::string later = "wait for it with 'batchai job wait " + job_words("-n") +
                              "', stop it with 'batchai job terminate " + job_words("-n") + "', and " +
                              fetch_hint(output_ids(arguments_));
    try {
      return do_step(submission(), context_).exit_code;
    } catch (const Interrupted& error) {
      throw Interrupted(error.what(), later);
    } catch (const OutputError& error) {
      throw CommandError(kFailed, std::string(error.what()) + "; the job '" + place_.job + "' goes on in the service",
                         later);
    }
  }

  /// Takes the ids of what is here out of `ids`.
  void bring_outputs(std::vector<std::string>& ids) {
    for (; !ids.empty(); ids.erase(ids.begin())) {
      const std::string& id = ids.front();
      auto files = context_.services.batchai().jobs().list_output_files(
          place_.group, place_.workspace, place_.experiment, place_.job, {.directory_id = id}, context_.call());
      if (files.to_vector().empty()) {
        continue;  // and no folder for it
      }
      if (do_step(download(id), context_).exit_code != kDone) {
        throw CommandError(kFailed, "not all outputs could be downloaded");
      }
      context_.notice("outputs are in " + home_of(id).string());
    }
  }

  const Arguments& arguments_;
  Context& context_;
  const Work work_;
  const RunPlace place_;
  const std::string job_file_;
  Missing missing_;
};

Result run_work(const Arguments& arguments, Context& context) {
  if (const auto destination = arguments.find("destination")) {
    check_local_folder("--destination", *destination);
  }
  RunPlan plan(arguments, context);
  if (!context.options.dry_run) {
    return plan.run();
  }
  plan.print();
  return Result::nothing();
}

std::vector<OptionSpec> run_options() {
  OptionSpec name{.name = "name",
                  .short_name = 'n',
                  .summary = "Name of the job. Default: after the script and the time.",
                  .value_name = "NAME"};
  OptionSpec destination{.name = "destination",
                         .summary =
                             "Local folder for what the job writes to its output directories; default: "
                             "outputs/NAME. With several output ids each has a folder in it.",
                         .value_name = "FOLDER"};
  OptionSpec no_wait = no_wait_option();
  no_wait.summary = "Do not wait for the job's end: print the job instead.";
  return join(join(join(work_options(), {name, destination, no_wait}), request_options()), place_options());
}

}  // namespace

std::vector<CommandSpec> run_commands() {
  return {{.name = "",
           .summary =
               "Run a script, or a command in a folder, as a job, and end with its exit code. Makes what is missing "
               "for it, "
               "uploads it, prints what it prints, and downloads its outputs. Ctrl-C ends the wait, not the job. "
               "With --dry-run, prints the commands that do the same.",
           .options = run_options(),
           .run = run_work,
           .columns = job_columns(),
           .examples = {{"A script with its arguments", "batchai run train.py -- --epochs 3"},
                        {"A script of a folder, with data from a share",
                         "batchai run src --input data/mnist -- train.py --data '$AZ_BATCHAI_INPUT_DATA'"},
                        {"On four nodes with PyTorch", "batchai run train.py --pytorch --nodes 4"},
                        {"A command in a container", "batchai run --image debian:12 -- cat /etc/os-release"},
                        {"What it would do, as commands to change and paste", "batchai run train.py --dry-run"}},
           .moves_files = true}};
}

}  // namespace batchai::cli

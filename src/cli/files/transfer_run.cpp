#include "cli/files/transfer_run.hpp"

#include "cli/app/cells.hpp"
#include "cli/app/local_files.hpp"
#include "cli/app/services.hpp"
#include "cli/files/ignore_rules.hpp"
#include "cli/output/human_text.hpp"
#include "core/joined.hpp"
#include "core/printable.hpp"
#include "core/private_file.hpp"

#include <cmath>

namespace batchai::cli {
namespace {

using files::TransferAction;
using nlohmann::json;

constexpr Column kColumns[] = {
    {"Files", [](const json& item) { return cell_at(item, "/files"); }},
    {"Bytes", [](const json& item) { return cell_at(item, "/bytes"); }, false, ColumnKind::Size},
    {"Skipped", [](const json& item) { return cell_at(item, "/skipped"); }},
    {"Deleted", [](const json& item) { return cell_at(item, "/deleted"); }},
    {"Failed", [](const json& item) { return cell_at(item, "/failed"); }},
    {"Seconds", [](const json& item) { return cell_at(item, "/seconds"); }}};

/// By the patterns of --ignore and --ignore-file; null where there are none.
std::function<bool(const std::string& path, bool is_folder)> read_ignore_rules(const Arguments& arguments,
                                                                               const Context& context) {
  const auto file = arguments.find("ignore-file");
  std::string patterns = joined(arguments.list("ignore"), "\n") + "\n";
  if (file) {
    const std::string path = context.settings.environment().with_home(*file).string();
    if (const auto reason = missing_file(path)) {
      throw UsageError("--ignore-file: " + *reason);
    }
    patterns += read_file(path).value_or("");
  } else if (arguments.list("ignore").empty()) {
    return {};
  }
  return [rules = IgnoreRules(patterns)](const std::string& entry, bool is_folder) {
    return rules.leaves_out(entry, is_folder);
  };
}

files::SkipUnchanged read_skip(const Arguments& arguments) {
  if (arguments.flag("checksum")) {
    return files::SkipUnchanged::ByChecksum;
  }
  return arguments.flag("if-changed") ? files::SkipUnchanged::BySizeAndTime : files::SkipUnchanged::Never;
}

unsigned read_connections(const Arguments& arguments, bool dry_run) {
  constexpr int kDefault = 8;
  constexpr int kMost = 64;
  const int connections = arguments.integer("max-connections").value_or(kDefault);
  if (connections < 1 || connections > kMost) {
    throw UsageError("--max-connections: " + std::to_string(connections) + " is not a number from 1 to 64");
  }
  return dry_run ? 1 : static_cast<unsigned>(connections);  // so that requests are shown in order
}

std::uint64_t failed(const files::TransferReport& report) { return report.failures.size() + report.not_tried; }

json report_document(const files::TransferReport& report, double seconds) {
  json failures = json::array();
  for (const files::TransferFailure& failure : report.failures) {
    failures.push_back({{"source", failure.event.source},
                        {"target", failure.event.target.empty() ? json() : json(failure.event.target)},
                        {"reason", failure.event.reason}});
  }
  return {{"files", report.files},           {"bytes", report.bytes},     {"movedBytes", report.moved_bytes},
          {"skipped", report.skipped},       {"deleted", report.deleted}, {"failed", failed(report)},
          {"failures", std::move(failures)}, {"seconds", seconds}};
}

/// The source, and the target unless the reason names it.
std::string places_of(const files::TransferEvent& event) {
  if (event.source.empty() || event.target.empty()) {
    return event.source + event.target;
  }
  const bool told = event.reason.find(event.target) != std::string::npos;
  return told ? event.source : event.source + " -> " + event.target;
}

std::string counted(std::uint64_t count, const std::string& what) {
  return count == 0 ? "" : ", " + std::to_string(count) + " " + what;
}

}  // namespace

std::vector<OptionSpec> transfer_options() {
  constexpr std::string_view kGroup = "Transfer";
  return {{.name = "recursive", .short_name = 'r', .summary = "Folders with all below them.", .kind = OptionKind::Flag},
          {.name = "pattern",
           .summary = "Only files that match, as '*.txt'; may be repeated.",
           .kind = OptionKind::Repeated,
           .value_name = "GLOB"},
          {.name = "exclude",
           .summary = "No files that match; may be repeated.",
           .kind = OptionKind::Repeated,
           .value_name = "GLOB"},
          {.name = "if-changed",
           .summary = "Leave out files of the same size and time.",
           .kind = OptionKind::Flag,
           .group = kGroup},
          {.name = "checksum",
           .summary = "As --if-changed, by size and MD5. Uploads store the MD5 of all files.",
           .kind = OptionKind::Flag,
           .group = kGroup},
          {.name = "delete",
           .summary = "Of folders, delete what is only at the target.",
           .kind = OptionKind::Flag,
           .group = kGroup},
          {.name = "validate-content",
           .summary = "Check the MD5 of every piece on its way.",
           .kind = OptionKind::Flag,
           .group = kGroup},
          {.name = "max-connections",
           .summary = "Requests at a time; fewer while the service is busy.",
           .kind = OptionKind::Integer,
           .value_name = "NUMBER",
           .default_value = "8",
           .group = kGroup}};
}

std::span<const Column> summary_columns() { return kColumns; }

TransferRun::TransferRun(const Arguments& arguments, Context& context, std::string doing, std::string done)
    : arguments_(arguments),
      context_(context),
      done_(std::move(done)),
      progress_(context, std::move(doing)),
      transfer_(read_options(), context.call()) {}

files::TransferOptions TransferRun::read_options() {
  const bool dry_run = context_.options.dry_run;
  files::TransferOptions options{
      .max_connections = read_connections(arguments_, dry_run),
      .validate_pieces = arguments_.flag("validate-content"),
      .patterns = arguments_.list("pattern"),
      .excludes = arguments_.list("exclude"),
      .leaves_out = read_ignore_rules(arguments_, context_),
      .skip_unchanged = read_skip(arguments_),
      .delete_extra = arguments_.flag("delete"),
      .follow_links = arguments_.flag("follow-links"),
      .dry_run = plans_only(),
      .on_progress = [this](const files::TransferProgress& state) { progress_.show(state); },
      .on_event = [this](const files::TransferEvent& event) { show_event(event); },
      .log = [this](LogLevel, std::string_view line) { context_.verbose("batchai: " + std::string(line)); },
      .clock = context_.host.clock};
  if (const ConfigPaths* paths = dry_run ? nullptr : context_.settings.find_paths()) {
    options.journal_folder = paths->token_cache.parent_path() / "transfers";
  }
  return options;
}

void TransferRun::show_event(const files::TransferEvent& event) {
  const std::string size = " (" + std::to_string(event.size) + " bytes)";
  if (plans_only() && event.action != TransferAction::Failed) {
    show_planned(event);
    return;
  }
  switch (event.action) {
    case TransferAction::Copied:
      context_.verbose(done_ + " " + event.source + " to " + event.target + size);
      break;
    case TransferAction::Deleted:
      context_.verbose("deleted " + event.target);
      break;
    case TransferAction::Skipped:
      // Without a target it is none of the run's files at all.
      if (event.target.empty()) {
        context_.warn("'" + event.source + "' is " + event.reason + "; left out");
      } else {
        context_.verbose("left out " + event.source + ": " + event.reason);
      }
      break;
    case TransferAction::Failed:
      show_failure(places_of(event) + ": " + event.reason);
      break;
  }
}

/// At once; without folders at the end, when it is known whether the failure of a single file is the command's own.
void TransferRun::show_failure(const std::string& text) {
  std::string line = "batchai: error: " + printable_line(text);
  if (arguments_.flag("recursive")) {
    context_.io.print_line(line);
  } else {
    failures_.push_back(std::move(line));
  }
}

void TransferRun::show_planned(const files::TransferEvent& event) {
  if (event.action == TransferAction::Copied) {
    context_.plan(event.source + " -> " + event.target + " (" + std::to_string(event.size) + " bytes)");
  } else if (event.action == TransferAction::Deleted) {
    context_.plan("delete " + event.target);
  }
}

Result TransferRun::finish() {
  files::TransferReport report;
  try {
    report = transfer_.run();
  } catch (const Cancelled&) {
    throw Interrupted("interrupted; what has been moved is kept", "the same command goes on where it ended");
  }
  progress_.clear();
  // The failure of a single file has its own exit code.
  if (report.failures.size() == 1 && report.files + report.skipped == 0 && !arguments_.flag("recursive")) {
    std::rethrow_exception(report.failures.front().error);
  }
  for (const std::string& line : failures_) {
    context_.io.print_line(line);
  }
  if (report.files + report.skipped + failed(report) == 0) {
    tell_of_patterns();
  }
  if (report.not_tried > 0) {
    context_.io.print_line("batchai: error: " + std::to_string(report.not_tried) +
                           (report.not_tried == 1 ? " file was" : " files were") +
                           " not moved because a folder above could not be made");
  }
  return summarize(report);
}

void TransferRun::tell_of_patterns() const {
  std::string patterns;
  for (const std::string& pattern : arguments_.list("pattern")) {
    patterns += (patterns.empty() ? "'" : ", '") + pattern + "'";
  }
  if (!patterns.empty()) {
    context_.warn("no file matches --pattern " + patterns +
                  (arguments_.list("exclude").empty() ? "" : ", or --exclude leaves all of them out"));
  }
}

Result TransferRun::summarize(const files::TransferReport& report) {
  const double seconds = std::chrono::duration<double>(report.elapsed).count();
  const bool asked_for = arguments_.given("output");
  if (!asked_for && !context_.options.dry_run && (context_.io.err_terminal || context_.options.verbose)) {
    context_.notice(done_ + " " + std::to_string(report.files) + (report.files == 1 ? " file, " : " files, ") +
                    size_text(report.bytes) + " in " + seconds_text(seconds) + counted(report.skipped, "skipped") +
                    counted(report.deleted, "deleted") + counted(failed(report), "failed"));
  }
  if (plans_only()) {
    return Result::nothing(report.failures.empty() ? kDone : kFailed);
  }
  Result result = Result::plain(report_document(report, std::round(seconds * 1000) / 1000));
  result.exit_code = report.failures.empty() ? kDone : kFailed;
  return result;
}

}  // namespace batchai::cli

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/outage.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/jobs/output_files.hpp"

#include <optional>

namespace batchai::cli {
namespace {

/// Shows how a download goes.
class DownloadDisplay {
 public:
  explicit DownloadDisplay(const Context& context) : context_(context) {}

  DownloadOutputsOptions options(const OutputLocation& location, const std::optional<std::string>& name) {
    return {.place = location.place,
            .name = name,
            .dry_run = context_.options.dry_run,
            .on_progress = [this](const File& file, std::uint64_t received) { show(file, received); },
            .on_file = [this](const DownloadedOutput& file) { finish(file); },
            .on_failure =
                [this](const OutputFailure& failure) {
                  clear();
                  context_.io.print_line("batchai: error: " + failure.path + ": " + failure.reason);
                },
            .outage = outage_options(context_)};
  }
  /// The file that is being fetched; empty where there is none.
  const std::string& current() const { return current_; }

 private:
  void show(const File& file, std::uint64_t received) {
    if (!progress_) {
      current_ = file.real_name();
      progress_.emplace(context_, "downloading " + current_);
      progress_->show("starting");
    } else {
      progress_->show(std::to_string(received) + " of " + std::to_string(file.content_length.value_or(0)) + " bytes");
    }
  }
  void finish(const DownloadedOutput& file) {
    clear();
    if (!file.resumed && context_.options.dry_run) {
      context_.plan(file.name + " -> " + file.path + " (" + std::to_string(file.size) + " bytes)");
    }
  }
  void clear() {
    progress_.reset();
    current_.clear();
  }

  const Context& context_;
  std::optional<Progress> progress_;
  std::string current_;
};

}  // namespace

DownloadOutputsReport download_files(const OutputLocation& location, const std::optional<std::string>& name,
                                     const std::filesystem::path& folder, const Context& context) {
  DownloadDisplay display(context);
  DownloadOutputsReport report;
  try {
    report = context.services.batchai().jobs().download_outputs(location.job, folder, display.options(location, name),
                                                                context.call());
  } catch (const Cancelled&) {
    if (display.current().empty()) {
      throw;
    }
    throw Interrupted("interrupted; what has come of '" + display.current() + "' is kept",
                      "the same command goes on where it ended");
  } catch (const OutputNotFound& error) {
    throw_not_found(location, error);
  }
  if (!report.failures.empty()) {
    const std::size_t failed = report.failures.size();
    context.io.print_line("batchai: error: " + std::to_string(failed) + " of " +
                          std::to_string(failed + report.files.size()) +
                          " entries could not be downloaded; they are named above");
  }
  return report;
}

}  // namespace batchai::cli

#pragma once

#include "batchai/files/transfer.hpp"
#include "cli/app/context.hpp"
#include "cli/app/result.hpp"
#include "cli/files/transfer_progress.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// What upload, download and copy have in common: `--recursive` and the options that say what is moved, and how.
std::vector<OptionSpec> transfer_options();
std::span<const Column> summary_columns();

/// One run of the library's transfer: its options from the command line, its progress on the terminal, its outcome as a
/// result.
class TransferRun {
 public:
  /// `doing` and `done` as `uploading` and `uploaded`.
  TransferRun(const Arguments& arguments, Context& context, std::string doing, std::string done);

  /// To add to.
  files::Transfer& transfer() { return transfer_; }
  /// Moves it all. Exit code 1 when something failed. Throws Interrupted.
  Result finish();

 private:
  /// In a dry run what would change the service is shown as its requests; what changes this machine only, as a plan.
  bool plans_only() const { return context_.options.dry_run && done_ == "downloaded"; }
  files::TransferOptions read_options();
  void show_event(const files::TransferEvent& event);
  void show_planned(const files::TransferEvent& event);
  void show_failure(const std::string& text);
  /// When nothing was to be done: that no file matches, if patterns were given.
  void tell_of_patterns() const;
  Result summarize(const files::TransferReport& report);

  const Arguments& arguments_;
  Context& context_;
  const std::string done_;
  TransferProgressLine progress_;
  files::Transfer transfer_;
  /// Lines that finish() prints.
  std::vector<std::string> failures_;
};

}  // namespace batchai::cli

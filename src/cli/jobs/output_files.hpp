#pragma once

#include "batchai/batchai/job_output.hpp"
#include "cli/app/item_pages.hpp"
#include "cli/jobs/job_ref.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace batchai::cli {

/// A directory of a job's output.
struct OutputLocation {
  JobRef job;
  OutputPlace place = {};
  /// Of the download URLs.
  std::optional<int> expiry_minutes = {};

  static OutputLocation of(const Arguments& arguments);
};

/// The library's error in the words of the command line.
[[noreturn]] void throw_not_found(const OutputLocation& location, const OutputNotFound& error);

/// The entries as pages of documents. A path that is not there, or a file, is an error: CommandError. `context` has to
/// live as long.
FetchPage show_directory_files(const OutputLocation& location, const Context& context);

/// Copies a file that grows to stdout, until its job is over and everything is copied. Waits for a file that is not
/// there yet; one that is not there when the job is over is no error.
void stream_file(const OutputLocation& location, const std::string& name, const Context& context);
/// The same for what the job's first process prints, whatever the job's toolkit calls the file; what it writes to
/// standard error goes to stderr.
void stream_main_output(const JobRef& job, const Context& context);

/// Downloads one file, or a directory with all below it: see JobsClient::download_outputs(). Failures have been
/// reported.
DownloadOutputsReport download_files(const OutputLocation& location, const std::optional<std::string>& name,
                                     const std::filesystem::path& folder, const Context& context);

}  // namespace batchai::cli

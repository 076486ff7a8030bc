#pragma once

#include "batchai/models/output_file.hpp"
#include "cli/app/item_pages.hpp"
#include "cli/jobs/job_ref.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace batchai::cli {

/// A path in a job's output.
struct OutputLocation {
  JobRef job;
  std::string directory_id = "stdouterr";
  /// Below that directory; empty or `.`: the directory itself.
  std::string path = {};
  std::optional<int> expiry_minutes = {};

  static OutputLocation of(const Arguments& arguments);
  /// A directory in it.
  OutputLocation below(const std::string& name) const;
};

std::vector<File> list_files(const OutputLocation& location, const Context& context);
/// The same, but a path that is not there, or a file, is an error: CommandError. The service has an empty list for it.
std::vector<File> list_directory_files(const OutputLocation& location, const Context& context);
/// The same as pages of documents. `context` has to live as long.
FetchPage show_directory_files(const OutputLocation& location, const Context& context);
/// The entry of that name, if it is a file. Names are given as they are on disk; one that is not UTF-8 may also be
/// given percent-encoded, as it is listed.
std::optional<File> find_file(const OutputLocation& location, const std::string& name, const Context& context);
std::optional<File> find_file(const std::vector<File>& files, const std::string& name);
/// What the job's first process prints: `stdout.txt` or, where the service starts several processes, `stdout-0.txt` or
/// `stdout-wk-0.txt`. Preparation, parameter servers and files of the user's with other names are not meant.
std::optional<File> find_main_output(const std::vector<File>& files);

/// Copies a file that grows to stdout, until its job is over and everything is copied. Waits for a file that is not
/// there yet; one that is not there when the job is over is no error.
void stream_file(const OutputLocation& location, const std::string& name, const Context& context);
/// The same for what the job's first process prints, whatever the job's toolkit calls the file.
void stream_main_output(const JobRef& job, const Context& context);

/// What a download did.
struct Downloaded {
  /// Both as they are on disk.
  std::string name;
  std::string path;
  std::int64_t size = 0;
  /// Whether it was there already, or in part.
  bool resumed = false;
};

struct DownloadReport {
  std::vector<Downloaded> files = {};
  /// Entries that could not be downloaded; each has been reported.
  std::size_t failed = 0;
};

/// Downloads one file, or a directory with all below it, to a local folder. A download that was cut off is resumed
/// where it ended, unless the remote file has changed since. Of a directory, one entry's failure does not stop the
/// others.
DownloadReport download_files(const OutputLocation& location, const std::optional<std::string>& name,
                              const std::filesystem::path& folder, const Context& context);

}  // namespace batchai::cli

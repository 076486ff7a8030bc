#include "cli/jobs/output_files.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"

namespace batchai::cli {
namespace {

/// Of the download URLs, in minutes; the service takes no others.
constexpr int kShortestExpiry = 5;
constexpr int kLongestExpiry = 600;

}  // namespace

OutputPlace OutputPlace::of(const Arguments& arguments) {
  const int minutes = arguments.integer("expiry").value_or(kLongestExpiry);
  if (minutes < kShortestExpiry || minutes > kLongestExpiry) {
    throw UsageError("--expiry: the number of minutes has to be from 5 to 600");
  }
  return {.job = JobPlace::of(arguments, "job"),
          .directory_id = arguments.get("output-directory-id"),
          .path = arguments.get("path"),
          .expiry_minutes = arguments.integer("expiry")};
}

OutputPlace OutputPlace::below(const std::string& name) const {
  OutputPlace inner = *this;
  inner.path = path.empty() || path == "." ? name : path + "/" + name;
  return inner;
}

std::vector<File> list_files(const OutputPlace& place, const Context& context) {
  ListOutputFilesOptions options{.directory_id = place.directory_id, .link_expiry_in_minutes = place.expiry_minutes};
  if (!place.path.empty() && place.path != ".") {
    options.directory = place.path;
  }
  const JobPlace& job = place.job;
  return context.services.batchai()
      .jobs()
      .list_output_files(job.group, job.workspace, job.experiment, job.job, options, context.call())
      .to_vector();
}

std::optional<File> find_file(const OutputPlace& place, const std::string& name, const Context& context) {
  for (File& file : list_files(place, context)) {
    if (file.name == name && file.file_type != FileType::kDirectory) {
      return std::move(file);
    }
  }
  return std::nullopt;
}

}  // namespace batchai::cli

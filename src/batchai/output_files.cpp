#include "batchai/output_files.hpp"

#include <filesystem>

namespace batchai::inline v1 {
namespace {

bool is_named(const File& entry, const std::string& name) { return entry.real_name() == name || entry.name == name; }

/// Of the first process.
const File* find_main(const std::vector<File>& files, const std::string& stream) {
  for (const char* end : {".txt", "-0.txt", "-wk-0.txt"}) {
    if (const File* found = find_output_file(files, stream + end)) {
      return found;
    }
  }
  return nullptr;
}

}  // namespace

const File* find_output_file(const std::vector<File>& files, const std::string& name) {
  const File* found = nullptr;
  for (const File& file : files) {
    if (file.file_type != FileType::kDirectory && is_named(file, name) &&
        (found == nullptr || file.real_name() == name)) {
      found = &file;
    }
  }
  return found;
}

const File* find_main_output(const std::vector<File>& files) { return find_main(files, "stdout"); }

const File* find_main_errors(const std::vector<File>& files) { return find_main(files, "stderr"); }

Pageable<File> output_pages(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                            const CallContext& context, std::optional<int> expiry_minutes) {
  ListOutputFilesOptions options{.directory_id = place.directory_id, .link_expiry_in_minutes = expiry_minutes};
  if (!place.path.empty() && place.path != ".") {
    options.directory = place.path;
  }
  return jobs.list_output_files(job.group, job.workspace, job.experiment, job.job, options, context);
}

void require_output_directory(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                              const CallContext& context, std::optional<int> expiry_minutes) {
  namespace fs = std::filesystem;
  const fs::path path = (fs::path(place.path) / "").lexically_normal().parent_path();
  const std::string name = path.filename().string();
  if (name.empty() || name == "." || name == "..") {
    return;
  }
  const OutputPlace above{.directory_id = place.directory_id, .path = path.parent_path().string()};
  for (const File& entry : output_pages(jobs, job, above, context, expiry_minutes).to_vector()) {
    if (!is_named(entry, name)) {
      continue;
    }
    if (entry.file_type == FileType::kDirectory) {
      return;
    }
    throw OutputNotFound("'" + place.path + "' is a file of the job's output, not a directory", true);
  }
  throw OutputNotFound("the job has no directory '" + place.path + "' there", false);
}

std::optional<File> fresh_output(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                                 const std::string& name, const CallContext& context) {
  const std::vector<File> files = output_pages(jobs, job, place, context).to_vector();
  const File* file = find_output_file(files, name);
  return file == nullptr ? std::nullopt : std::optional(*file);
}

std::string fresh_output_url(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                             const std::string& name, const CallContext& context) {
  const std::optional<File> file = fresh_output(jobs, job, place, name, context);
  return file ? file->download_url.value_or("") : std::string();
}

}  // namespace batchai::inline v1

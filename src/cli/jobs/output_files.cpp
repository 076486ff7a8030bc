#include "cli/jobs/output_files.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

/// Of the download URLs, in minutes; the service takes no others.
constexpr int kShortestExpiry = 5;
constexpr int kLongestExpiry = 600;

bool is_named(const File& entry, const std::string& name) { return entry.real_name() == name || entry.name == name; }

/// Throws CommandError unless the directory above knows it.
void require_directory(const OutputLocation& location, const Context& context) {
  const fs::path path = (fs::path(location.path) / "").lexically_normal().parent_path();
  const std::string name = path.filename().string();
  if (name.empty() || name == "." || name == "..") {
    return;
  }
  OutputLocation above = location;
  above.path = path.parent_path().string();
  for (const File& entry : list_files(above, context)) {
    if (!is_named(entry, name)) {
      continue;
    }
    if (entry.file_type == FileType::kDirectory) {
      return;
    }
    throw UsageError("-p/--path: '" + location.path + "' is a file", "name its directory with -p");
  }
  throw CommandError(kNotFound, "the job has no directory '" + location.path + "' there",
                     "see 'batchai job file list'");
}

}  // namespace

OutputLocation OutputLocation::of(const Arguments& arguments) {
  const int minutes = arguments.integer("expiry").value_or(kLongestExpiry);
  if (minutes < kShortestExpiry || minutes > kLongestExpiry) {
    throw UsageError("--expiry: the number of minutes has to be from 5 to 600");
  }
  return {.job = JobRef::of(arguments, "job"),
          .directory_id = arguments.get("output-directory-id"),
          .path = arguments.get("path"),
          .expiry_minutes = arguments.integer("expiry")};
}

OutputLocation OutputLocation::below(const std::string& name) const {
  // As deep as a share may be. A path on the node's disk is cut off by the system sooner or later, too.
  constexpr auto kDeepest = 250;
  if (std::count(path.begin(), path.end(), '/') >= kDeepest) {
    throw EndlessList("the service lists the job's directories without end: one of them seems to contain itself");
  }
  OutputLocation inner = *this;
  inner.path = path.empty() || path == "." ? name : path + "/" + name;
  return inner;
}

namespace {

Pageable<File> pages_of(const OutputLocation& location, const Context& context) {
  ListOutputFilesOptions options{.directory_id = location.directory_id,
                                 .link_expiry_in_minutes = location.expiry_minutes};
  if (!location.path.empty() && location.path != ".") {
    options.directory = location.path;
  }
  const JobRef& job = location.job;
  return context.services.batchai().jobs().list_output_files(job.group, job.workspace, job.experiment, job.job, options,
                                                             context.call());
}

}  // namespace

std::vector<File> list_files(const OutputLocation& location, const Context& context) {
  return pages_of(location, context).to_vector();
}

FetchPage show_directory_files(const OutputLocation& location, const Context& context) {
  FetchPage fetch = fetch_pages(pages_of(location, context), [](const File& file) { return nlohmann::json(file); });
  return [fetch = std::move(fetch), location, &context, empty = true]() mutable {
    ItemPage page = fetch();
    empty = empty && page.items.empty();
    if (empty && page.last) {
      require_directory(location, context);
    }
    return page;
  };
}

std::vector<File> list_directory_files(const OutputLocation& location, const Context& context) {
  std::vector<File> entries = list_files(location, context);
  if (entries.empty()) {
    require_directory(location, context);
  }
  return entries;
}

std::optional<File> find_file(const OutputLocation& location, const std::string& name, const Context& context) {
  return find_file(list_files(location, context), name);
}

std::optional<File> find_file(const std::vector<File>& files, const std::string& name) {
  const File* found = nullptr;
  for (const File& file : files) {
    if (file.file_type != FileType::kDirectory && is_named(file, name) &&
        (found == nullptr || file.real_name() == name)) {
      found = &file;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<File> find_main_output(const std::vector<File>& files) {
  for (const char* name : {"stdout.txt", "stdout-0.txt", "stdout-wk-0.txt"}) {
    if (auto found = find_file(files, name)) {
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace batchai::cli

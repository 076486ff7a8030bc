#include "files/transfer/plan_upload.hpp"

#include "core/joined.hpp"
#include "files/transfer/local_error.hpp"
#include "files/transfer/local_folder.hpp"
#include "files/transfer/simple_job.hpp"
#include "naming/fold_case.hpp"

#include <algorithm>
#include <set>

#include <sys/stat.h>

namespace batchai::inline v1::files {
namespace {

namespace fs = std::filesystem;

std::pair<std::uint64_t, std::uint64_t> identity_of(const fs::path& folder) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) {
    throw local_error("cannot read", folder.string());
  }
  return {info.st_dev, info.st_ino};
}

/// Entries by name, so that runs are alike.
std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::directory_entry> entries;
  for (auto it = fs::directory_iterator(folder, failed); !failed && it != fs::directory_iterator();
       it.increment(failed)) {
    entries.push_back(*it);
  }
  if (failed) {
    throw Error("cannot read '" + folder.string() + "': " + failed.message());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace

PlannedStep plan_upload(UploadPlan upload, std::string target) {
  std::error_code ignored;
  const auto size = fs::file_size(upload.source, ignored);
  std::string source = upload.source.string();
  std::string key = key_of(upload.target);
  return {.source = std::move(source),
          .target = std::move(target),
          .key = std::move(key),
          .size = ignored ? 0 : size,
          .make = [upload = std::move(upload)](Engine& engine, bool) {
            return std::make_unique<UploadJob>(engine, upload);
          }};
}

FolderUpload::FolderUpload(TransferPlan& plan, const TransferOptions& options, const CallContext& context)
    : plan_(plan), options_(options), context_(context), filter_(options.patterns, options.excludes) {}

void FolderUpload::add(const fs::path& source, const DirectoryClient& target) {
  if (!fs::is_directory(source)) {
    throw InvalidArgument("'" + source.string() + "' is no folder");
  }
  plan_.add_directory(0, plan_directory(source.string(), RemoteDirectory(target).once, true));
  add_folder({source, "", RemoteDirectory(target), {identity_of(source)}});
}

void FolderUpload::add_folder(const Folder& folder) {
  plan_.guarded(folder.path.string(), "", [&] {
    const auto present =
        needs_look(options_) ? list_by_name(folder.target.patient, context_) : std::map<std::string, DirectoryEntry>();
    std::vector<std::string> names;
    std::set<std::string> folded;
    for (const fs::directory_entry& entry : entries_of(folder.path)) {
      names.push_back(entry.path().filename().string());
      plan_.guarded(entry.path().string(), "", [&] {
        if (!folded.insert(naming::fold_case(names.back())).second) {
          throw InvalidArgument("its name differs from another one's in case only, which the share does not see");
        }
        add_entry(folder, entry, present);
      });
    }
    if (options_.delete_extra) {
      plan_extra_removals(plan_.removals, folder.target, folder.relative, names, present, filter_, context_);
    }
  });
}

void FolderUpload::add_entry(const Folder& folder, const fs::directory_entry& entry,
                             const std::map<std::string, DirectoryEntry>& present) {
  const std::string name = entry.path().filename().string();
  const std::string relative = path_below(folder.relative, name);
  if (is_part_name(name) || filter_.excludes(relative)) {
    return;
  }
  std::error_code failed;
  const fs::file_status status = options_.follow_links ? entry.status(failed) : entry.symlink_status(failed);
  if (options_.leaves_out && options_.leaves_out(relative, status.type() == fs::file_type::directory)) {
    return;
  }
  const auto clear_the_way = [&](bool is_folder) {
    if (options_.delete_extra) {
      plan_clearing(plan_, folder.target, folder.relative, {.name = name, .is_directory = is_folder}, present, filter_,
                    context_);
    }
  };
  if (status.type() == fs::file_type::directory) {
    require_good_name(name);
    clear_the_way(true);
    add_inner_folder(folder, name);
  } else if (!filter_.accepts(relative)) {
    return;
  } else if (status.type() == fs::file_type::regular) {
    require_good_name(name);
    clear_the_way(false);
    plan_.add_file(plan_upload(
        {.source = entry.path(), .target = folder.target.once.file(name), .listed = listed_in(present, name, options_)},
        shown_place(folder.target.once, name)));
  } else {
    leave_out(entry.path(), status.type() == fs::file_type::symlink ? "a symbolic link" : "no regular file");
  }
}

void FolderUpload::add_inner_folder(const Folder& folder, const std::string& name) {
  Folder inner{folder.path / name, path_below(folder.relative, name), folder.target.directory(name), folder.ancestors};
  const auto identity = identity_of(inner.path);
  if (std::find(inner.ancestors.begin(), inner.ancestors.end(), identity) != inner.ancestors.end()) {
    leave_out(inner.path, "a symbolic link to a folder above it");
    return;
  }
  inner.ancestors.push_back(identity);
  const std::size_t files = plan_.files.size();
  add_folder(inner);
  // With patterns, only directories that something goes into.
  if (options_.patterns.empty() || plan_.files.size() > files) {
    plan_.add_directory(depth_of(inner.relative), plan_directory(inner.path.string(), inner.target.once, false));
  }
}

void FolderUpload::leave_out(const fs::path& path, const std::string& reason) {
  plan_.left_out.push_back({.action = TransferAction::Skipped, .source = path.string(), .reason = reason});
}

}  // namespace batchai::inline v1::files

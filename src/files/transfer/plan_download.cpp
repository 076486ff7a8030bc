#include "files/transfer/plan_download.hpp"

#include "core/joined.hpp"
#include "files/transfer/local_error.hpp"
#include "files/transfer/local_folder.hpp"
#include "files/transfer/simple_job.hpp"

#include <algorithm>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::inline v1::files {
namespace {

namespace fs = std::filesystem;

std::string printable(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
  return name;
}

PlannedStep plan_folder(const fs::path& root, const std::vector<std::string>& parts, std::string source,
                        const fs::path& shown) {
  return {.source = std::move(source),
          .target = shown.string(),
          .key = key_of(shown),
          .make = [root, parts](Engine&, bool) {
            return std::make_unique<SimpleJob>([root, parts] { open_folder(root, parts); });
          }};
}

PlannedStep plan_local_removal(const fs::path& root, const std::vector<std::string>& parts, const std::string& name,
                               bool is_folder, const fs::path& shown) {
  return {
      .target = shown.string(), .key = key_of(shown), .success = TransferAction::Deleted, .make = [=](Engine&, bool) {
        return std::make_unique<SimpleJob>([=] {
          const Descriptor folder = find_folder(root, parts);
          if (folder && ::unlinkat(folder.get(), name.c_str(), is_folder ? AT_REMOVEDIR : 0) != 0 && errno != ENOENT) {
            throw local_error("cannot remove", shown.string());
          }
        });
      }};
}

}  // namespace

PlannedStep plan_download(DownloadPlan download, std::string source) {
  const std::uint64_t size = download.listed ? download.listed->size : 0;
  const fs::path target = download.path();
  return {.source = std::move(source),
          .target = target.string(),
          .key = key_of(target),
          .size = size,
          .make = [download = std::move(download)](Engine& engine, bool again) {
            DownloadPlan plan = download;
            if (again) {
              plan.listed.reset();
            }
            return std::make_unique<DownloadJob>(engine, std::move(plan));
          }};
}

std::string FolderDownload::Folder::relative() const { return joined(parts, "/"); }

fs::path FolderDownload::Folder::path() const { return root / relative(); }

FolderDownload::FolderDownload(TransferPlan& plan, const TransferOptions& options, const CallContext& context)
    : plan_(plan), options_(options), context_(context), filter_(options.patterns, options.excludes) {}

void FolderDownload::add(const DirectoryClient& source, const fs::path& target) {
  plan_.add_directory(0, plan_folder(target, {}, shown_place(source), target));
  add_folder({RemoteDirectory(source), target, {}});
}

void FolderDownload::add_folder(const Folder& folder) {
  std::vector<DirectoryEntry> entries;
  auto list = folder.source.patient.list({}, context_);
  for (DirectoryEntry& entry : list) {
    plan_.guarded(shown_place(folder.source.once, printable(entry.name)), "", [&] { add_entry(folder, entry); });
    if (options_.delete_extra) {
      entries.push_back(std::move(entry));
    }
  }
  if (options_.delete_extra) {
    plan_.guarded(shown_place(folder.source.once), folder.path().string(),
                  [&] { plan_removals(plan_.removals, folder, entries, false); });
  }
}

void FolderDownload::add_entry(const Folder& folder, const DirectoryEntry& entry) {
  const std::string relative = path_below(folder.relative(), entry.name);
  if (filter_.excludes(relative)) {
    return;
  }
  if (const auto problem = local_name_problem(entry.name)) {
    throw InvalidArgument("an entry named '" + printable(entry.name) + "' cannot be a local file: " + *problem);
  }
  if (options_.delete_extra && (entry.is_directory || filter_.accepts(relative))) {
    plan_clearing(folder, entry);
  }
  if (entry.is_directory) {
    Folder inner{folder.source.directory(entry.name), folder.root, folder.parts};
    inner.parts.push_back(entry.name);
    if (options_.patterns.empty()) {
      plan_.add_directory(inner.parts.size(),
                          plan_folder(inner.root, inner.parts, shown_place(inner.source.once), inner.path()));
    }
    add_folder(inner);
  } else if (filter_.accepts(relative)) {
    DownloadPlan download{.source = folder.source.once.file(entry.name),
                          .root = folder.root,
                          .folder = folder.parts,
                          .name = entry.name,
                          .listed = entry};
    plan_.add_file(plan_download(std::move(download), shown_place(folder.source.once, entry.name)));
  }
}

void FolderDownload::plan_removals(Removals& removals, const Folder& folder, const std::vector<DirectoryEntry>& present,
                                   bool goes) {
  std::set<std::string> kept;
  for (const DirectoryEntry& entry : present) {
    kept.insert(entry.name);
  }
  std::error_code failed;
  for (auto it = fs::directory_iterator(folder.path(), failed); !failed && it != fs::directory_iterator();
       it.increment(failed)) {
    const std::string name = it->path().filename().string();
    // What an interrupted run left stays for a later one, unless its folder is removed.
    if (kept.contains(name) || (is_part_name(name) && !goes)) {
      continue;
    }
    plan_removal(removals, folder, name);
  }
  // It may still have to be made, and a file in its place be cleared.
  if (failed && failed != std::errc::no_such_file_or_directory && failed != std::errc::not_a_directory) {
    throw Error("cannot read '" + folder.path().string() + "': " + failed.message());
  }
}

void FolderDownload::plan_removal(Removals& removals, const Folder& folder, const std::string& name) {
  Folder inner = folder;
  inner.parts.push_back(name);
  std::error_code failed;
  const bool is_folder = fs::symlink_status(inner.path(), failed).type() == fs::file_type::directory;
  const auto remove = [&] {
    removals[folder.parts.size() + 1].push_back(
        plan_local_removal(folder.root, folder.parts, name, is_folder, inner.path()));
  };
  if (is_folder && !filter_.excludes(inner.relative())) {
    plan_removals(removals, inner, {}, filter_.is_empty());
    if (filter_.is_empty()) {
      remove();
    }
  } else if (!is_folder && filter_.accepts(inner.relative())) {
    remove();
  }
}

/// What has the entry's name and is of the other kind.
void FolderDownload::plan_clearing(const Folder& folder, const DirectoryEntry& entry) {
  std::error_code failed;
  const auto type = fs::symlink_status(folder.path() / entry.name, failed).type();
  const bool is_folder = type == fs::file_type::directory;
  if (type != fs::file_type::not_found && type != fs::file_type::none && is_folder != entry.is_directory) {
    plan_removal(plan_.clearings, folder, entry.name);
  }
}

}  // namespace batchai::inline v1::files

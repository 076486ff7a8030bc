#include "files/transfer/plan_download.hpp"

#include "files/transfer/local_error.hpp"
#include "files/transfer/local_folder.hpp"
#include "files/transfer/simple_job.hpp"

#include <algorithm>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::files {
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

std::string FolderDownload::Folder::relative() const {
  std::string text;
  for (const std::string& part : parts) {
    text = joined(text, part);
  }
  return text;
}

fs::path FolderDownload::Folder::path() const { return root / relative(); }

FolderDownload::FolderDownload(TransferPlan& plan, const TransferOptions& options, const CallContext& context)
    : plan_(plan), options_(options), context_(context), filter_(options.patterns, options.excludes) {}

void FolderDownload::add(const DirectoryClient& source, const fs::path& target) {
  plan_.add_directory(0, plan_folder(target, {}, shown_place(source), target));
  add_folder({RemoteDirectory(source), target, {}});
}

template <class Step>
void FolderDownload::guarded(const std::string& source, const fs::path& target, const Step& step) {
  try {
    step();
  } catch (const InvalidArgument&) {
    plan_.failures.push_back({source, target.string(), std::current_exception()});
  }
}

void FolderDownload::add_folder(const Folder& folder) {
  std::vector<DirectoryEntry> entries;
  auto list = folder.source.patient.list({}, context_);
  for (DirectoryEntry& entry : list) {
    guarded(shown_place(folder.source.once, printable(entry.name)), {}, [&] { add_entry(folder, entry); });
    if (options_.delete_extra) {
      entries.push_back(std::move(entry));
    }
  }
  if (options_.delete_extra) {
    plan_removals(folder, entries, false);
  }
}

void FolderDownload::add_entry(const Folder& folder, const DirectoryEntry& entry) {
  const std::string relative = joined(folder.relative(), entry.name);
  if (filter_.excludes(relative)) {
    return;
  }
  if (const auto problem = local_name_problem(entry.name)) {
    throw InvalidArgument("an entry named '" + printable(entry.name) + "' cannot be a local file: " + *problem);
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

void FolderDownload::plan_removals(const Folder& folder, const std::vector<DirectoryEntry>& present, bool goes) {
  std::set<std::string> kept;
  for (const DirectoryEntry& entry : present) {
    kept.insert(entry.name);
  }
  std::error_code failed;
  for (auto it = fs::directory_iterator(folder.path(), failed); !failed && it != fs::directory_iterator();
       it.increment(failed)) {
    const std::string name = it->path().filename().string();
    const std::string relative = joined(folder.relative(), name);
    // What an interrupted run left stays for a later one, unless its folder goes.
    if (kept.contains(name) || (is_part_name(name) && !goes)) {
      continue;
    }
    const bool is_folder = it->symlink_status(failed).type() == fs::file_type::directory;
    if (is_folder && !filter_.excludes(relative)) {
      plan_removal_of_tree(folder, name);
    } else if (!is_folder && filter_.accepts(relative)) {
      plan_.add_removal(folder.parts.size() + 1,
                        plan_local_removal(folder.root, folder.parts, name, false, it->path()));
    }
  }
}

void FolderDownload::plan_removal_of_tree(const Folder& folder, const std::string& name) {
  Folder inner = folder;
  inner.parts.push_back(name);
  plan_removals(inner, {}, filter_.is_empty());
  if (filter_.is_empty()) {
    plan_.add_removal(folder.parts.size() + 1, plan_local_removal(folder.root, folder.parts, name, true, inner.path()));
  }
}

}  // namespace batchai::files

#include "files/transfer/plan.hpp"

#include "batchai/files/file_client.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/simple_job.hpp"
#include "naming/fold_case.hpp"

#include <algorithm>
#include <set>

namespace batchai::files {
namespace {

template <class Client>
PlannedStep removal(const std::string& target, const Client& client) {
  return {.target = target, .success = TransferAction::Deleted, .make = [target, client](Engine& engine, bool) {
            return std::make_unique<SimpleJob>([&engine, target, client] {
              engine.call("removing " + target,
                          [&](const CallContext& context) { ignore_missing([&] { client.remove(context); }); });
            });
          }};
}

void plan_removal_of_tree(TransferPlan& plan, const RemoteDirectory& directory, const std::string& relative,
                          const Filter& filter, const CallContext& context) {
  const auto present = list_by_name(directory.patient, context);
  plan_extra_removals(plan, directory, relative, {}, present, filter, context);
  if (filter.is_empty()) {  // otherwise something may be left in it
    plan.removals[depth_of(directory.once.path())].push_back(removal(shown_place(directory.once), directory.once));
  }
}

}  // namespace

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() || name.empty() ? folder + name : folder + "/" + name;
}

RemoteDirectory::RemoteDirectory(const DirectoryClient& given)
    : patient(given), once(given.with_retry(RetryOptions{.max_retries = 0})) {}

FileClient once(const FileClient& given) { return given.with_retry(RetryOptions{.max_retries = 0}); }

std::string shown_place(const FileClient& file) { return joined(file.share_name(), file.path()); }

std::string shown_place(const DirectoryClient& directory) { return joined(directory.share_name(), directory.path()); }

std::string shown_place(const DirectoryClient& directory, const std::string& name) {
  return joined(shown_place(directory), name);
}

std::map<std::string, DirectoryEntry> list_by_name(const DirectoryClient& directory, const CallContext& context) {
  std::map<std::string, DirectoryEntry> entries;
  ignore_missing([&] {
    for (DirectoryEntry& entry : directory.list({}, context)) {
      std::string name = entry.name;
      entries.emplace(std::move(name), std::move(entry));
    }
  });
  return entries;
}

std::size_t depth_of(const std::string& path) {
  return path.empty() ? 0 : static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1;
}

PlannedStep plan_directory(std::string source, const DirectoryClient& target, bool above) {
  const std::string shown = shown_place(target);
  return {.source = std::move(source), .target = shown, .make = [shown, target, above](Engine& engine, bool) {
            return std::make_unique<SimpleJob>([&engine, shown, target, above] {
              engine.call("making " + shown, [&](const CallContext& context) {
                if (above) {
                  target.create_all(context);
                } else {
                  target.create_if_absent({}, context);
                }
              });
            });
          }};
}

bool needs_look(const TransferOptions& options) {
  return options.skip_unchanged != SkipUnchanged::Never || options.delete_extra;
}

Listed listed_in(const std::map<std::string, DirectoryEntry>& present, const std::string& name,
                 const TransferOptions& options) {
  const auto found = present.find(name);
  const bool is_file = found != present.end() && !found->second.is_directory;
  return {.known = needs_look(options), .entry = is_file ? std::optional(found->second) : std::nullopt};
}

void plan_extra_removals(TransferPlan& plan, const RemoteDirectory& directory, const std::string& relative,
                         const std::vector<std::string>& kept, const std::map<std::string, DirectoryEntry>& present,
                         const Filter& filter, const CallContext& context) {
  std::set<std::string> folded;
  for (const std::string& name : kept) {
    folded.insert(naming::fold_case(name));
  }
  for (const auto& [name, entry] : present) {
    const std::string inner = joined(relative, name);
    if (folded.contains(naming::fold_case(name)) || filter.excludes(inner)) {
      continue;
    }
    if (entry.is_directory) {
      plan_removal_of_tree(plan, directory.directory(name), inner, filter, context);
    } else if (filter.accepts(inner)) {
      plan.removals[depth_of(directory.once.path()) + 1].push_back(
          removal(shown_place(directory.once, name), directory.once.file(name)));
    }
  }
}

}  // namespace batchai::files

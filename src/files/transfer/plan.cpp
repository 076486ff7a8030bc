#include "files/transfer/plan.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/url.hpp"
#include "batchai/files/file_client.hpp"
#include "core/joined.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/simple_job.hpp"
#include "naming/file_names.hpp"
#include "naming/fold_case.hpp"

#include <algorithm>
#include <set>

namespace batchai::inline v1::files {
namespace {

template <class Client>
PlannedStep removal(const std::string& target, const Client& client) {
  return {.target = target,
          .key = key_of(client),
          .success = TransferAction::Deleted,
          .make = [target, client](Engine& engine, bool) {
            return std::make_unique<SimpleJob>([&engine, target, client] {
              engine.call("removing " + target,
                          [&](const CallContext& context) { ignore_missing([&] { client.remove(context); }); });
            });
          }};
}

void plan_removal_of_tree(Removals& removals, const RemoteDirectory& directory, const std::string& relative,
                          const Filter& filter, const CallContext& context) {
  const auto present = list_by_name(directory.patient, context);
  plan_extra_removals(removals, directory, relative, {}, present, filter, context);
  if (filter.is_empty()) {  // otherwise something may be left in it
    removals[depth_of(directory.once.path())].push_back(removal(shown_place(directory.once), directory.once));
  }
}

/// Shares are not made. Where looking is not allowed, the requests that follow will fail.
void require_share(const DirectoryClient& root, const CallContext& context) {
  try {
    static_cast<void>(root.get_properties(context));
  } catch (const ServiceError& error) {
    if (error.status() != 403) {
      throw;
    }
  }
}

/// The service ignores case.
std::string remote_key(const Url& url) {
  return naming::fold_case(url.origin() + percent_decode(url.path()).value_or(url.path()));
}

/// Whether one of the sorted `keys` is `key`, or below it.
bool holds_any(const std::set<std::string>& keys, const std::string& key) {
  const auto below = keys.lower_bound(key + "/");
  return keys.contains(key) || (below != keys.end() && below->starts_with(key + "/"));
}

}  // namespace

std::string key_of(const FileClient& file) { return remote_key(file.url()); }
std::string key_of(const DirectoryClient& directory) { return remote_key(directory.url()); }
std::string key_of(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

void TransferPlan::add_file(PlannedStep step) {
  const auto [other, is_first] = sources_.emplace(step.key, step.source);
  if (is_first) {
    files.push_back(std::move(step));
    return;
  }
  failures.push_back(
      {step.source, step.target,
       std::make_exception_ptr(InvalidArgument("'" + other->second + "' goes to " + step.target + " already"))});
}

bool TransferPlan::concerns_all(const Error& error) {
  return dynamic_cast<const Cancelled*>(&error) != nullptr ||
         dynamic_cast<const DeadlineExceeded*>(&error) != nullptr ||
         dynamic_cast<const TransportError*>(&error) != nullptr || dynamic_cast<const EndlessList*>(&error) != nullptr;
}

void TransferPlan::keep_targets() {
  std::set<std::string> keys;
  for (const PlannedStep& step : files) {
    keys.insert(step.key);
  }
  for (const auto& [depth, steps] : directories) {
    for (const PlannedStep& step : steps) {
      keys.insert(step.key);
    }
  }
  for (auto& [depth, steps] : removals) {
    std::erase_if(steps, [&](const PlannedStep& step) { return holds_any(keys, step.key); });
  }
}

RemoteDirectory::RemoteDirectory(const DirectoryClient& given)
    : patient(given), once(given.with_retry(RetryOptions{.max_retries = 0})) {}

RemoteDirectory RemoteDirectory::directory(const std::string& name) const {
  // One such path is reported as a failure; a directory that contains itself twice has too many of them to walk.
  constexpr int kMostTooDeep = 100;
  if (depth_of(patient.path()) >= naming::kDeepestPath && ++*too_deep_ > kMostTooDeep) {
    throw EndlessList("the storage service lists directories without end: '" + shown_place(once, name) +
                      "' seems to be in a directory that contains itself");
  }
  RemoteDirectory inner = *this;
  inner.patient = patient.directory(name);
  inner.once = once.directory(name);
  return inner;
}

FileClient once(const FileClient& given) { return given.with_retry(RetryOptions{.max_retries = 0}); }

std::string shown_place(const FileClient& file) { return path_below(file.share_name(), file.path()); }

std::string shown_place(const DirectoryClient& directory) {
  return path_below(directory.share_name(), directory.path());
}

std::string shown_place(const DirectoryClient& directory, const std::string& name) {
  return path_below(shown_place(directory), name);
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

void require_good_name(const std::string& name) {
  if (const auto problem = naming::file_name_problem(name)) {
    throw InvalidArgument("the share cannot hold such a name: " + *problem);
  }
}

std::size_t depth_of(const std::string& path) {
  return path.empty() ? 0 : static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1;
}

PlannedStep plan_directory(std::string source, const DirectoryClient& target, bool above) {
  const std::string shown = shown_place(target);
  return {.source = std::move(source),
          .target = shown,
          .key = key_of(target),
          .make = [shown, target, above](Engine& engine, bool) {
            return std::make_unique<SimpleJob>([&engine, shown, target, above] {
              engine.call("making " + shown, [&](const CallContext& context) {
                if (target.path().empty()) {
                  require_share(target, context);
                } else if (above) {
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

void plan_extra_removals(Removals& removals, const RemoteDirectory& directory, const std::string& relative,
                         const std::vector<std::string>& kept, const std::map<std::string, DirectoryEntry>& present,
                         const Filter& filter, const CallContext& context) {
  std::set<std::string> folded;
  for (const std::string& name : kept) {
    folded.insert(naming::fold_case(name));
  }
  for (const auto& [name, entry] : present) {
    const std::string inner = path_below(relative, name);
    if (folded.contains(naming::fold_case(name)) || filter.excludes(inner)) {
      continue;
    }
    if (entry.is_directory) {
      plan_removal_of_tree(removals, directory.directory(name), inner, filter, context);
    } else if (filter.accepts(inner)) {
      removals[depth_of(directory.once.path()) + 1].push_back(
          removal(shown_place(directory.once, name), directory.once.file(name)));
    }
  }
}

void plan_clearing(TransferPlan& plan, const RemoteDirectory& directory, const std::string& relative,
                   const DirectoryEntry& wanted, const std::map<std::string, DirectoryEntry>& present,
                   const Filter& filter, const CallContext& context) {
  const std::string folded = naming::fold_case(wanted.name);
  for (const auto& [name, entry] : present) {
    if (entry.is_directory != wanted.is_directory && naming::fold_case(name) == folded) {
      plan_extra_removals(plan.clearings, directory, relative, {}, {{name, entry}}, filter, context);
    }
  }
}

}  // namespace batchai::inline v1::files

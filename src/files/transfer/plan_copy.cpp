#include "files/transfer/plan_copy.hpp"

#include "core/joined.hpp"

namespace batchai::inline v1::files {

PlannedStep plan_copy(CopyPlan copy, std::string source, std::string target) {
  const std::uint64_t size = copy.entry ? copy.entry->size : 0;
  std::string key = key_of(copy.target);
  return {.source = std::move(source),
          .target = std::move(target),
          .key = std::move(key),
          .size = size,
          .make = [copy = std::move(copy)](Engine& engine, bool) { return std::make_unique<CopyJob>(engine, copy); }};
}

FolderCopy::FolderCopy(TransferPlan& plan, const TransferOptions& options, const CallContext& context)
    : plan_(plan), options_(options), context_(context), filter_(options.patterns, options.excludes) {}

void FolderCopy::add(const DirectoryClient& source, const DirectoryClient& target) {
  plan_.add_directory(0, plan_directory(shown_place(source), RemoteDirectory(target).once, true));
  add_folder(RemoteDirectory(source), RemoteDirectory(target), "");
}

void FolderCopy::add_folder(const RemoteDirectory& source, const RemoteDirectory& target, const std::string& relative) {
  const auto present =
      needs_look(options_) ? list_by_name(target.patient, context_) : std::map<std::string, DirectoryEntry>();
  std::vector<std::string> kept;
  // Listed to the end first: what is copied below itself must not be found again.
  for (const DirectoryEntry& entry : source.patient.list({}, context_).to_vector()) {
    kept.push_back(entry.name);
    plan_.guarded(shown_place(source.once, entry.name), "",
                  [&] { add_entry(source, target, relative, entry, present); });
  }
  if (options_.delete_extra) {
    plan_extra_removals(plan_.removals, target, relative, kept, present, filter_, context_);
  }
}

void FolderCopy::add_entry(const RemoteDirectory& source, const RemoteDirectory& target, const std::string& relative,
                           const DirectoryEntry& entry, const std::map<std::string, DirectoryEntry>& present) {
  const std::string inner = path_below(relative, entry.name);
  if (filter_.excludes(inner)) {
    return;
  }
  if (!entry.is_directory && !filter_.accepts(inner)) {
    return;
  }
  require_good_name(entry.name);
  if (options_.delete_extra) {
    plan_clearing(plan_, target, relative, entry, present, filter_, context_);
  }
  if (entry.is_directory) {
    const RemoteDirectory inner_target = target.directory(entry.name);
    const std::size_t files = plan_.files.size();
    add_folder(source.directory(entry.name), inner_target, inner);
    if (options_.patterns.empty() || plan_.files.size() > files) {
      plan_.add_directory(depth_of(inner),
                          plan_directory(shown_place(source.once, entry.name), inner_target.once, false));
    }
  } else {
    plan_.add_file(plan_copy({.source = source.once.file(entry.name),
                              .target = target.once.file(entry.name),
                              .entry = entry,
                              .listed = listed_in(present, entry.name, options_)},
                             shown_place(source.once, entry.name), shown_place(target.once, entry.name)));
  }
}

}  // namespace batchai::inline v1::files

#include "batchai/files/transfer.hpp"

#include "files/transfer/engine.hpp"
#include "files/transfer/local_folder.hpp"
#include "files/transfer/plan.hpp"
#include "files/transfer/plan_copy.hpp"
#include "files/transfer/plan_download.hpp"
#include "files/transfer/plan_upload.hpp"
#include "files/transfer/scheduler.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace batchai::inline v1::files {
namespace {

bool has_failed(Engine& engine) { return !engine.counters().report({}).failures.empty(); }

void show_steps(Engine& engine, const std::vector<PlannedStep>& steps) {
  for (const PlannedStep& step : steps) {
    engine.counters().ended({.action = step.success, .source = step.source, .target = step.target, .size = step.size});
  }
}

void show_removals(Engine& engine, const Removals& removals) {
  for (const auto& [depth, steps] : removals) {
    show_steps(engine, steps);
  }
}

/// Nothing is removed when something has failed.
void run_removals(Engine& engine, const Removals& removals) {
  if (has_failed(engine)) {
    return;
  }
  if (engine.options().dry_run) {
    show_removals(engine, removals);
    return;
  }
  for (const auto& [depth, steps] : removals) {
    Scheduler(engine, steps, true).run();
  }
}

void tell_what_is_known(Engine& engine, const TransferPlan& plan) {
  const std::uint64_t bytes =
      std::accumulate(plan.files.begin(), plan.files.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const PlannedStep& step) { return sum + step.size; });
  engine.counters().expect(plan.files.size() + plan.failures.size() + plan.left_out.size(), bytes);
  for (const TransferEvent& event : plan.left_out) {
    engine.counters().ended(event);
  }
  for (const TransferPlan::Failure& failure : plan.failures) {
    try {
      std::rethrow_exception(failure.error);
    } catch (const std::exception& error) {
      engine.counters().ended({.action = TransferAction::Failed,
                               .source = failure.source,
                               .target = failure.target,
                               .reason = error.what()},
                              failure.error);
    }
  }
}

/// Folders that could not be made, without slashes at their ends.
std::set<std::string> failed_places(Engine& engine) {
  std::set<std::string> places;
  for (const TransferFailure& failure : engine.counters().report({}).failures) {
    const std::string& permit = failure.event.target;
    places.insert(permit.substr(0, permit.find_last_not_of('/') + 1));
  }
  places.erase("");
  return places;
}

bool is_below(const std::set<std::string>& places, const std::string& target) {
  for (std::size_t slash = target.rfind('/'); slash != std::string::npos && slash > 0;
       slash = target.rfind('/', slash - 1)) {
    if (places.contains(target.substr(0, slash))) {
      return true;
    }
  }
  return false;
}

/// How many steps it removes.
std::size_t leave_out_below(const std::set<std::string>& places, std::vector<PlannedStep>& steps) {
  return places.empty() ? 0
                        : std::erase_if(steps, [&](const PlannedStep& step) { return is_below(places, step.target); });
}

/// The failure of a folder includes those of everything that belongs into it.
void make_directories(Engine& engine, TransferPlan& plan) {
  std::set<std::string> failed;
  for (auto& [depth, steps] : plan.directories) {
    leave_out_below(failed, steps);
    Scheduler(engine, steps, false).run();
    failed = failed_places(engine);
  }
  engine.counters().not_tried(leave_out_below(failed, plan.files));
}

/// Throws the failure of a run with one file.
void rethrow_failure(const TransferReport& report) {
  if (!report.failures.empty()) {
    std::rethrow_exception(report.failures.front().error);
  }
}

}  // namespace

Transfer::Transfer(TransferOptions options, CallContext context)
    : options_(std::move(options)), context_(std::move(context)), plan_(std::make_unique<TransferPlan>()) {}

Transfer::~Transfer() = default;

void Transfer::upload(const std::string& source, const FileClient& target, const CreateFileOptions& properties) {
  const LocalSource readable(source);
  if (Filter(options_.patterns, options_.excludes).accepts(std::filesystem::path(source).filename().string())) {
    plan_->add_file(
        plan_upload({.source = source, .target = once(target), .properties = properties}, shown_place(target)));
  }
}

void Transfer::upload_folder(const std::string& source, const DirectoryClient& target) {
  FolderUpload(*plan_, options_, context_).add(source, target);
}

void Transfer::download(const FileClient& source, const std::string& target) {
  const FileProperties properties = source.get_properties(context_);
  if (Filter(options_.patterns, options_.excludes).accepts(source.name())) {
    const std::filesystem::path path = target;
    DownloadPlan download{.source = once(source),
                          .root = path.parent_path(),
                          .folder = {},
                          .name = path.filename().string(),
                          .listed = DirectoryEntry{.name = source.name(),
                                                   .size = properties.size,
                                                   .etag = properties.etag,
                                                   .last_write = properties.last_write}};
    plan_->add_file(plan_download(std::move(download), shown_place(source)));
  }
}

void Transfer::download_folder(const DirectoryClient& source, const std::string& target) {
  FolderDownload(*plan_, options_, context_).add(source, target);
}

void Transfer::copy(const FileClient& source, const FileClient& target) {
  const FileProperties properties = source.get_properties(context_);
  if (Filter(options_.patterns, options_.excludes).accepts(source.name())) {
    plan_->add_file(plan_copy({.source = once(source),
                               .target = once(target),
                               .entry = DirectoryEntry{.name = source.name(),
                                                       .size = properties.size,
                                                       .etag = properties.etag,
                                                       .last_write = properties.last_write}},
                              shown_place(source), shown_place(target)));
  }
}

void Transfer::copy_folder(const DirectoryClient& source, const DirectoryClient& target) {
  FolderCopy(*plan_, options_, context_).add(source, target);
}

TransferReport Transfer::run() {
  const std::unique_ptr<TransferPlan> plan = std::exchange(plan_, std::make_unique<TransferPlan>());
  plan->keep_targets();
  Engine engine(options_, context_);
  const auto started = engine.clock().steady_now();
  engine.marks().expect(plan->files.size());
  tell_what_is_known(engine, *plan);
  run_removals(engine, plan->clearings);
  if (!options_.dry_run) {
    make_directories(engine, *plan);
  }
  Scheduler(engine, plan->files, true).run();
  run_removals(engine, plan->removals);
  return engine.counters().report(std::chrono::duration_cast<Duration>(engine.clock().steady_now() - started));
}

void upload_file(const std::string& source, const FileClient& target, const TransferOptions& options,
                 const CreateFileOptions& properties, const CallContext& context) {
  Transfer transfer(options, context);
  transfer.upload(source, target, properties);
  rethrow_failure(transfer.run());
}

void download_file(const FileClient& source, const std::string& target, const TransferOptions& options,
                   const CallContext& context) {
  Transfer transfer(options, context);
  transfer.download(source, target);
  rethrow_failure(transfer.run());
}

}  // namespace batchai::inline v1::files

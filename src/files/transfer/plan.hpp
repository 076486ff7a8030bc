#pragma once

#include "batchai/files/directory_client.hpp"
#include "batchai/files/file_client.hpp"
#include "batchai/files/transfer_options.hpp"
#include "files/transfer/file_job.hpp"
#include "files/transfer/filter.hpp"
#include "files/transfer/unchanged.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace batchai::inline v1::files {

/// By depth, deepest first.
using Removals = std::map<std::size_t, std::vector<PlannedStep>, std::greater<>>;

/// What a run is to do, in order: what is in the way is cleared, directories by their depth, files, removals.
class TransferPlan {
 public:
  struct Failure {
    std::string source;
    std::string target;
    std::exception_ptr error;
  };

  /// `depth`: those of the same depth do not need each other.
  void add_directory(std::size_t depth, PlannedStep step) { directories[depth].push_back(std::move(step)); }
  /// Fails the file when another one has the same target.
  void add_file(PlannedStep step);
  /// Takes back the removals of what other sources of the run bring.
  void keep_targets();
  /// A step of looking through sources and targets: an error with one of them fails that one only. Throws what concerns
  /// all: Cancelled, DeadlineExceeded, TransportError.
  template <class Step>
  void guarded(const std::string& source, const std::string& target, const Step& step) {
    try {
      step();
    } catch (const Error& error) {
      if (concerns_all(error)) {
        throw;
      }
      failures.push_back({source, target, std::current_exception()});
    }
  }

  /// With `delete_extra`, what is at the target where something of another kind has to go: a file in place of a
  /// directory, or the other way round.
  Removals clearings;
  std::map<std::size_t, std::vector<PlannedStep>> directories;
  std::vector<PlannedStep> files;
  Removals removals;
  /// While looking through sources and targets.
  std::vector<Failure> failures;
  /// What was left out, and why.
  std::vector<TransferEvent> left_out;

 private:
  static bool concerns_all(const Error& error);

  /// Keys of the files, with their sources.
  std::map<std::string, std::string> sources_;
};

/// Keys of steps.
std::string key_of(const FileClient& file);
std::string key_of(const DirectoryClient& directory);
std::string key_of(const std::filesystem::path& path);

/// A directory of a share in two ways.
struct RemoteDirectory {
  explicit RemoteDirectory(const DirectoryClient& given);
  /// One in it. Throws InvalidArgument for a name or a path that the service does not take, and EndlessList where so
  /// many are too deep that the service seems to list directories below themselves.
  RemoteDirectory directory(const std::string& name) const;

  /// For listing while a run is planned.
  DirectoryClient patient;
  /// For jobs: the engine repeats requests itself.
  DirectoryClient once;

 private:
  /// Of all below the directory that was given first.
  std::shared_ptr<int> too_deep_ = std::make_shared<int>(0);
};

/// Of a client that the engine uses.
FileClient once(const FileClient& given);

/// `SHARE/PATH`.
std::string shown_place(const FileClient& file);
std::string shown_place(const DirectoryClient& directory);
std::string shown_place(const DirectoryClient& directory, const std::string& name);

/// Entries of a directory by name; nothing when it is not there. Throws what listing throws.
std::map<std::string, DirectoryEntry> list_by_name(const DirectoryClient& directory, const CallContext& context);

/// Throws InvalidArgument for a name that is not allowed in a share.
void require_good_name(const std::string& name);

/// How many directories lead there.
std::size_t depth_of(const std::string& path);

/// Makes `target` unless it is there; `above`: also what is missing above it. A share is only looked for.
PlannedStep plan_directory(std::string source, const DirectoryClient& target, bool above);

/// What `present`, a complete listing of the directory, says about a file; nothing if the options do not need it.
Listed listed_in(const std::map<std::string, DirectoryEntry>& present, const std::string& name,
                 const TransferOptions& options);

/// Whether the options need to know what is at the target.
bool needs_look(const TransferOptions& options);

/// Removes from `directory` those of `present` that are not in `kept`, with all below them, as far as `filter` lets
/// them pass. `relative` is the directory's path below what is moved.
void plan_extra_removals(Removals& removals, const RemoteDirectory& directory, const std::string& relative,
                         const std::vector<std::string>& kept, const std::map<std::string, DirectoryEntry>& present,
                         const Filter& filter, const CallContext& context);

/// Removes what is in the way of `wanted`: the entry of `present` which has its name and is of the other kind.
void plan_clearing(TransferPlan& plan, const RemoteDirectory& directory, const std::string& relative,
                   const DirectoryEntry& wanted, const std::map<std::string, DirectoryEntry>& present,
                   const Filter& filter, const CallContext& context);

}  // namespace batchai::inline v1::files

#pragma once

#include "server/records/record.hpp"
#include "server/records/waiting_job.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::server {

/// A job that has not ended, as the scheduler sees it.
struct ActiveJob {
  std::int64_t sequence = 0;
  /// Key of the cluster.
  std::string cluster;
  int rank = 1;
  int node_count = 1;
  /// Has been created, has no nodes and is not being stopped: nothing of what follows is set then.
  bool only_waits = true;
  std::string key = {};
  bool creating = false;
  /// It has nodes and a run.
  bool on_nodes = false;
  /// Its run waits in the engine.
  bool run_waits = false;
  std::string run_id = {};
  bool handed_over = false;
  bool stopping = false;
  Timestamp started = {};

  bool operator==(const ActiveJob&) const = default;
};

/// What the scheduler must know of a document of kind `job`; nothing if the job has ended.
std::optional<ActiveJob> active_job(const Document& job);

/// The state of the scheduler: the jobs that have not ended. A store keeps it up to date with its documents, so that no
/// pass has to read all of them. Jobs that only wait take some 60 bytes each. Not thread-safe.
class ActiveJobs {
 public:
  /// Of all clusters.
  std::size_t count() const noexcept { return count_; }
  /// Of one.
  std::size_t count(std::string_view cluster) const;

  /// Of the jobs of a cluster that wait for nodes and want at most `largest` of them, the first ones in the order in
  /// which they get nodes: as many as `nodes` nodes are enough for, and the one after these.
  std::vector<WaitingJob> first_waiting(std::string_view cluster, int largest, std::int64_t nodes) const;
  /// Those of a cluster that do not only wait, in order of creation.
  std::vector<const ActiveJob*> busy(std::string_view cluster) const;
  /// Sequences of all jobs of a cluster, in order of creation.
  std::vector<std::int64_t> all(std::string_view cluster) const;
  /// Whether it is active and does not only wait.
  bool is_busy(std::int64_t sequence) const;
  /// The job whose run it is; null if there is none.
  const ActiveJob* of_run(std::string_view run_id) const;
  /// Jobs on nodes that are being stopped, or whose run the engine is not known to have; in order of creation.
  std::vector<const ActiveJob*> to_act_on() const { return these(to_act_on_); }
  /// All jobs on nodes, in order of creation.
  std::vector<const ActiveJob*> on_nodes() const { return these(on_nodes_); }

  /// Keys of the clusters of which a job has changed, or which were marked, since the last call.
  std::set<std::string, std::less<>> take_changed_clusters();
  void mark_changed(std::string_view cluster) { changed_.emplace(cluster); }

  /// For stores, when they are opened.
  void load(ActiveJob job) { insert(std::move(job)); }
  /// For stores. A job that is known already is replaced; its cluster, rank and number of nodes never change.
  void put(ActiveJob job);
  void erase(const ActiveJob& job);
  /// A job that has ended, if it was known.
  void erase(const Document& ended);

  /// For stores: `undo_to(mark())` takes back what has happened in between, `keep()` makes it final.
  std::size_t mark() const noexcept { return journal_.size(); }
  void undo_to(std::size_t mark);
  void keep() { journal_.clear(); }

  /// Whether both hold the same jobs.
  bool same_jobs(const ActiveJobs& other) const {
    return clusters_ == other.clusters_ && runs_ == other.runs_ && on_nodes_ == other.on_nodes_ &&
           to_act_on_ == other.to_act_on_ && count_ == other.count_;
  }

 private:
  /// The place of a job that only waits.
  struct Place {
    int rank = 1;
    std::int64_t sequence = 0;
    bool operator==(const Place&) const = default;
    bool operator<(const Place& other) const {
      return rank != other.rank ? rank < other.rank : sequence < other.sequence;
    }
  };
  struct Cluster {
    /// By the number of nodes that they want.
    std::map<int, std::set<Place>> waiting;
    std::map<std::int64_t, ActiveJob> busy;
    bool operator==(const Cluster&) const = default;
    const ActiveJob* find_busy(std::int64_t sequence) const;
  };
  struct Change {
    std::optional<ActiveJob> before;
    std::optional<ActiveJob> after;
  };

  std::optional<ActiveJob> find(const ActiveJob& job) const;
  void insert(ActiveJob job);
  void remove(const ActiveJob& job);
  const Cluster* cluster(std::string_view key) const;
  /// Busy jobs by sequence and cluster.
  std::vector<const ActiveJob*> these(const std::map<std::int64_t, std::string>& sequences) const;

  std::map<std::string, Cluster, std::less<>> clusters_;
  /// By run: cluster and sequence.
  std::map<std::string, std::pair<std::string, std::int64_t>, std::less<>> runs_;
  /// By sequence: the cluster.
  std::map<std::int64_t, std::string> on_nodes_;
  std::map<std::int64_t, std::string> to_act_on_;
  std::size_t count_ = 0;
  std::set<std::string, std::less<>> changed_;
  std::vector<Change> journal_;
};

/// Reads all jobs and throws std::logic_error if the transaction's active jobs are others. For debug builds and tests.
void check_active_jobs(Transaction& transaction);

}  // namespace batchai::server

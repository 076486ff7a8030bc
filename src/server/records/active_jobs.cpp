#include "server/records/active_jobs.hpp"

#include "server/records/job_record.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace batchai::server {

namespace {

bool needs_action(const ActiveJob& job) { return job.on_nodes && (job.stopping || !job.handed_over); }

/// What never changes of a job.
ActiveJob place_of(const Document& job, const nlohmann::json& shown) {
  return {.sequence = job.sequence,
          .cluster = text_at(job.hidden, "cluster"),
          .rank = priority_rank(text_at(shown, "schedulingPriority")),
          .node_count = shown.value("nodeCount", 1)};
}

}  // namespace

std::optional<ActiveJob> active_job(const Document& document) {
  const auto found = document.body.find("properties");
  if (found == document.body.end()) {
    return std::nullopt;
  }
  const auto& shown = *found;
  const std::string state = text_at(shown, "executionState");
  const bool queued = state == ExecutionState::kQueued;
  const bool on_nodes = state == ExecutionState::kRunning || state == ExecutionState::kTerminating ||
                        (queued && document.hidden.contains("runId"));
  if (!on_nodes && !queued) {
    return std::nullopt;
  }
  ActiveJob job = place_of(document, shown);
  job.creating = provisioning_state(document) == ProvisioningState::kCreating;
  job.on_nodes = on_nodes;
  job.run_waits = on_nodes && queued;
  job.only_waits = !job.creating && !on_nodes;
  if (job.only_waits) {
    return job;
  }
  job.key = document.key;
  if (on_nodes) {
    job.run_id = text_at(document.hidden, "runId");
    job.handed_over = document.hidden.value("handedOver", false);
    job.stopping = document.hidden.contains("stop");
    job.started = from_ticks(document.hidden.value("started", nlohmann::json(0)));
  }
  return job;
}

const ActiveJob* ActiveJobs::Cluster::find_busy(std::int64_t sequence) const {
  const auto found = busy.find(sequence);
  return found == busy.end() ? nullptr : &found->second;
}

const ActiveJobs::Cluster* ActiveJobs::cluster(std::string_view key) const {
  const auto found = clusters_.find(key);
  return found == clusters_.end() ? nullptr : &found->second;
}

std::size_t ActiveJobs::count(std::string_view key) const {
  const Cluster* jobs = cluster(key);
  if (jobs == nullptr) {
    return 0;
  }
  std::size_t result = jobs->busy.size();
  for (const auto& [node_count, places] : jobs->waiting) {
    result += places.size();
  }
  return result;
}

std::vector<WaitingJob> ActiveJobs::first_waiting(std::string_view key, int largest, std::int64_t nodes) const {
  std::vector<WaitingJob> result;
  const Cluster* jobs = cluster(key);
  if (jobs == nullptr) {
    return result;
  }
  // One queue for each number of nodes, merged.
  struct Queue {
    int node_count;
    std::set<Place>::const_iterator next;
    std::set<Place>::const_iterator end;
  };
  std::vector<Queue> queues;
  for (auto size = jobs->waiting.begin(); size != jobs->waiting.end() && size->first <= largest; ++size) {
    queues.push_back({size->first, size->second.begin(), size->second.end()});
  }
  while (!queues.empty() && nodes >= 0) {
    const auto first = std::min_element(queues.begin(), queues.end(),
                                        [](const Queue& a, const Queue& b) { return *a.next < *b.next; });
    result.push_back({.rank = first->next->rank, .sequence = first->next->sequence, .node_count = first->node_count});
    nodes -= first->node_count;
    if (++first->next == first->end) {
      queues.erase(first);
    }
  }
  return result;
}

std::vector<const ActiveJob*> ActiveJobs::busy(std::string_view key) const {
  std::vector<const ActiveJob*> result;
  if (const Cluster* jobs = cluster(key)) {
    for (const auto& [sequence, job] : jobs->busy) {
      result.push_back(&job);
    }
  }
  return result;
}

std::vector<std::int64_t> ActiveJobs::all(std::string_view key) const {
  std::vector<std::int64_t> result;
  if (const Cluster* jobs = cluster(key)) {
    for (const auto& [node_count, places] : jobs->waiting) {
      std::transform(places.begin(), places.end(), std::back_inserter(result),
                     [](const Place& place) { return place.sequence; });
    }
    std::transform(jobs->busy.begin(), jobs->busy.end(), std::back_inserter(result),
                   [](const auto& entry) { return entry.first; });
  }
  std::sort(result.begin(), result.end());
  return result;
}

bool ActiveJobs::is_busy(std::int64_t sequence) const {
  return std::any_of(clusters_.begin(), clusters_.end(),
                     [sequence](const auto& entry) { return entry.second.busy.contains(sequence); });
}

const ActiveJob* ActiveJobs::of_run(std::string_view run_id) const {
  const auto found = runs_.find(run_id);
  return found == runs_.end() ? nullptr : cluster(found->second.first)->find_busy(found->second.second);
}

std::vector<const ActiveJob*> ActiveJobs::these(const std::map<std::int64_t, std::string>& sequences) const {
  std::vector<const ActiveJob*> result;
  result.reserve(sequences.size());
  for (const auto& [sequence, key] : sequences) {
    result.push_back(cluster(key)->find_busy(sequence));
  }
  return result;
}

std::set<std::string, std::less<>> ActiveJobs::take_changed_clusters() { return std::exchange(changed_, {}); }

void ActiveJobs::put(ActiveJob job) {
  changed_.insert(job.cluster);
  auto before = find(job);
  if (before) {
    remove(*before);
  }
  insert(job);
  journal_.push_back({std::move(before), std::move(job)});
}

void ActiveJobs::erase(const ActiveJob& job) {
  if (auto before = find(job)) {
    changed_.insert(before->cluster);
    remove(*before);
    journal_.push_back({std::move(before), std::nullopt});
  }
}

void ActiveJobs::erase(const Document& ended) {
  erase(place_of(ended, ended.body.value("properties", nlohmann::json::object())));
}

void ActiveJobs::undo_to(std::size_t mark) {
  while (journal_.size() > mark) {
    const Change change = std::move(journal_.back());
    journal_.pop_back();
    if (change.after) {
      remove(*change.after);
    }
    if (change.before) {
      insert(*change.before);
    }
  }
}

std::optional<ActiveJob> ActiveJobs::find(const ActiveJob& job) const {
  const Cluster* jobs = cluster(job.cluster);
  if (jobs == nullptr) {
    return std::nullopt;
  }
  if (const ActiveJob* busy = jobs->find_busy(job.sequence)) {
    return *busy;
  }
  const auto queue = jobs->waiting.find(job.node_count);
  if (queue == jobs->waiting.end() || !queue->second.contains({job.rank, job.sequence})) {
    return std::nullopt;
  }
  return ActiveJob{.sequence = job.sequence, .cluster = job.cluster, .rank = job.rank, .node_count = job.node_count};
}

void ActiveJobs::insert(ActiveJob job) {
  ++count_;
  Cluster& jobs = clusters_[job.cluster];
  if (job.only_waits) {
    jobs.waiting[job.node_count].insert({job.rank, job.sequence});
    return;
  }
  if (job.on_nodes) {
    runs_[job.run_id] = {job.cluster, job.sequence};
    on_nodes_[job.sequence] = job.cluster;
  }
  if (needs_action(job)) {
    to_act_on_[job.sequence] = job.cluster;
  }
  const auto sequence = job.sequence;
  jobs.busy[sequence] = std::move(job);
}

void ActiveJobs::remove(const ActiveJob& job) {
  const auto found = clusters_.find(job.cluster);
  Cluster& jobs = found->second;
  --count_;
  if (job.only_waits) {
    const auto queue = jobs.waiting.find(job.node_count);
    queue->second.erase({job.rank, job.sequence});
    if (queue->second.empty()) {
      jobs.waiting.erase(queue);
    }
  } else {
    runs_.erase(job.run_id);
    on_nodes_.erase(job.sequence);
    to_act_on_.erase(job.sequence);
    jobs.busy.erase(job.sequence);
  }
  if (jobs.waiting.empty() && jobs.busy.empty()) {
    clusters_.erase(found);
  }
}

void check_active_jobs(Transaction& transaction) {
  ActiveJobs expected;
  for (const Document& document : transaction.list("job")) {
    if (auto job = active_job(document)) {
      expected.put(std::move(*job));
    }
  }
  if (!transaction.active_jobs().same_jobs(expected)) {
    throw std::logic_error("the state of the scheduler differs from the jobs in the store");
  }
}

}  // namespace batchai::server

#include "server/scheduling/gpu_share.hpp"

#include "server/records/cluster_record.hpp"
#include "server/records/vm_size.hpp"

#include <algorithm>
#include <numeric>

namespace batchai::server {

namespace {

void count_users(const ClusterRecord& cluster, std::vector<int>& users) {
  for (const auto& node : cluster.nodes) {
    for (const int gpu : node.gpus) {
      if (gpu >= 0 && static_cast<std::size_t>(gpu) < users.size()) {
        ++users[static_cast<std::size_t>(gpu)];
      }
    }
  }
}

}  // namespace

GpuShare::GpuShare(Transaction& transaction, const ClusterRecord& cluster, int all_gpus)
    : wanted_(static_cast<std::size_t>(std::clamp(gpus_of_vm_size(cluster.vm_size()), 0, std::max(all_gpus, 0)))) {
  if (wanted_ == 0) {
    return;
  }
  users_.resize(static_cast<std::size_t>(all_gpus));
  for (auto& document : transaction.list("cluster")) {
    if (document.key != cluster.key()) {
      count_users(ClusterRecord(std::move(document)), users_);
    }
  }
  count_users(cluster, users_);
}

std::vector<int> GpuShare::next() {
  std::vector<int> gpus(users_.size());
  std::iota(gpus.begin(), gpus.end(), 0);
  std::stable_sort(gpus.begin(), gpus.end(), [&](int a, int b) {
    return users_[static_cast<std::size_t>(a)] < users_[static_cast<std::size_t>(b)];
  });
  gpus.resize(wanted_);
  std::sort(gpus.begin(), gpus.end());
  for (const int gpu : gpus) {
    ++users_[static_cast<std::size_t>(gpu)];
  }
  return gpus;
}

}  // namespace batchai::server

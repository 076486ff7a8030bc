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

std::vector<int> share_of_gpus(Transaction& transaction, const ClusterRecord& cluster, int all_gpus) {
  const int wanted = std::min(gpus_of_vm_size(cluster.vm_size()), all_gpus);
  if (wanted <= 0) {
    return {};
  }
  std::vector<int> users(static_cast<std::size_t>(all_gpus));
  for (auto& document : transaction.list("cluster")) {
    if (document.key != cluster.key()) {
      count_users(ClusterRecord(std::move(document)), users);
    }
  }
  count_users(cluster, users);
  std::vector<int> gpus(users.size());
  std::iota(gpus.begin(), gpus.end(), 0);
  std::stable_sort(gpus.begin(), gpus.end(), [&](int a, int b) {
    return users[static_cast<std::size_t>(a)] < users[static_cast<std::size_t>(b)];
  });
  gpus.resize(static_cast<std::size_t>(wanted));
  std::sort(gpus.begin(), gpus.end());
  return gpus;
}

}  // namespace batchai::server

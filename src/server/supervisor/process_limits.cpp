#include "server/supervisor/process_limits.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace batchai::server {

namespace {

constexpr pid_t kThisProcess = 0;

/// Lowers a limit, which may be lower already.
void lower(pid_t process, __rlimit_resource resource, std::uint64_t most) {
  rlimit now{};
  if (most > 0 && ::prlimit(process, resource, nullptr, &now) == 0) {
    now.rlim_max = std::min<rlim_t>(now.rlim_max, most);
    now.rlim_cur = now.rlim_max;
    ::prlimit(process, resource, &now, nullptr);
  }
}

std::vector<int> own_processors() {
  cpu_set_t allowed;
  std::vector<int> result;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    for (int number = 0; number < CPU_SETSIZE; ++number) {
      if (CPU_ISSET(number, &allowed)) {
        result.push_back(number);
      }
    }
  }
  return result;
}

std::optional<cpu_set_t> processors_of(const RunPlan& plan) {
  const auto count = plan.limits.cpus * plan.nodes.size();
  const auto all = own_processors();
  if (count == 0 || count >= all.size()) {
    return std::nullopt;
  }
  cpu_set_t chosen;
  CPU_ZERO(&chosen);
  const auto first = std::hash<std::string>()(plan.run_id);
  for (std::uint64_t i = 0; i < count; ++i) {
    CPU_SET(all[(first + i) % all.size()], &chosen);
  }
  return chosen;
}

}  // namespace

ProcessLimits process_limits(const RunPlan& plan) {
  return {
      .open_files = plan.limits.open_files, .file_bytes = plan.limits.file_bytes, .processors = processors_of(plan)};
}

void take_limits(const ProcessLimits& limits) {
  lower(kThisProcess, RLIMIT_NOFILE, limits.open_files);
  lower(kThisProcess, RLIMIT_FSIZE, limits.file_bytes);
  if (limits.processors) {
    ::sched_setaffinity(0, sizeof *limits.processors, &*limits.processors);
  }
  constexpr std::string_view kEndedFirst = "500";
  const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  [[maybe_unused]] const auto written = ::write(score, kEndedFirst.data(), kEndedFirst.size());
  ::close(score);
}

void limit_tasks(pid_t process, std::uint64_t most) { lower(process, RLIMIT_NPROC, most); }

}  // namespace batchai::server

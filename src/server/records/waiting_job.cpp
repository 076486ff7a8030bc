#include "server/records/waiting_job.hpp"

#include "batchai/core/http.hpp"

namespace batchai::server {

int priority_rank(std::string_view priority) {
  const std::string lower = to_lower(priority);
  if (lower == "high") {
    return 0;
  }
  return lower == "low" ? 2 : 1;
}

}  // namespace batchai::server

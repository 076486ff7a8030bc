// error: use of deleted function | call to deleted member function | invokes a deleted function
#include "batchai/models/job.hpp"

bool is_over(const batchai::Job& job) {
#ifdef RIGHT
  return job.execution_state == batchai::ExecutionState::kSucceeded;
#else
  return job.execution_state == batchai::ProvisioningState::kSucceeded;
#endif
}

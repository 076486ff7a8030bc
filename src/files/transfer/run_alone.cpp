#include "files/transfer/run_alone.hpp"

#include "files/transfer/engine.hpp"
#include "files/transfer/scheduler.hpp"

#include <vector>

namespace batchai::inline v1::files {

void run_alone(PlannedStep step, const TransferOptions& options, const CallContext& context) {
  Engine engine(options, context);
  engine.counters().expect(1, step.size);
  std::vector<PlannedStep> steps;
  steps.push_back(std::move(step));
  Scheduler(engine, steps, true).run();
  const TransferReport report = engine.counters().report({});
  if (!report.failures.empty()) {
    std::rethrow_exception(report.failures.front().error);
  }
}

}  // namespace batchai::inline v1::files

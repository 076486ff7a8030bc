#pragma once

#include "cli/app/context.hpp"
#include "cli/app/resource_ids.hpp"
#include "cli/app/result.hpp"

namespace batchai::cli {

/// The result, once its wait is over.
Result with_its_wait(Result result);

/// Makes one call after the other, and then waits for what they began. The results are a list, unless there is one id
/// only. A call that fails is reported and does not stop the others.
Result run_by_ids(const CommandSpec& command, const CallsByIds& calls, Context& context);

}  // namespace batchai::cli

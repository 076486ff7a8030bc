#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

Toolkit chainer_toolkit() {
  return ToolkitRow<ChainerSettings>{"chainerSettings",
                                     ToolType::kChainer,
                                     &JobCreateParameters::chainer_settings,
                                     &Job::chainer_settings,
                                     complete_script<ChainerSettings>,
                                     plan_mpi_script<ChainerSettings>};
}

}  // namespace batchai::server

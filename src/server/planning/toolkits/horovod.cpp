#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

Toolkit horovod_toolkit() {
  return ToolkitRow<HorovodSettings>{"horovodSettings",
                                     ToolType::kHorovod,
                                     &JobCreateParameters::horovod_settings,
                                     &Job::horovod_settings,
                                     complete_script<HorovodSettings>,
                                     plan_mpi_script<HorovodSettings>};
}

}  // namespace batchai::server

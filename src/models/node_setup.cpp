#include "models/node_setup_tables.hpp"

namespace batchai::inline v1 {

BATCHAI_MODEL(SetupTask)
BATCHAI_MODEL(AppInsightsReference)
BATCHAI_MODEL(PerformanceCountersSettings)
BATCHAI_MODEL(NodeSetup)

}  // namespace batchai::inline v1

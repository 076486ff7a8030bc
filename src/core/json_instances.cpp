#include "core/json_instances.hpp"

BATCHAI_JSON_INSTANCES()

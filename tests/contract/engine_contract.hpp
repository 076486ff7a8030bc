#pragma once

// What every engine must do. Include it in one file of a test program and instantiate EngineContract and
// EngineOnNodes there with the kinds of engines to be tested.
#include "contract/engine_contract_lifetime.hpp"
#include "contract/engine_contract_nodes.hpp"
#include "contract/engine_contract_runs.hpp"

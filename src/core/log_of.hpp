#pragma once

#include "batchai/core/pipeline.hpp"

namespace batchai::inline v1 {

/// The sink of the options, without lines below their level; empty where there is none.
LogSink log_of(const ClientOptions& options);

}  // namespace batchai::inline v1

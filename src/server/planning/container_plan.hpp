#pragma once

#include "batchai/models/container.hpp"
#include "server/planning/job_expand.hpp"
#include "server/planning/job_plan.hpp"

namespace batchai::server {

/// The container that a job asks for. `variables` are those that the path of an archive may contain. Throws
/// JobPlanError (`FailedStartingContainer`) for an image that cannot be had.
RunContainer plan_container(const ContainerSettings& settings, const Variables& variables, const ContainerUse& use);

/// `FailedStartingContainer`.
JobPlanError container_error(const std::string& image, const std::string& reason);

}  // namespace batchai::server

#pragma once

#include "batchai/models/cluster.hpp"

namespace batchai::server {

/// Checks what a client sends for a new cluster and writes the defaults into it, as the service shows them afterwards:
/// upper-case size, priority, scale settings, image, modes of volumes. Throws ServiceFault 400 naming the member.
void complete_cluster(ClusterCreateParameters& parameters);

/// The same for scale settings alone, as PATCH has them.
void complete_scale(ScaleSettings& settings);

}  // namespace batchai::server

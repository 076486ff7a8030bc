#pragma once

#include <string_view>

namespace batchai::server {

/// GPUs of a virtual machine size (NC, NCv2, NCv3, ND and NV series), in any case; 0 for all others.
int gpus_of_vm_size(std::string_view vm_size);

/// Whether Batch AI makes clusters of it: STANDARD_A0 and the premium series GS, DS and DSv2 are left out.
bool vm_size_is_offered(std::string_view vm_size);

}  // namespace batchai::server

#pragma once

#include <string>
#include <string_view>

namespace batchai::server {

/// As the service shows a size: in upper case.
std::string shown_vm_size(std::string_view vm_size);

/// GPUs of a virtual machine size (NC, NCv2, NCv3, ND and NV series), in any case; 0 for all others.
int gpus_of_vm_size(std::string_view vm_size);

/// Virtual cores; 1 for sizes whose name does not say.
int cores_of_vm_size(std::string_view vm_size);

/// The family that quotas are counted by, as `Dv2` or `NC`; empty for names that are not of that form.
std::string family_of_vm_size(std::string_view vm_size);

/// Whether premium disks can be put into machines of this size: Azure marks these with an S.
bool vm_size_takes_premium_disks(std::string_view vm_size);

/// Whether Batch AI makes clusters of it: STANDARD_A0 and the premium series GS, DS and DSv2 are left out.
bool vm_size_is_offered(std::string_view vm_size);

}  // namespace batchai::server

#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// The GPUs of this machine.
namespace batchai::server {

/// How many GPUs there are: devices `nvidia0`, `nvidia1`, … without a gap.
int count_gpus(const std::filesystem::path& devices = "/dev");

/// For CUDA_VISIBLE_DEVICES: `0,1`; empty, which hides all, for none.
std::string visible_devices(const std::vector<int>& gpus);

}  // namespace batchai::server

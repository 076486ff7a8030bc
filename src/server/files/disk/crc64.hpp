#pragma once

#include <string>
#include <string_view>

namespace batchai::server::files {

/// The CRC of Azure Storage's x-ms-content-crc64 headers: CRC-64/NVME (reflected polynomial 0x9A6C9329AC4BC9B5), as
/// eight bytes with the lowest first.
std::string crc64(std::string_view bytes);

}  // namespace batchai::server::files

#pragma once

/// Versions of the service at which answers change.
namespace batchai::server::files::versions {

inline constexpr const char* kStatsInBytes = "2018-11-09";
inline constexpr const char* kSmbProperties = "2019-02-02";
inline constexpr const char* kFileLeases = "2019-02-02";
inline constexpr const char* kMd5OnRequest = "2019-02-02";
inline constexpr const char* kSoftDelete = "2019-12-12";
inline constexpr const char* kShareLeases = "2020-02-10";
inline constexpr const char* kExtendedListing = "2020-04-08";
inline constexpr const char* kSettableWriteTime = "2021-06-08";
inline constexpr const char* kEncodedNames = "2021-12-02";
inline constexpr const char* kBearer = "2022-11-02";

}  // namespace batchai::server::files::versions

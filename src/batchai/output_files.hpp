#pragma once

#include "batchai/batchai/job_output.hpp"
#include "batchai/batchai/job_waiting.hpp"
#include "batchai/batchai/jobs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace batchai::inline v1 {

/// The entries of a directory of a job's output, page by page. A path that is not there, or a file, has none.
Pageable<File> output_pages(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                            const CallContext& context, std::optional<int> expiry_minutes = {});

/// Throws OutputNotFound unless the directory above knows it. For a directory that has no entries.
void require_output_directory(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                              const CallContext& context, std::optional<int> expiry_minutes = {});

/// The entry of a file as it is now; none where it is not there any more.
std::optional<File> fresh_output(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                                 const std::string& name, const CallContext& context);

/// A fresh signed URL of a file; empty where it is not there any more.
std::string fresh_output_url(const JobsClient& jobs, const JobRef& job, const OutputPlace& place,
                             const std::string& name, const CallContext& context);

}  // namespace batchai::inline v1

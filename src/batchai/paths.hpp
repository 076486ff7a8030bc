#pragma once

#include "arm/channel.hpp"

#include <string_view>

// URLs of Batch AI 2018-05-01. All check the names and throw InvalidArgument.

namespace batchai::inline v1 {

constexpr std::string_view kBatchAiProvider = "Microsoft.BatchAI";
constexpr std::string_view kBatchAiVersion = "2018-05-01";

/// All workspaces of a group.
Url workspaces_url(const Channel& channel, std::string_view group);
Url workspace_url(const Channel& channel, std::string_view group, std::string_view workspace);
Url cluster_url(const Channel& channel, std::string_view group, std::string_view workspace, std::string_view cluster);
Url file_server_url(const Channel& channel, std::string_view group, std::string_view workspace,
                    std::string_view file_server);
Url experiment_url(const Channel& channel, std::string_view group, std::string_view workspace,
                   std::string_view experiment);
Url job_url(const Channel& channel, std::string_view group, std::string_view workspace, std::string_view experiment,
            std::string_view job);

}  // namespace batchai::inline v1

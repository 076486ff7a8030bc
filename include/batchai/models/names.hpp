#pragma once

#include "batchai/version.hpp"

#include <string_view>

BATCHAI_NAMESPACE_BEGIN

// The rules for names in paths (Batch AI 2018-05-01 path parameters; Azure Resource Manager for groups and accounts).
// Each function throws InvalidArgument naming the value and the rule. `\w` counts as ASCII.

/// Workspace, cluster, experiment, job, file server: 1 to 64 of letters, digits, `-` and `_`. `what` begins the
/// message, as `workspace name`.
void check_name(std::string_view name, std::string_view what);
/// 1 to 90 of letters, digits, `-`, `_`, `.`, `(` and `)`, the last not a full stop.
void check_group_name(std::string_view name);
/// The same without parentheses: Batch AI cannot be used in groups that have them.
void check_batchai_group_name(std::string_view name);
/// 1 to 64 of letters, digits, `-`, `_` and `.`.
void check_location(std::string_view location);
/// Letters, digits and dashes; a GUID in practice.
void check_subscription(std::string_view subscription);
/// As `Microsoft.BatchAI`: words of letters and digits, joined by full stops.
void check_provider_namespace(std::string_view provider_namespace);
/// 3 to 24 of lower-case letters and digits.
void check_storage_account_name(std::string_view name);

BATCHAI_NAMESPACE_END

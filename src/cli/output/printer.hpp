#pragma once

#include "cli/frame/command.hpp"
#include "cli/frame/streams.hpp"

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// json, jsonc, yaml, yamlc, table, tsv, none.
const std::vector<std::string_view>& output_formats();

/// Prints a result in one of the formats. `columns` describe the table; without them it shows the scalar members.
/// Throws OutputError.
void print_result(std::ostream& out, const nlohmann::json& value, const std::string& format,
                  std::span<const Column> columns, bool colour);

/// One by one: what print_result is made of.
std::string to_yaml(const nlohmann::json& value);
std::string to_table(const nlohmann::json& value, std::span<const Column> columns);
std::string to_tsv(const nlohmann::json& value);
std::string to_json_text(const nlohmann::json& value, bool colour);

}  // namespace batchai::cli

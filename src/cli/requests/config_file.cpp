#include "cli/requests/config_file.hpp"

#include "cli/output/unknown_members.hpp"
#include "core/private_file.hpp"

#include <iterator>
#include <utility>

namespace batchai::cli {
namespace {

/// `line 3, column 14` of a byte offset, both counted from 1.
std::string place_of(const std::string& text, std::size_t offset) {
  const std::string before = text.substr(0, offset == 0 ? 0 : offset - 1);
  const std::size_t line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_begin = before.rfind('\n') == std::string::npos ? 0 : before.rfind('\n') + 1;
  return std::to_string(line) + ":" + std::to_string(before.size() - line_begin + 1);
}

/// The content, of standard input for `-`; nothing if there is no such file.
std::optional<std::string> text_of(const std::string& path, const Context& context) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(context.io.in), {});
  }
  try {
    return read_file(context.settings.environment().with_home(path));
  } catch (const std::exception& error) {  // a folder, or a file of another user
    throw UsageError(std::string("config file: ") + error.what());
  }
}

/// What is wrong, without the text around it, which may hold secrets.
std::string reason_of(const nlohmann::json::parse_error& error) {
  std::string reason = error.what();
  if (const std::size_t colon = reason.rfind("; expected "); colon != std::string::npos) {
    return reason.substr(colon + 2);
  }
  return reason.find("unexpected end of input") != std::string::npos ? "the text ends too early" : "not a JSON value";
}

void warn_of_unknown_members(const nlohmann::json& document, const std::string& path, std::string_view type,
                             const Context& context) {
  for (const UnknownMember& member : unknown_members(document, type)) {
    context.warn(path + ": " + member.path + " is unknown and not sent" +
                 (member.suggestion.empty() ? "" : "; did you mean " + member.suggestion + "?"));
  }
}

/// Adds the members that `object` has not or has as null.
void fill_in(nlohmann::json& object, const nlohmann::json& stand_ins) {
  for (const auto& [name, value] : stand_ins.items()) {
    nlohmann::json& present = object[name];
    if (present.is_null()) {
      present = value;
    } else if (present.is_object() && value.is_object()) {
      fill_in(present, value);
    }
  }
}

/// What volumes lack is filled in later, or has an error message of its own.
void stand_in_for_accounts(nlohmann::json& volumes) {
  for (const auto& [kind, place] :
       {std::pair("azureFileShares", "azureFileUrl"), std::pair("azureBlobFileSystems", "containerName")}) {
    nlohmann::json none = nlohmann::json::array();
    nlohmann::json& all = volumes.is_object() && volumes.contains(kind) ? volumes[kind] : none;
    for (nlohmann::json& volume : all.is_array() ? all : none) {
      if (volume.is_object()) {
        fill_in(volume, {{"credentials", nlohmann::json::object()}, {"accountName", ""}, {place, ""}});
      }
    }
  }
}

}  // namespace

nlohmann::json completed_config(nlohmann::json document, const nlohmann::json& stand_ins) {
  fill_in(document, stand_ins);
  for (const char* volumes : {"/properties/mountVolumes", "/properties/nodeSetup/mountVolumes"}) {
    const nlohmann::json::json_pointer place(volumes);
    if (document.contains(place)) {
      stand_in_for_accounts(document[place]);
    }
  }
  return document;
}

std::string config_file_name(const std::string& path) { return path == "-" ? "standard input" : path; }

nlohmann::json read_config_json(const std::string& given, std::string_view type, const Context& context) {
  const std::optional<std::string> text = text_of(given, context);
  if (!text) {
    throw UsageError("there is no config file '" + given + "'");
  }
  const std::string path = config_file_name(given);
  try {
    const nlohmann::json document = nlohmann::json::parse(*text);
    if (!document.is_object()) {
      throw UsageError(path + ": expected a JSON object");
    }
    warn_of_unknown_members(document, path, type, context);
    return drop_unknown_members(document, type);
  } catch (const nlohmann::json::parse_error& error) {
    throw UsageError(path + ":" + place_of(*text, error.byte) + ": broken JSON: " + reason_of(error));
  }
}

}  // namespace batchai::cli

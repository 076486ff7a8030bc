#include "server/program/config_file.hpp"

#include "core/private_file.hpp"
#include "server/program/settings.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

using nlohmann::json;

/// Refuses members that occur twice in an object: JSON parsers silently take the last one.
class RepetitionCheck {
 public:
  bool operator()(int, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) {
      objects_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      objects_.pop_back();
    } else if (event == json::parse_event_t::key && !objects_.back().insert(parsed.get<std::string>()).second) {
      throw SettingError("stands twice: '" + parsed.get<std::string>() + "'");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> objects_;
};

/// What the parser says behind its own prefix, as `parse error at line 3, column 5: …`.
std::string plain_reason(const json::exception& error) {
  const std::string text = error.what();
  const std::size_t begin = text.find("] ");
  return begin == std::string::npos ? text : text.substr(begin + 2);
}

class ConfigFile {
 public:
  ConfigFile(std::filesystem::path file, ServerOptions& options) : file_(std::move(file)), options_(options) {}

  void apply() {
    const json document = parse(read());
    if (!document.is_object()) {
      throw error("has to hold a JSON object, not " + std::string(document.type_name()));
    }
    for (const auto& [name, value] : document.items()) {
      is_section(name) ? apply_section(name, value) : apply_member("", name, value);
    }
  }

 private:
  UsageError error(const std::string& what) const {
    return UsageError("the configuration file " + file_.string() + " " + what);
  }

  std::string read() const {
    try {
      if (auto text = read_file(file_)) {
        return std::move(*text);
      }
    } catch (const std::system_error& failure) {
      throw error("cannot be read: " + failure.code().message());
    }
    throw error("does not exist");
  }

  json parse(const std::string& text) const {
    try {
      // The parser copies its callback.
      return json::parse(
          text, [check = std::make_shared<RepetitionCheck>()](int depth, json::parse_event_t event, json& parsed) {
            return (*check)(depth, event, parsed);
          });
    } catch (const json::exception& failure) {
      throw error("is not valid JSON: " + plain_reason(failure));
    } catch (const SettingError& failure) {
      throw error("has a member that " + std::string(failure.what()));
    }
  }

  static bool is_section(const std::string& name) {
    return std::any_of(settings().begin(), settings().end(),
                       [&](const Setting& setting) { return !setting.section.empty() && setting.section == name; });
  }

  void apply_section(const std::string& section, const json& members) {
    if (!members.is_object()) {
      throw error("has the member '" + section + "', which has to be an object");
    }
    for (const auto& [name, value] : members.items()) {
      apply_member(section, name, value);
    }
  }

  void apply_member(const std::string& section, const std::string& name, const json& value) {
    const std::string path = section.empty() ? name : section + "." + name;
    const auto& all = settings();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Setting& setting) {
      return setting.section == section && (setting.name == name || camel_case(setting.name) == name);
    });
    if (found == all.end()) {
      throw error("has the member '" + path + "', which is not a setting");
    }
    if (!seen_.insert(&*found).second) {
      throw error("has the member '" + path + "' in two spellings");
    }
    try {
      found->set(options_, text_of(*found, value));
    } catch (const SettingError& failure) {
      throw error("has the member '" + path + "', which " + failure.what());
    }
  }

  static std::string text_of(const Setting& setting, const json& value) {
    switch (setting.kind) {
      case Setting::Kind::Number:
        return value.is_number_integer() ? value.dump() : throw wrong_type("a whole number", value);
      case Setting::Kind::Flag:
        return value.is_boolean() ? value.dump() : throw wrong_type("true or false", value);
      case Setting::Kind::Text:
        break;
    }
    return value.is_string() ? value.get<std::string>() : throw wrong_type("a string", value);
  }

  static SettingError wrong_type(const std::string& wanted, const json& value) {
    return SettingError("takes " + wanted + ", not " +
                        (value.is_structured() ? "an " + std::string(value.type_name()) : value.dump()));
  }

  std::filesystem::path file_;
  ServerOptions& options_;
  std::set<const Setting*> seen_;
};

}  // namespace

void apply_config_file(const std::filesystem::path& file, ServerOptions& options) { ConfigFile(file, options).apply(); }

}  // namespace batchai::server

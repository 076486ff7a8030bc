#include "cli/config/ini.hpp"

#include "cli/frame/errors.hpp"

namespace batchai::cli {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

Ini Ini::parse(std::string_view text, const std::string& source) {
  Ini ini;
  std::string section;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') {
      continue;
    }
    const std::size_t equals = line.find('=');
    if (line.front() == '[' && line.back() == ']') {
      section = trim(line.substr(1, line.size() - 2));
    } else if (equals != std::string_view::npos && equals > 0) {
      ini.sections_[section].insert_or_assign(std::string(trim(line.substr(0, equals))),
                                              std::string(trim(line.substr(equals + 1))));
    } else {
      throw UsageError(source + ":" + std::to_string(number) + ": expected '[section]' or 'key = value'");
    }
  }
  return ini;
}

std::optional<std::string> Ini::find(std::string_view section, std::string_view key) const {
  const auto in = sections_.find(section);
  if (in == sections_.end()) {
    return std::nullopt;
  }
  const auto found = in->second.find(key);
  return found == in->second.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
}

void Ini::set(const std::string& section, const std::string& key, const std::string& value) {
  if (value.find_first_of("\r\n") != std::string::npos) {
    throw UsageError("the value of '" + key + "' must be one line");
  }
  if (trim(value) != value) {
    throw UsageError("the value of '" + key + "' must not begin or end with a blank");
  }
  if (value.empty()) {
    if (const auto in = sections_.find(section); in != sections_.end()) {
      in->second.erase(key);
    }
    return;
  }
  sections_[section].insert_or_assign(key, value);
}

std::string Ini::to_text() const {
  std::string text;
  for (const auto& [name, section] : sections_) {
    if (section.empty()) {
      continue;
    }
    text += (text.empty() ? "[" : "\n[") + name + "]\n";
    for (const auto& [key, value] : section) {
      text += key + " = " + value + "\n";
    }
  }
  return text;
}

}  // namespace batchai::cli

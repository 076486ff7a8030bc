#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::cli {

/// `[section]` lines with `key = value` below them; `#` and `;` begin comment lines. Values are single lines, taken as
/// they are except for blanks around them.
class Ini {
 public:
  /// `source` is named in the UsageError for a line that is none of these.
  static Ini parse(std::string_view text, const std::string& source);

  std::optional<std::string> find(std::string_view section, std::string_view key) const;
  /// The value, or the empty string.
  std::string get(std::string_view section, std::string_view key) const { return find(section, key).value_or(""); }
  /// An empty value removes the key. Throws UsageError for a value with a line end or with blanks around it, which the
  /// format cannot hold.
  void set(const std::string& section, const std::string& key, const std::string& value);
  std::string to_text() const;

 private:
  using Section = std::map<std::string, std::string, std::less<>>;
  std::map<std::string, Section, std::less<>> sections_;
};

}  // namespace batchai::cli

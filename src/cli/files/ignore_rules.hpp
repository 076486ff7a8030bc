#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace batchai::cli {

/// The patterns of one file written as `.gitignore` (gitignore(5)): which entries below its folder are left out.
class IgnoreRules {
 public:
  explicit IgnoreRules(std::string_view text);
  /// `path` is below the folder, with slashes between its parts. The last pattern that matches decides. What is in a
  /// folder that is left out need not be asked for, and cannot be taken in again.
  bool leaves_out(const std::string& path, bool is_folder) const;

 private:
  struct Rule {
    /// Of a pattern that begins with `!`.
    bool takes_in = false;
    bool folders_only = false;
    /// Of the path; `**` stands for any number of parts.
    std::vector<std::string> parts = {};
  };
  void add(std::string_view line);

  std::vector<Rule> rules_;
};

}  // namespace batchai::cli

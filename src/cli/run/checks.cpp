#include "cli/run/checks.hpp"

#include "cli/frame/errors.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace batchai::cli {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_letter(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_word_letter); }

[[noreturn]] void refuse_value(std::string_view option, const std::string& value, const std::string& reason) {
  throw UsageError((option.empty() ? "" : std::string(option) + ": ") + "'" + value + "' " + reason);
}

}  // namespace

void check_text(std::string_view what, const std::string& text) {
  if (!is_utf8(text)) {
    refuse_value(what, text, "is not UTF-8: a job can have no such text");
  }
}

void check_directory_id(std::string_view option, const std::string& id) {
  if (!is_word(id)) {
    refuse_value(option, id, "is not allowed: an id has letters, digits and _");
  }
  if (id == "stdouterr") {
    refuse_value(option, id, "is the id of the job's logs");
  }
}

void check_variable_name(std::string_view option, const std::string& name) {
  if (!is_word(name) || is_digit(name.front())) {
    refuse_value(option, name, "is not allowed: a variable's name has letters, digits and _, and no digit in front");
  }
}

void check_local_folder(std::string_view option, const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  fs::path there = fs::absolute(folder);
  while (!fs::exists(fs::symlink_status(there, unknown)) && there.has_relative_path()) {
    there = there.parent_path();
  }
  if (!fs::is_directory(there, unknown)) {
    refuse_value(option, there.string(), "is not a folder");
  }
  if (::access(there.c_str(), W_OK | X_OK) != 0) {
    refuse_value(option, there.string(), "cannot be written to: " + std::generic_category().message(errno));
  }
}

}  // namespace batchai::cli

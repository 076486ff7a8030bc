#include "server/planning/toolkits/checks.hpp"

#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"

namespace batchai::server {

bool is_given(const std::optional<std::string>& text) { return text && !text->empty(); }

void complete_process_count(const std::string& target, std::optional<std::int32_t>& count, std::int32_t node_count) {
  count = count.value_or(node_count);
  if (*count < 1) {
    throw invalid_content(target + ".processCount", target + ".processCount: expected at least 1");
  }
}

void check_script(const std::string& target, const std::string& path) {
  require_text(target + ".pythonScriptFilePath", path);
}

void refuse_given(const std::string& target, const std::optional<std::string>& value, const std::string& reason) {
  if (is_given(value)) {
    throw invalid_content(target, target + ": " + reason);
  }
}

}  // namespace batchai::server

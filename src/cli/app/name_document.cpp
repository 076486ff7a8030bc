#include "cli/app/name_document.hpp"

#include "core/name_text.hpp"

namespace batchai::cli {

void set_name(nlohmann::json& document, const std::string& name) {
  NameText text = to_name_text(name);
  document["name"] = std::move(text.text);
  if (text.encoded) {
    document["encoded"] = true;
  }
}

}  // namespace batchai::cli

#include "cli/app/result.hpp"

namespace batchai::cli {

Result collected(Result result) {
  if (!result.pages) {
    return result;
  }
  result.value = nlohmann::json::array();
  for (bool last = false; !last;) {
    ItemPage page = result.pages();
    last = page.last;
    for (nlohmann::json& item : page.items) {
      result.value.push_back(std::move(item));
    }
  }
  result.pages = nullptr;
  return result;
}

}  // namespace batchai::cli

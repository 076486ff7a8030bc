#include "cli/app/page_reader.hpp"

#include <system_error>

namespace batchai::cli {

PageReader::~PageReader() {
  if (ahead_.valid()) {
    stop_();
    ahead_.wait();
  }
}

std::optional<nlohmann::json> PageReader::next() {
  if (over_) {
    return std::nullopt;
  }
  ItemPage page = ahead_.valid() ? ahead_.get() : fetch_();
  over_ = page.last;
  if (!over_) {
    try {
      ahead_ = std::async(std::launch::async, [this] { return fetch_(); });
    } catch (const std::system_error&) {  // this machine gives no more threads: then it is fetched when it is needed
    }
  }
  return std::move(page.items);
}

}  // namespace batchai::cli

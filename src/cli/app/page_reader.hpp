#pragma once

#include "cli/app/item_pages.hpp"

#include <functional>
#include <future>
#include <optional>

namespace batchai::cli {

/// Reads a list one page ahead: while the caller works on a page, the next one is fetched on another thread. Not
/// thread-safe.
class PageReader {
 public:
  /// `stop` makes a fetch that is under way end soon; called when the rest of the list is not wanted.
  PageReader(FetchPage fetch, std::function<void()> stop) : fetch_(std::move(fetch)), stop_(std::move(stop)) {}
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;
  ~PageReader();

  /// The items of the next page; nothing after the last one. Throws what fetching it has thrown.
  std::optional<nlohmann::json> next();

 private:
  FetchPage fetch_;
  std::function<void()> stop_;
  std::future<ItemPage> ahead_;
  bool over_ = false;
};

}  // namespace batchai::cli

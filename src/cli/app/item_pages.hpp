#pragma once

#include "batchai/core/pageable.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// Some items of a list, in their order, as documents.
struct ItemPage {
  nlohmann::json items = nlohmann::json::array();
  bool last = true;
};

/// Fetches the next page of a list. Not to be called after the last one, nor by two threads at a time.
using FetchPage = std::function<ItemPage()>;

/// `document` makes the document of an item, or none for one that is left out.
template <class T, class Document>
FetchPage fetch_pages(Pageable<T> list, Document document) {
  return [pages = std::make_shared<Pageable<T>>(std::move(list)), document = std::move(document)] {
    const std::optional<Page<T>> page = pages->next_page();
    ItemPage found{.last = !page || page->next_link.empty()};
    if (page) {
      for (const T& item : page->items) {
        if (std::optional<nlohmann::json> shown = document(item)) {
          found.items.push_back(*std::move(shown));
        }
      }
    }
    return found;
  };
}

}  // namespace batchai::cli

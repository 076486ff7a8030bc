#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace batchai {

/// One answer of a list call.
template <class T>
struct Page {
  std::vector<T> items;
  /// Where the next page is, opaque; empty on the last one.
  std::string next_link = {};
};

/// A list that fetches a page only when it is needed, and walks over empty ones. Single pass: iterate it once.
/// Moving on throws what a request throws.
template <class T>
class Pageable {
 public:
  /// `fetch` gets the empty string for the first page, later the next_link of the page before.
  using Fetch = std::function<Page<T>(const std::string& link)>;

  explicit Pageable(Fetch fetch) : fetch_(std::move(fetch)) {}

  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;

    explicit Iterator(Pageable* list) : list_(list) { list_->settle(); }
    T& operator*() const { return list_->page_.items[list_->index_]; }
    T* operator->() const { return &**this; }
    Iterator& operator++() {
      ++list_->index_;
      list_->settle();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) { return it.over(); }

   private:
    bool over() const { return list_->at_end(); }
    Pageable* list_;
  };

  Iterator begin() { return Iterator(this); }
  std::default_sentinel_t end() const { return {}; }

  /// The next whole page, for those who need its link; nothing after the last one. Not to be mixed with iterating.
  std::optional<Page<T>> next_page() {
    if (done_) {
      return std::nullopt;
    }
    Page<T> page = fetch_(link_);
    advance(page);
    return page;
  }

  std::vector<T> to_vector() {
    std::vector<T> all;
    for (T& item : *this) {
      all.push_back(std::move(item));
    }
    return all;
  }

 private:
  void advance(const Page<T>& page) {
    link_ = page.next_link;
    done_ = link_.empty();
  }
  bool at_end() const { return done_ && index_ >= page_.items.size(); }
  void settle() {
    while (index_ >= page_.items.size() && !done_) {
      page_ = fetch_(link_);
      index_ = 0;
      advance(page_);
    }
  }

  Fetch fetch_;
  Page<T> page_;
  std::size_t index_ = 0;
  std::string link_;
  bool done_ = false;
};

}  // namespace batchai

#pragma once

#include "batchai/core/error.hpp"
#include "batchai/version.hpp"

#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

/// One answer of a list call.
template <class T>
struct Page {
  std::vector<T> items;
  /// Where the next page is, opaque; empty on the last one.
  std::string next_link = {};
};

/// A list that fetches a page only when it is needed, and walks over empty ones. Single pass: iterate it once.
/// Moving on throws what a request throws, and EndlessList for a list that does not end: a link that comes a second
/// time, or a thousand empty pages in a row.
template <class T>
class [[nodiscard]] Pageable {
 public:
  /// `fetch` gets the empty string for the first page, later the next_link of the page before.
  using Fetch = std::function<Page<T>(const std::string& link)>;

  /// Made by functions that are called `list…`.
  explicit Pageable(Fetch fetch) : fetch_(std::move(fetch)) {}

  /// Walks through a list; an input iterator. As its list, it belongs to one thread at a time.
  class Iterator {
   public:
    /// As every input iterator has it.
    using value_type = T;
    /// The same.
    using difference_type = std::ptrdiff_t;

    /// Made by Pageable::begin; `list` has to outlive it.
    explicit Iterator(Pageable* list) : list_(list) { list_->skip_empty_pages(); }
    /// The item; it may be moved from.
    T& operator*() const { return list_->page_.items[list_->index_]; }
    /// The same.
    T* operator->() const { return &**this; }
    /// The next item; fetches a page where the last one is over.
    Iterator& operator++() {
      ++list_->index_;
      list_->skip_empty_pages();
      return *this;
    }
    /// The same.
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) { return it.over(); }

   private:
    bool over() const { return list_->at_end(); }
    Pageable* list_;
  };

  /// Fetches the first page that is not empty. To be called once.
  [[nodiscard]] Iterator begin() & { return Iterator(this); }
  Iterator begin() && = delete;
  /// Where iterating ends.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  /// The next whole page, for those who need its link; nothing after the last one. Not to be mixed with iterating.
  [[nodiscard]] std::optional<Page<T>> next_page() {
    if (done_) {
      return std::nullopt;
    }
    Page<T> page = fetch_(link_);
    advance(page);
    return page;
  }

  /// All of it. To be called once, in place of iterating.
  [[nodiscard]] std::vector<T> to_vector() {
    std::vector<T> all;
    for (T& item : *this) {
      all.push_back(std::move(item));
    }
    return all;
  }

 private:
  static constexpr int kMostEmptyPages = 1'000;

  void advance(const Page<T>& page) {
    link_ = page.next_link;
    done_ = link_.empty();
    if (!done_ && !links_.insert(link_).second) {
      throw EndlessList("the service's list does not end: a page of it leads back to an earlier one");
    }
    empty_pages_ = page.items.empty() ? empty_pages_ + 1 : 0;
    if (!done_ && empty_pages_ >= kMostEmptyPages) {
      throw EndlessList("the service's list does not end: " + std::to_string(kMostEmptyPages) +
                        " pages in a row are empty");
    }
  }
  bool at_end() const { return done_ && index_ >= page_.items.size(); }
  void skip_empty_pages() {
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
  /// All so far.
  std::unordered_set<std::string> links_;
  int empty_pages_ = 0;
  bool done_ = false;
};

BATCHAI_NAMESPACE_END

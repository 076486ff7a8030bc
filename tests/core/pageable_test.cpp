#include "batchai/core/pageable.hpp"

#include <gtest/gtest.h>

namespace batchai {
namespace {

class Pages {
 public:
  Pageable<int> list() {
    return Pageable<int>([this](const std::string& link) {
      links.push_back(link);
      return pages.at(links.size() - 1);
    });
  }
  std::vector<Page<int>> pages = {{{1, 2}, "b"}, {{}, "c"}, {{3}, ""}};
  std::vector<std::string> links;
};

TEST(Pageable, FetchesNothingBeforeItIsAsked) {
  Pages pages;
  auto list = pages.list();
  EXPECT_TRUE(pages.links.empty());
}

TEST(Pageable, WalksOverAnEmptyPageAndEnds) {
  Pages pages;
  EXPECT_EQ(pages.list().to_vector(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(pages.links, (std::vector<std::string>{"", "b", "c"}));
}

TEST(Pageable, FetchesTheNextPageOnlyWhenNeeded) {
  Pages pages;
  auto list = pages.list();
  auto it = list.begin();
  EXPECT_EQ(*it, 1);
  ++it;
  EXPECT_EQ(pages.links.size(), 1U);
  ++it;
  EXPECT_EQ(*it, 3);
}

TEST(Pageable, OffersWholePages) {
  Pages pages;
  auto list = pages.list();
  EXPECT_EQ(list.next_page()->next_link, "b");
  EXPECT_TRUE(list.next_page()->items.empty());
  EXPECT_EQ(list.next_page()->items.front(), 3);
  EXPECT_FALSE(list.next_page());
}

TEST(Pageable, OfNothingIsEmpty) {
  Pages pages;
  pages.pages = {{{}, ""}};
  auto list = pages.list();
  EXPECT_TRUE(list.begin() == list.end());
}

}  // namespace
}  // namespace batchai

#include "batchai/core/pageable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
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

std::string refusal(const std::function<void()>& walk) {
  try {
    walk();
  } catch (const ProtocolError& error) {
    return error.what();
  }
  return "none";
}

TEST(Pageable, EndsWithAnErrorWhenALinkComesASecondTime) {
  for (const std::vector<std::string>& circle :
       {std::vector<std::string>{"a", "a"}, {"a", "b", "a"}, {"a", "b", "c", "b"}}) {
    Pages pages;
    pages.pages.clear();
    for (const std::string& link : circle) {
      pages.pages.push_back({{1}, link});
    }
    EXPECT_EQ(refusal([&] { pages.list().to_vector(); }),
              "the service's list does not end: a page of it leads back to an earlier one");
    EXPECT_EQ(pages.links.size(), circle.size());
  }
}

TEST(Pageable, EndsWithAnErrorForWholePagesToo) {
  Pages pages;
  pages.pages = {{{1}, "a"}, {{2}, "a"}};
  auto list = pages.list();
  EXPECT_EQ(list.next_page()->items.front(), 1);
  EXPECT_THROW(list.next_page(), ProtocolError);
}

TEST(Pageable, EndsWithAnErrorWhenNothingButEmptyPagesComes) {
  int fetched = 0;
  Pageable<int> list([&](const std::string&) { return Page<int>{{}, std::to_string(++fetched)}; });
  EXPECT_THAT(refusal([&] { list.to_vector(); }), ::testing::HasSubstr("1000 pages in a row are empty"));
  EXPECT_EQ(fetched, 1000);
}

TEST(Pageable, TakesManyEmptyPagesThatEnd) {
  int fetched = 0;
  Pageable<int> list([&](const std::string&) {
    ++fetched;
    return Page<int>{fetched % 900 == 0 ? std::vector<int>{fetched} : std::vector<int>{},
                     fetched == 3600 ? "" : std::to_string(fetched)};
  });
  EXPECT_EQ(list.to_vector(), (std::vector<int>{900, 1800, 2700, 3600}));
}

}  // namespace
}  // namespace batchai::test

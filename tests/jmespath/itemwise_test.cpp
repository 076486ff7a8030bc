#include "jmespath/expression.hpp"
#include "jmespath/generator.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::jmespath::test {
namespace {

using Json = nlohmann::ordered_json;

TEST(ItemByItem, AreProjectionsOfTheListItself) {
  for (const char* text :
       {"@", "[]", "[*]", "[].name", "[*].tags[0]", "[?state=='x']", "[?state=='x'].{n:name,l:length(tags)}",
        "[].files[].name", "[][]", "[?a] | [].b", "[].name | [?@!='x']", "([*])[?a]", "[].sort_by(l, &n)"}) {
    EXPECT_TRUE(parse(text).works_item_by_item()) << text;
  }
}

TEST(ItemByItem, IsNothingThatNeedsTheWholeList) {
  for (const char* text : {"[0]",
                           "[-1]",
                           "[:5]",
                           "[::2].name",
                           "length(@)",
                           "sort_by(@, &name)",
                           "[].name | [0]",
                           "[].name | sort(@)",
                           "[?a] | length(@)",
                           "max_by(@, &n).name",
                           "name",
                           "*.name",
                           "{all: @}",
                           "[@, @]",
                           "@ == `1`",
                           "!@",
                           "[].a || `[]`",
                           "`[1]`",
                           "reverse(@)",
                           "(@)[0]",
                           "[:1][]"}) {
    EXPECT_FALSE(parse(text).works_item_by_item()) << text;
  }
}

Json random_list(Generator& generator, std::mt19937& random) {
  Json list = Json::array();
  for (std::size_t length = random() % 5; length > 0; --length) {
    list.push_back(random() % 8 == 0 ? Json() : Json::parse(generator.document()));
    if (random() % 4 == 0) {
      list.push_back(Json::array({Json::parse(generator.document()), 7, nullptr}));
    }
  }
  return list;
}

/// What the expression finds in the parts into which the list is cut at random places.
Json search_parts(const Expression& expression, const Json& list, std::mt19937& random) {
  Json found = Json::array();
  Json part = Json::array();
  const auto search = [&] {
    for (const Json& item : expression.search(part)) {
      found.push_back(item);
    }
    part = Json::array();
  };
  for (const Json& item : list) {
    part.push_back(item);
    if (random() % 2 == 0) {
      search();
    }
  }
  search();
  return found;
}

TEST(ItemByItem, FindsInTheWholeWhatItFindsInTheParts) {
  Generator generator(14);
  std::mt19937 random(14);
  int compared = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string inner = generator.expression();
    const std::string forms[] = {inner,           "[]." + inner,    "[*]." + inner,          "[?" + inner + "]",
                                 "[][]." + inner, "[*] | " + inner, "[]." + inner + " | []", "[?" + inner + "].name[]"};
    try {
      const Expression expression = parse(forms[static_cast<std::size_t>(round) % std::size(forms)]);
      const Json list = random_list(generator, random);
      if (expression.works_item_by_item()) {
        const Json whole = expression.search(list);
        EXPECT_EQ(search_parts(expression, list, random).dump(), whole.dump()) << expression.text() << "\n" << list;
        ++compared;
      }
    } catch (const Error&) {  // not every form is an expression, and not every document fits
    }
  }
  EXPECT_GT(compared, 500);
}

}  // namespace
}  // namespace batchai::jmespath::test

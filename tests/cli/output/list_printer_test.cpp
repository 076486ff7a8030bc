#include "cli/output/printer.hpp"

#include <algorithm>
#include <random>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::cli::test {
namespace {

using Json = nlohmann::ordered_json;

class RandomDocuments {
 public:
  Json list() {
    Json items = Json::array();
    const bool objects = below(3) != 0;
    for (std::size_t length = below(6); length > 0; --length) {
      items.push_back(objects ? object(2) : value(2));
    }
    return items;
  }
  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  Json object(int depth) {
    Json members = Json::object();
    for (std::size_t count = below(5); count > 0; --count) {
      members[name()] = value(depth - 1);
    }
    return members;
  }
  Json value(int depth) {
    switch (below(depth > 0 ? 9 : 7)) {
      case 0:
        return nullptr;
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<int>(below(2'000)) - 1'000;
      case 3:
        return static_cast<double>(below(1'000)) / 8;
      case 7:
        return object(depth);
      case 8: {
        Json items = Json::array();
        for (std::size_t length = below(4); length > 0; --length) {
          items.push_back(value(depth - 1));
        }
        return items;
      }
      default:
        return text();
    }
  }
  std::string name() {
    static const std::vector<std::string> kNames{"name", "id", "Id", "state", "a b", "ä", "zeta", "\"", "type", "2"};
    return kNames[below(kNames.size())];
  }
  std::string text() {
    static const std::vector<std::string> kTexts{"",         "x",        "yes",  "a: b", "two\nlines",
                                                 "tab\t",    "\x1b[31m", "ä日",  "1.5",  "- x",
                                                 "\\ \"q\"", " blank ",  "\x7f", "\xff", "plain text"};
    return kTexts[below(kTexts.size())];
  }

  std::mt19937 random_{14};
};

std::string printed_whole(const Json& list, const PrintOptions& options) {
  std::ostringstream out;
  print_result(out, list, options);
  return out.str();
}

std::string printed_in_parts(const Json& list, const PrintOptions& options, RandomDocuments& random) {
  std::ostringstream out;
  ListPrinter printer(out, options);
  Json part = Json::array();
  for (const Json& item : list) {
    part.push_back(item);
    if (random.below(2) == 0) {
      printer.add(part);
      part = Json::array();
    }
  }
  printer.add(part);
  printer.finish();
  return out.str();
}

TEST(ListPrinter, PrintsInPartsWhatIsPrintedAtOnce) {
  RandomDocuments random;
  for (int round = 0; round < 400; ++round) {
    const Json list = random.list();
    for (const std::string_view format : output_formats()) {
      for (const bool colour : {false, true}) {
        PrintOptions options{.format = std::string(format), .colour = colour};
        if (round % 3 == 0) {
          options.width = 30;
        }
        ASSERT_EQ(printed_in_parts(list, options, random), printed_whole(list, options)) << format << "\n" << list;
      }
    }
  }
}

TEST(ListPrinter, PrintsDescribedTablesLikewise) {
  static constexpr Column kColumns[] = {
      {"Name",
       [](const nlohmann::json& item) { return std::string(item.value("name", nlohmann::json()).type_name()); }},
      {"State", [](const nlohmann::json& item) { return item.contains("state") ? "x" : std::string(); }, true}};
  RandomDocuments random;
  const PrintOptions options{.format = "table", .columns = kColumns};
  for (int round = 0; round < 200; ++round) {
    Json list = random.list();
    list.erase(std::remove_if(list.begin(), list.end(), [](const Json& item) { return !item.is_object(); }),
               list.end());
    ASSERT_EQ(printed_in_parts(list, options, random), printed_whole(list, options)) << list;
  }
}

TEST(ListPrinter, WritesJsonAsItsLibraryDoes) {
  RandomDocuments random;
  for (int round = 0; round < 400; ++round) {
    const Json list = random.list();
    const std::string expected = nlohmann::json(list).dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
    ASSERT_EQ(to_json_text(list, false), expected + "\n");
  }
}

TEST(ListPrinter, PrintsEmptyListsAndListsOfOne) {
  RandomDocuments random;
  const auto print = [&](const char* list, const char* format) {
    return printed_in_parts(Json::parse(list), {.format = format}, random);
  };
  EXPECT_EQ(print("[]", "json"), "[]\n");
  EXPECT_EQ(print("[]", "yaml"), "[]\n");
  EXPECT_EQ(print("[]", "tsv") + print("[]", "table") + print("[1]", "none"), "");
  EXPECT_EQ(print(R"([{"b":1,"a":[]}])", "json"), "[\n  {\n    \"a\": [],\n    \"b\": 1\n  }\n]\n");
  EXPECT_EQ(print(R"([{"b":1,"a":[2]}])", "yaml"), "- a:\n  - 2\n  b: 1\n");
}

TEST(ListPrinter, LeavesAListInJsonOpenWhereTheRestIsMissing) {
  std::ostringstream out;
  ListPrinter printer(out, {.format = "json"});
  printer.add(Json::array({1}));
  printer.break_off();
  EXPECT_EQ(out.str(), "[\n  1\n");
  std::ostringstream nothing;
  ListPrinter(nothing, {.format = "json"}).break_off();
  EXPECT_EQ(nothing.str(), "");
}

}  // namespace
}  // namespace batchai::cli::test

#include "core/name_text.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(NameText, IsTheNameItselfWhereThatIsUtf8) {
  for (const char* name : {"a", "süß", "a%FF", "a b", "\x01", "...", "100%"}) {
    EXPECT_EQ(to_name_text(name).text, name);
    EXPECT_FALSE(to_name_text(name).encoded);
    EXPECT_EQ(to_name(name, false), name);
  }
}

TEST(NameText, IsPercentEncodedOtherwiseAndComesBackWhole) {
  for (const char* name : {"\xff", "a\xc3", "\xed\xa0\x80", "%41\xfe/"}) {
    const NameText text = to_name_text(name);
    EXPECT_TRUE(text.encoded);
    EXPECT_EQ(to_name(text.text, text.encoded), name);
  }
  EXPECT_EQ(to_name_text("a \xff").text, "a%20%FF");
}

TEST(NameText, OfABrokenEscapeStandsForItself) { EXPECT_EQ(to_name("100%", true), "100%"); }

}  // namespace
}  // namespace batchai::test

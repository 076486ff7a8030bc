#include "signing/encoding.hpp"

#include <gtest/gtest.h>

namespace batchai::signing::test {
namespace {

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, DecodesWhatItEncodes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<char>(i));
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
  }
}

TEST(Base64, RefusesEverythingThatIsNotCanonical) {
  for (const char* text : {"Zg", "Zg=", "Zg==\n", " Zg==", "Zh==", "Z===", "====", "Zm9v=", "Zm-v", "Zg==Zg=="}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Base64Url, RefusesALengthThatNothingHas) {
  for (const char* text : {"A", "Zm9vA", "AAAAA"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
}

TEST(Base64Url, TakesPaddedAndUnpaddedText) {
  EXPECT_EQ(base64url_encode("\xfb\xff"), "-_8");
  EXPECT_EQ(base64url_decode("-_8"), "\xfb\xff");
  EXPECT_EQ(base64url_decode("-_8="), "\xfb\xff");
  EXPECT_FALSE(base64url_decode("+/8"));
}

TEST(Hex, WritesLowerCaseDigits) { EXPECT_EQ(hex_encode(std::string("\x00\xab\x7f", 3)), "00ab7f"); }

}  // namespace
}  // namespace batchai::signing::test

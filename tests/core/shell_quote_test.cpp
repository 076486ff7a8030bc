#include "core/shell_quote.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(ShellQuote, KeepsTheShellFromReadingAnythingInAWord) {
  EXPECT_EQ(shell_quote("two words"), "'two words'");
  EXPECT_EQ(shell_quote("$HOME `id` \\ \"*\n"), "'$HOME `id` \\ \"*\n'");
}

TEST(ShellQuote, EndsTheQuotesForAQuoteOfTheText) { EXPECT_EQ(shell_quote("it's"), R"('it'\''s')"); }

TEST(ShellQuote, MakesAWordOfNothing) { EXPECT_EQ(shell_quote(""), "''"); }

}  // namespace
}  // namespace batchai::test

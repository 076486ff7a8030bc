#include "jmespath/cases.hpp"

#include <gtest/gtest.h>

namespace batchai::jmespath::test {
namespace {

TEST(Literals, AreJson) {
  check("{}", {{"`1`", "1"},
               {"`-2.5`", "-2.5"},
               {"`1e2`", "100.0"},
               {"`true`", "true"},
               {"`null`", "null"},
               {R"(`"a"`)", R"("a")"},
               {R"(`[1, {"a": "b"}]`)", R"([1,{"a":"b"}])"},
               {"` 1 `", "1"},
               {R"(`"a\`b"`)", R"("a`b")"},
               {R"(`"a\"b"`)", R"("a\"b")"},
               {R"(`"a\\b"`)", R"("a\\b")"},
               {R"(`"\u00fc"`)", R"("ü")"},
               {R"(`{"a": 1}`.a)", "1"},
               {"`[1,2,3]`[1]", "2"},
               {"`[[1],[2]]`[]", "[1,2]"},
               {"`1", "!syntax"},
               {"``", "!syntax"},
               {"` `", "!syntax"},
               {"`[1`", "!syntax"},
               {"`{a}`", "!syntax"},
               {"`\"a`", "!syntax"},
               {"`1` `2`", "!syntax"}});
}

TEST(Literals, MayLeaveTheQuotesOfAStringOut) {
  check("{}", {{"`running`", R"("running")"},
               {"`2018-06-01`", R"("2018-06-01")"},
               {"` two words`", R"("two words")"},
               {R"(`a\`b`)", R"("a`b")"},
               {R"(`a"b`)", "!syntax"}});
}

TEST(RawStrings, KnowOneEscape) {
  check("{}", {{"'text'", R"("text")"},
               {"''", R"("")"},
               {R"('it\'s')", R"("it's")"},
               {R"('a\nb')", R"("a\\nb")"},
               {R"('\\')", R"("\\\\")"},
               {R"('"')", R"("\"")"},
               {"'`'", R"("`")"},
               {"'ü😀'", R"("ü😀")"},
               {"'a\nb'", R"("a\nb")"},
               {"'a", "!syntax"},
               {R"('a\')", "!syntax"}});
}

TEST(Comparisons, OfEqualityTakeEverything) {
  check(R"({"n":1,"f":1.0,"s":"1","t":true,"z":0,"no":false,"null":null,"l":[1,{"a":[2]}],"o":{"a":1,"b":2}})",
        {{"n == f", "true"},
         {"n == s", "false"},
         {"n != s", "true"},
         {"n == t", "false"},
         {"z == no", "false"},
         {R"(l == `[1.0, {"a": [2]}]`)", "true"},
         {R"(l == `[1, {"a": [3]}]`)", "false"},
         {"l == `[1]`", "false"},
         {"`[true]` == `[1]`", "false"},
         {R"(o == `{"b": 2, "a": 1}`)", "true"},
         {R"(o == `{"b": 2}`)", "false"},
         {R"(o == `{"a": 1, "c": 2}`)", "false"},
         {"missing == `null`", "true"},
         {"missing == \"null\"", "true"},
         {"missing != `null`", "false"},
         {"no == `false`", "true"},
         {"s == '1'", "true"},
         {"`9007199254740993` == `9007199254740992`", "false"},
         {"`18446744073709551615` == `-1`", "false"}});
}

TEST(Comparisons, OfOrderTakeNumbersOnly) {
  check(R"({"one":1,"two":2.5,"s":"a","t":true,"l":[1],"o":{}})", {{"one < two", "true"},
                                                                   {"two < one", "false"},
                                                                   {"one <= `1`", "true"},
                                                                   {"one >= `1.0`", "true"},
                                                                   {"one > `1`", "false"},
                                                                   {"two > one", "true"},
                                                                   {"one < s", "null"},
                                                                   {"s < 'b'", "true"},
                                                                   {"t > `false`", "null"},
                                                                   {"l > l", "null"},
                                                                   {"o >= o", "null"},
                                                                   {"missing < one", "null"},
                                                                   {"one >= missing", "null"},
                                                                   {"`-1` < `18446744073709551615`", "true"},
                                                                   {"`9007199254740993` > `9007199254740992`", "true"},
                                                                   {"one <", "!syntax"},
                                                                   {"< one", "!syntax"},
                                                                   {"one =< two", "!syntax"},
                                                                   {"one = two", "!syntax"}});
}

TEST(Logic, FollowsTruthOfTheLanguage) {
  check(R"({"t":true,"f":false,"n":null,"s":"","x":"x","l":[],"m":[0],"o":{},"p":{"a":null},"z":0})",
        {{"!t", "false"},      {"!f", "true"},
         {"!n", "true"},       {"!s", "true"},
         {"!x", "false"},      {"!l", "true"},
         {"!m", "false"},      {"!o", "true"},
         {"!p", "false"},      {"!z", "false"},
         {"!missing", "true"}, {"!!x", "true"},
         {"t && x", R"("x")"}, {"f && x", "false"},
         {"s && x", R"("")"},  {"z && x", R"("x")"},
         {"l && x", "[]"},     {"f || x", R"("x")"},
         {"x || t", R"("x")"}, {"n || l", "[]"},
         {"z || x", "0"},      {"missing || o || m", "[0]"},
         {"t &&", "!syntax"},  {"|| t", "!syntax"},
         {"t & f", "!syntax"}, {"!", "!syntax"},
         {"t !f", "!syntax"}});
}

TEST(Logic, EvaluatesNoMoreThanItNeeds) {
  check(R"({"t":true,"f":false})",
        {{"t || abs('x')", "true"}, {"f && abs('x')", "false"}, {"f || abs('x')", "!invalid-type"}});
}

TEST(Precedence, IsThatOfTheReference) {
  check(R"({"t":true,"f":false,"n":{"m":1,"l":[false]},"a":[{"b":1,"c":[2]},{"b":3,"c":[4]}]})",
        {{"t || f && f", "true"},
         {"(t || f) && f", "false"},
         {"f && f || t", "true"},
         {"!f && f", "false"},
         {"!(f && f)", "true"},
         {"!f == t", "true"},
         {"f == f && t", "true"},
         {"t || f | !@", "false"},
         {"t || (f | !@)", "true"},
         {"!n.m", "null"},
         {"!(n.m)", "false"},
         {"!n.l[0]", "null"},
         {"n.m == `1` || f", "true"},
         {"`1` < `2` == t", "true"},
         {"a[].b | [0]", "1"},
         {"a[].b || t", "[1,3]"},
         {"a[*].c[] | [1]", "4"},
         {"a[*].b == `[1, 3]`", "true"},
         {"[a[0].b, a[1].b] == `[1, 3]`", "true"},
         {"(a[*].c)[0]", "[2]"},
         {"((t))", "true"},
         {"(t", "!syntax"},
         {"t)", "!syntax"},
         {"()", "!syntax"},
         {"(a)(b)", "!syntax"}});
}

}  // namespace
}  // namespace batchai::jmespath::test

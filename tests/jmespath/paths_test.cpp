#include "jmespath/cases.hpp"

#include <gtest/gtest.h>

namespace batchai::jmespath::test {
namespace {

TEST(Identifiers, NameMembers) {
  check(R"({"name":"nc6","_id":7,"a1":true,"Name":"other","empty":"","none":null,"nodes":{"idle":{"count":2}}})",
        {{"name", R"("nc6")"},
         {"_id", "7"},
         {"a1", "true"},
         {"Name", R"("other")"},
         {"empty", R"("")"},
         {"none", "null"},
         {"missing", "null"},
         {"nodes", R"({"idle":{"count":2}})"},
         {"  name\t\r\n", R"("nc6")"},
         {"", "!syntax"},
         {"   ", "!syntax"},
         {"1a", "!syntax"},
         {"a-b", "!syntax"},
         {"na me", "!syntax"},
         {"näme", "!syntax"},
         {"$", "!syntax"},
         {"#name", "!syntax"}});
}

TEST(Identifiers, FindNothingInWhatIsNoObject) {
  for (const char* document : {"[]", "[{\"a\":1}]", "null", "1", "\"a\"", "true"}) {
    check(document, {{"a", "null"}, {"a.b", "null"}, {"\"a\"", "null"}});
  }
}

TEST(QuotedIdentifiers, TakeTheEscapesOfJson) {
  check(R"({"a b":1,"a.b":2,"a\"b":3,"a\nb":4,"ü":5,"\\":6,"":7,"[0]":8,"😀":9,"a/b":10,"1":11,"true":12})",
        {{R"("a b")", "1"},
         {R"("a.b")", "2"},
         {R"("a\"b")", "3"},
         {R"("a\nb")", "4"},
         {R"("ü")", "5"},
         {R"("\u00fc")", "5"},
         {R"("\\")", "6"},
         {R"("")", "7"},
         {R"("[0]")", "8"},
         {R"("\ud83d\ude00")", "9"},
         {R"("a\/b")", "10"},
         {R"("1")", "11"},
         {"true", "12"},
         {R"("true")", "12"},
         {R"("a)", "!syntax"},
         {R"("a\x")", "!syntax"},
         {R"("\ud83d")", "!syntax"},
         {"\"a\nb\"", "!syntax"},
         {R"("a"b)", "!syntax"}});
}

TEST(SubExpressions, GoDown) {
  check(R"({"a":{"b":{"c":[1,2]},"x y":3},"list":[{"b":1}],"n":null})", {{"a.b", R"({"c":[1,2]})"},
                                                                         {"a.b.c", "[1,2]"},
                                                                         {R"(a."x y")", "3"},
                                                                         {R"("a"."b".c)", "[1,2]"},
                                                                         {"a . b . c", "[1,2]"},
                                                                         {"a.missing.c", "null"},
                                                                         {"a.b.c.d", "null"},
                                                                         {"list.b", "null"},
                                                                         {"n.x", "null"},
                                                                         {"a.", "!syntax"},
                                                                         {".a", "!syntax"},
                                                                         {"a..b", "!syntax"},
                                                                         {"a.1", "!syntax"},
                                                                         {"a.'b'", "!syntax"},
                                                                         {"a.`1`", "!syntax"},
                                                                         {"a.@", "!syntax"},
                                                                         {"a.(b)", "!syntax"},
                                                                         {"a.!b", "!syntax"}});
}

TEST(Indexes, CountFromBothEnds) {
  check(R"(["a","b","c"])", {{"[0]", R"("a")"},
                             {"[2]", R"("c")"},
                             {"[3]", "null"},
                             {"[-1]", R"("c")"},
                             {"[-3]", R"("a")"},
                             {"[-4]", "null"},
                             {"[ 1 ]", R"("b")"},
                             {"[-0]", R"("a")"},
                             {"@[1]", R"("b")"},
                             {"[9223372036854775807]", "null"},
                             {"[-9223372036854775808]", "null"},
                             {"[9223372036854775808]", "!syntax"},
                             {"[--1]", "!syntax"},
                             {"[-]", "!syntax"},
                             {"[1.5]", "!syntax"},
                             {"[0", "!syntax"},
                             {"[0,1]", "!syntax"},
                             {"0", "!syntax"},
                             {"]", "!syntax"}});
  check(R"({"a":[[1,2],[3,{"b":[4]}]],"s":"text"})", {{"a[0][1]", "2"},
                                                      {"a[1][1].b[0]", "4"},
                                                      {"a[-1][-1].b[-1]", "4"},
                                                      {"a[0].b", "null"},
                                                      {"[0]", "null"},
                                                      {"s[0]", "null"},
                                                      {"a.[0]", "!syntax"},
                                                      {"a['b']", "!syntax"},
                                                      {"a[b]", "!syntax"},
                                                      {"a[\"b\"]", "!syntax"}});
}

TEST(Slices, AreThoseOfPython) {
  check("[0,1,2,3,4,5,6,7,8,9]", {{"[0:3]", "[0,1,2]"},
                                  {"[:3]", "[0,1,2]"},
                                  {"[7:]", "[7,8,9]"},
                                  {"[:]", "[0,1,2,3,4,5,6,7,8,9]"},
                                  {"[::]", "[0,1,2,3,4,5,6,7,8,9]"},
                                  {"[::2]", "[0,2,4,6,8]"},
                                  {"[1::3]", "[1,4,7]"},
                                  {"[-3:]", "[7,8,9]"},
                                  {"[:-8]", "[0,1]"},
                                  {"[-100:2]", "[0,1]"},
                                  {"[8:100]", "[8,9]"},
                                  {"[5:2]", "[]"},
                                  {"[100:]", "[]"},
                                  {"[::-1]", "[9,8,7,6,5,4,3,2,1,0]"},
                                  {"[3::-1]", "[3,2,1,0]"},
                                  {"[:6:-1]", "[9,8,7]"},
                                  {"[8:2:-2]", "[8,6,4]"},
                                  {"[2:8:-1]", "[]"},
                                  {"[-1:-4:-1]", "[9,8,7]"},
                                  {"[100:-100:-4]", "[9,5,1]"},
                                  {"[:-100:-5]", "[9,4]"},
                                  {"[-100::-1]", "[]"},
                                  {"[::9223372036854775807]", "[0]"},
                                  {"[5::9223372036854775807]", "[5]"},
                                  {"[::-9223372036854775808]", "[9]"},
                                  {"[0:3:1]", "[0,1,2]"},
                                  {"[ 1 : 3 ]", "[1,2]"},
                                  {"[1:3:]", "[1,2]"},
                                  {"[::0]", "!invalid-value"},
                                  {"[1:2:0]", "!invalid-value"},
                                  {"[1:2:3:4]", "!syntax"},
                                  {"[:::]", "!syntax"},
                                  {"[1:a]", "!syntax"},
                                  {"[1:2", "!syntax"},
                                  {"[:'1']", "!syntax"}});
}

TEST(Slices, AreProjections) {
  check(R"({"a":[{"b":1},{"b":2},{"c":3}],"s":"text","n":null})", {{"a[:2].b", "[1,2]"},
                                                                   {"a[::-1].b", "[2,1]"},
                                                                   {"a[:].b | [0]", "1"},
                                                                   {"a[1:][0]", "[]"},
                                                                   {"s[1:]", "null"},
                                                                   {"n[:]", "null"},
                                                                   {"missing[:1].x", "null"}});
}

TEST(CurrentNode, IsTheWholeDocument) {
  check(R"({"a":[1]})", {{"@", R"({"a":[1]})"},
                         {"@.a", "[1]"},
                         {"@.a[0]", "1"},
                         {"a | @", "[1]"},
                         {"a[?@ == `1`]", "[1]"},
                         {"@@", "!syntax"},
                         {"@a", "!syntax"}});
}

}  // namespace
}  // namespace batchai::jmespath::test

#include "jmespath/cases.hpp"

#include <gtest/gtest.h>

namespace batchai::jmespath::test {
namespace {

TEST(ListWildcard, LeavesNullsOut) {
  check(R"({"jobs":[{"name":"a","files":[{"n":1},{"n":2}]},{"x":1},{"name":"b","files":[{"n":3}]}],"o":{"k":1}})",
        {{"jobs[*].name", R"(["a","b"])"},
         {"jobs[*].files[*].n", "[[1,2],[3]]"},
         {"jobs[*].files[0].n", "[1,3]"},
         {"jobs[*].missing", "[]"},
         {"jobs[*]", R"([{"name":"a","files":[{"n":1},{"n":2}]},{"x":1},{"name":"b","files":[{"n":3}]}])"},
         {"jobs[ * ].name", R"(["a","b"])"},
         {"o[*]", "null"},
         {"missing[*].x", "null"},
         {"jobs[*].files[*].n | [0]", "[1,2]"},
         {"jobs[*].name[0]", "[]"},
         {"(jobs[*].name)[0]", R"("a")"},
         {"jobs[*", "!syntax"},
         {"jobs[*.name", "!syntax"},
         {"jobs[*]name", "!syntax"},
         {"jobs[**]", "!syntax"}});
  check("[[1,null,2],[null],3]", {{"[*]", "[[1,null,2],[null],3]"}, {"[*][*]", "[[1,2],[]]"}, {"[*][0]", "[1]"}});
}

TEST(ObjectWildcard, TakesValuesInTheirOrder) {
  check(R"({"z":{"n":1},"a":{"n":2,"m":{"n":3}},"l":[5],"e":null})", {{"*", R"([{"n":1},{"n":2,"m":{"n":3}},[5]])"},
                                                                      {"*.n", "[1,2]"},
                                                                      {"*.*", R"([[1],[2,{"n":3}]])"},
                                                                      {"*.*.n", "[[],[3]]"},
                                                                      {"a.*", R"([2,{"n":3}])"},
                                                                      {"a.*.n", "[3]"},
                                                                      {"*[0]", "[5]"},
                                                                      {"l.*", "null"},
                                                                      {"missing.*", "null"},
                                                                      {"* | [0].n", "1"},
                                                                      {"*.[n]", R"([[1],[2],[null]])"},
                                                                      {"**", "!syntax"},
                                                                      {"*n", "!syntax"},
                                                                      {"a.*n", "!syntax"},
                                                                      {"*.", "!syntax"}});
  check("[1]", {{"*", "null"}});
  check("{}", {{"*", "[]"}});
}

TEST(Flatten, TakesOneLevel) {
  check("[[1,[2]],3,[],[[[4]]],null,{\"a\":5}]", {{"[]", R"([1,[2],3,[[4]],{"a":5}])"},
                                                  {"[][]", R"([1,2,3,[4],{"a":5}])"},
                                                  {"[][][]", R"([1,2,3,4,{"a":5}])"},
                                                  {"[].a", "[5]"},
                                                  {"[] | length(@)", "5"}});
  check(R"({"r":[{"i":[{"s":[1,2]},{"s":[3]}]},{"i":[{"s":[4]}]}],"o":{"x":1}})",
        {{"r[].i[].s", "[[1,2],[3],[4]]"},
         {"r[].i[].s[]", "[1,2,3,4]"},
         {"r[*].i[].s[0]", "[1,3,4]"},
         {"r[*].i[*].s[*]", "[[[1,2],[3]],[[4]]]"},
         {"r[*].i[*].s[*][]", "[[1,2],[3],[4]]"},
         {"r[*].i[*].s[*][][]", "[1,2,3,4]"},
         {"r[].i[1].s", "[[3]]"},
         {"o[]", "null"},
         {"missing[]", "null"},
         {"missing[].x", "null"},
         {"r[", "!syntax"},
         {"r[]i", "!syntax"}});
}

TEST(Filters, TakeWhatTheConditionHolds) {
  check(
      R"({"jobs":[{"name":"a","state":"running","nodes":2,"ok":true},{"name":"b","state":"failed","nodes":4,"ok":false},
                    {"name":"c","state":"running","nodes":8}],"o":{"a":1}})",
      {{"jobs[?state=='running'].name", R"(["a","c"])"},
       {"jobs[?state!='running'].name", R"(["b"])"},
       {"jobs[?nodes>`2`].name", R"(["b","c"])"},
       {"jobs[?nodes>=`2`].name", R"(["a","b","c"])"},
       {"jobs[?nodes<`4`].name", R"(["a"])"},
       {"jobs[?nodes<=`4`].name", R"(["a","b"])"},
       {"jobs[?nodes>`2` && state=='running'].name", R"(["c"])"},
       {"jobs[?nodes>`4` || state=='failed'].name", R"(["b","c"])"},
       {"jobs[?!(state=='failed')].name", R"(["a","c"])"},
       {"jobs[?ok].name", R"(["a"])"},
       {"jobs[?!ok].name", R"(["b","c"])"},
       {"jobs[?ok==`false`].name", R"(["b"])"},
       {"jobs[?ok==`null`].name", R"(["c"])"},
       {"jobs[?starts_with(name, 'b')].nodes", "[4]"},
       {"jobs[?contains(['a','c'], name)].nodes", "[2,8]"},
       {"jobs[?nodes==`2`] | [0].name", R"("a")"},
       {"jobs[?nodes==`2`][0]", "[]"},
       {"jobs[?name=='a'].[name,nodes]", R"([["a",2]])"},
       {"jobs[?`true`].name", R"(["a","b","c"])"},
       {"jobs[?`false`]", "[]"},
       {"o[?a==`1`]", "null"},
       {"missing[?a]", "null"},
       {"jobs[?name==`a`].nodes", "[2]"},
       {"jobs[? name == 'a' ].nodes", "[2]"},
       {"jobs[?]", "!syntax"},
       {"jobs[?name=='a'", "!syntax"},
       {"jobs[?name='a']", "!syntax"},
       {"jobs[?name==]", "!syntax"},
       {"jobs[?==name]", "!syntax"},
       {"jobs[ ?name]", "!syntax"}});
  check("[1,2,3,4]", {{"[?@>`2`]", "[3,4]"}, {"[?@>`2` && @<`4`]", "[3]"}, {"[?@==`9`]", "[]"}});
  check("[[1,2],[3,4,5],[]]",
        {{"[?length(@)>`1`][]", "[1,2,3,4,5]"}, {"[?@]", "[[1,2],[3,4,5]]"}, {"[?@][?@>`2`]", "[[],[3,4,5]]"}});
}

TEST(Pipes, EndProjections) {
  check(R"({"a":[{"b":[1,2]},{"b":[3]}]})", {{"a[*].b[0]", "[1,3]"},
                                             {"a[*].b | [0]", "[1,2]"},
                                             {"a[*].b | [0] | [1]", "2"},
                                             {"a[*].b|[]", "[1,2,3]"},
                                             {"a | [1].b | @", "[3]"},
                                             {"missing | x", "null"},
                                             {"a |", "!syntax"},
                                             {"| a", "!syntax"},
                                             {"a | | b", "!syntax"}});
}

TEST(MultiSelectList, HoldsNulls) {
  check(R"({"a":1,"b":{"c":2},"l":[{"x":1,"y":2},{"x":3}],"n":null})",
        {{"[a,b]", R"([1,{"c":2}])"},
         {"[a]", "[1]"},
         {"[a, b.c, missing]", "[1,2,null]"},
         {"b.[c]", "[2]"},
         {"l[*].[x,y]", "[[1,2],[3,null]]"},
         {"l[].[x][]", "[1,3]"},
         {"[a || b, `5`, 'r', @.a]", R"([1,5,"r",1])"},
         {"[[a],[b.c]]", "[[1],[2]]"},
         {"[*]", "null"},
         {"[*, a]", R"([[1,{"c":2},[{"x":1,"y":2},{"x":3}]],1])"},
         {"n.[a]", "null"},
         {"a.[b]", "[null]"},
         {"[a,]", "!syntax"},
         {"[,a]", "!syntax"},
         {"[a b]", "!syntax"},
         {"[a", "!syntax"},
         {"a.[]", "!syntax"}});
}

TEST(MultiSelectHash, KeepsTheOrderOfTheExpression) {
  check(R"({"a":1,"b":{"c":2},"l":[{"x":1},{"x":2}],"n":null})", {{"{z: a, y: b.c}", R"({"z":1,"y":2})"},
                                                                  {R"({"q r": a})", R"({"q r":1})"},
                                                                  {"{m: missing}", R"({"m":null})"},
                                                                  {"l[].{v: x}", R"([{"v":1},{"v":2}])"},
                                                                  {"b.{c: c, d: @}", R"({"c":2,"d":{"c":2}})"},
                                                                  {"{a: {b: {c: a}}}", R"({"a":{"b":{"c":1}}})"},
                                                                  {"{a: a, a: b.c}", R"({"a":2})"},
                                                                  {"{p: a | @}", R"({"p":1})"},
                                                                  {"{f: l[?x==`2`].x}", R"({"f":[2]})"},
                                                                  {"n.{a: a}", "null"},
                                                                  {"{}", "!syntax"},
                                                                  {"{a}", "!syntax"},
                                                                  {"{a:}", "!syntax"},
                                                                  {"{a: b,}", "!syntax"},
                                                                  {"{a: b c: d}", "!syntax"},
                                                                  {"{'a': b}", "!syntax"},
                                                                  {"{1: b}", "!syntax"},
                                                                  {"{a: b", "!syntax"},
                                                                  {"{a b}", "!syntax"}});
}

}  // namespace
}  // namespace batchai::jmespath::test

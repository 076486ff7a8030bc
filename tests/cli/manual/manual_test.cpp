#include "cli/app/result.hpp"
#include "cli/cli_fixture.hpp"
#include "cli/manual/pages.hpp"

// The manual is committed, so that it can be read without a build. It is written anew by
//   BATCHAI_UPDATE_GOLDEN=1 ctest -R ^cli            (with all other files that are made from the commands), or by
//   batchai __docs markdown docs/cli && batchai __docs man docs/man
namespace batchai::cli::test {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kDocs = BATCHAI_DOCS_DIR;

using Manual = CliTest;

TEST_F(Manual, MarkdownIsThatOfTheCommands) {
  expect_folder(kDocs / "cli", markdown_pages(command_tree(), global_options()));
}

TEST_F(Manual, ManPagesAreThoseOfTheCommands) {
  expect_folder(kDocs / "man", man_pages(command_tree(), global_options()));
}

TEST_F(Manual, TheProgramWritesIt) {
  const std::filesystem::path folder = folder_ / "man";
  const Outcome outcome = run({"__docs", "man", folder.string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(read(folder / "batchai-job.1"), man_pages(command_tree(), global_options()).at("batchai-job.1"));
  EXPECT_EQ(run({"__docs", "html", folder.string()}).exit_code, 2);
  EXPECT_THAT(run({"__docs", "man", "/dev/null/x"}).err, HasSubstr("cannot write /dev/null/x/batchai"));
}

Result nothing(const Arguments&, Context&) { throw std::logic_error("not to be run"); }

/// Texts that roff and Markdown would take for their own.
std::vector<CommandSpec> odd_commands() {
  return {{.name = "do",
           .summary = ".dot 'quote' back\\slash a|b <tag>",
           .options = {{.name = "odd-one", .short_name = 'o', .summary = "'first", .value_name = "A|B"}},
           .run = nothing}};
}

TEST(ManualText, IsNotTakenForMarkup) {
  const std::vector<CommandGroup> tree{{"odd", "Odd.", odd_commands}};
  const std::string man = man_pages(tree, {}).at("batchai-odd.1");
  EXPECT_THAT(man, HasSubstr("\n\\&.dot \\(aqquote\\(aq back\\eslash a|b <tag>\n"));
  EXPECT_THAT(man, HasSubstr(".TP\n\\fB\\-o, \\-\\-odd\\-one A|B\\fR\n\\&\\(aqfirst\n"));
  const std::string markdown = markdown_pages(tree, {}).at("odd.md");
  EXPECT_THAT(markdown, HasSubstr("a\\|b &lt;tag>"));
  EXPECT_THAT(markdown, HasSubstr("| `-o, --odd-one A\\|B` | 'first |\n"));
}

}  // namespace
}  // namespace batchai::cli::test


#include "core/printable.hpp"

#include "cli/frame/errors.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/jobs/jobs_fixture.hpp"
#include "cli/output/printer.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Printable, ShowsWhatSteersATerminalAsEscapes) {
  EXPECT_EQ(printable("a\x1b[2Jb\rc\x7f\bd"), "a\\u001b[2Jb\\u000dc\\u007f\\u0008d");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\u0000");
  EXPECT_EQ(printable("a\u0080\u009b31mb\u009f"), "a\\u0080\\u009b31mb\\u009f");
  EXPECT_EQ(printable("\u061c\u200e\u200f\u202a\u202e\u2066\u2069"),
            "\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069");
  EXPECT_EQ(printable("\u2028\u2029"), "\\u2028\\u2029");
}

TEST(Printable, LeavesTextOfAllLanguagesAlone) {
  const std::string text = "Grüße\t文\u00a0\u200b👩\u200d🚀\n";
  EXPECT_EQ(printable(text), text);
  EXPECT_TRUE(is_printable(text));
}

TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("a\xff\x9b\xc3"), "a\\xff\\x9b\\xc3");
  EXPECT_EQ(printable("\xc0\x9b"), "\\xc0\\x9b");  // ESC's sister in a longer form than allowed
  EXPECT_FALSE(is_printable("\xff"));
}

TEST(Printable, KeepsALineOneLine) { EXPECT_EQ(printable_line("a\nbatchai: error: b"), "a\\u000abatchai: error: b"); }

/// What arrives of these writes, each flushed or not.
std::string through_stream(const std::vector<std::string>& writes) {
  std::ostringstream target;
  const auto stream = make_printable_stream(target);
  for (const std::string& write : writes) {
    *stream << write;
  }
  *stream << std::flush;
  return target.str();
}

TEST(PrintableStream, PutsCharactersTogetherThatComeInSeveralWrites) {
  EXPECT_EQ(through_stream({"\xe6", "\x96", "\x87"}), "文");
  EXPECT_EQ(through_stream({"a\xc2", "\x9b", "b"}), "a\\u009bb");
  EXPECT_EQ(through_stream({"\xf0\x9f\x9a", "\x80!"}), "🚀!");
}

TEST(PrintableStream, ShowsWhatIsNeverFinished) {
  EXPECT_EQ(through_stream({"a\xe6\x96"}), "a\\xe6\\x96");
  EXPECT_EQ(through_stream({"a\xe6", "b"}), "a\\xe6b");
}

TEST(PrintableStream, TakesSingleCharactersAndNumbers) {
  std::ostringstream target;
  const auto stream = make_printable_stream(target);
  *stream << 'a' << '\x1b' << 12 << std::endl;
  EXPECT_EQ(target.str(), "a\\u001b12\n");
}

class FullDisk final : public std::streambuf {
 protected:
  std::streamsize xsputn(const char*, std::streamsize) override { throw OutputError(ENOSPC); }
};

TEST(PrintableStream, TellsWhenTheTargetTakesNoMore) {
  for (const char* text : {"text", "\x1b"}) {
    FullDisk buffer;
    std::ostream target(&buffer);
    const auto stream = make_printable_stream(target);
    EXPECT_THROW(*stream << text, OutputError);
  }
}

/// A name and a message as somebody may give them who wants to play tricks on a terminal.
const std::string kEvil = "a\x1b]0;title\x07\u009b2J\u202egpj.exe";
const std::string kShown = "a\\u001b]0;title\\u0007\\u009b2J\\u202egpj.exe";

class Terminal : public JobTest {
 protected:
  static json workspaces(const std::string& name) {
    return {{"value", {{{"name", name}, {"location", "eastus"}, {"properties", json::object()}}}}};
  }
  std::string list(const std::vector<std::string>& more) {
    transport_->on("GET", url("/resourceGroups/g/providers/Microsoft.BatchAI/workspaces"),
                   json_response(200, workspaces(kEvil).dump()));
    std::vector<std::string> words{"workspace", "list", "-g", "g"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
};

TEST_F(Terminal, GetsNamesEscapedInEveryFormat) {
  out_terminal_ = true;
  for (const std::string format : {"json", "yaml", "table", "tsv"}) {
    width_ = 200;
    const std::string out = list({"-o", format});
    EXPECT_THAT(out, HasSubstr(kShown)) << format;
    EXPECT_TRUE(is_printable(out)) << format;
  }
}

TEST_F(Terminal, GetsColoursButNotThoseOfNames) {
  out_terminal_ = true;
  colour_ = true;
  for (const std::string format : {"jsonc", "yamlc"}) {
    const std::string out = list({"-o", format});
    EXPECT_THAT(out, HasSubstr("\x1b[32m\"" + kShown + "\"\x1b[0m")) << format;
  }
  width_ = 200;
  EXPECT_THAT(list({}), HasSubstr("\n" + kShown + "  "));
}

TEST_F(Terminal, GetsJsonThatStillMeansTheSame) {
  out_terminal_ = true;
  EXPECT_EQ(json::parse(list({"-o", "json"}))[0]["name"], kEvil);
}

TEST_F(Terminal, APipeGetsTsvAndJsonAsTheyAre) {
  EXPECT_EQ(list({"-o", "tsv", "--query", "[].name"}), kEvil + "\n");
  EXPECT_EQ(json::parse(list({}))[0]["name"], kEvil);
}

TEST_F(Terminal, APipeGetsTablesAndYamlThatAreTextOnly) {
  for (const std::string format : {"yaml", "table"}) {
    const std::string out = list({"-o", format});
    EXPECT_THAT(out, HasSubstr(kShown)) << format;
    EXPECT_TRUE(is_printable(out)) << format;
  }
}

TEST_F(Terminal, GetsHeadingsOfTablesEscaped) {
  transport_->on("GET", url("/resourceGroups/g/providers/Microsoft.BatchAI/workspaces"),
                 json_response(200, json{{"value", {{{"name", "w"}, {"x\u009b", "y"}}}}}.dump()));
  const Outcome outcome = run({"workspace", "list", "-g", "g", "--raw", "-o", "table"});
  EXPECT_THAT(outcome.out, HasSubstr("X\\u009b"));
}

TEST_F(Terminal, GetsTheServicesMessagesEscaped) {
  const json error{{"error", {{"code", "Bad\x1b[2J"}, {"message", "no\n" + kEvil}}}};
  transport_->on("GET", url(workspace_path()), json_response(400, error.dump()));
  const Outcome outcome = run({"workspace", "show", "-g", "g", "-n", "w"});
  EXPECT_EQ(outcome.err, "batchai: error: (Bad\\u001b[2J) no " + kShown + "\n");
}

TEST_F(Terminal, GetsReasonPhrasesEscaped) {
  transport_->on("GET", url(workspace_path()), {.status = 418, .reason = kEvil});
  const Outcome outcome = run({"workspace", "show", "-g", "g", "-n", "w"});
  EXPECT_THAT(outcome.err, HasSubstr(kShown));
  EXPECT_TRUE(is_printable(outcome.err));
}

TEST_F(Terminal, GetsWhatWasTypedEscaped) {
  variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_STORAGE_KEY"] = "a2V5";
  const Outcome outcome = run({"files", "list", kEvil + "/\xff"});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_TRUE(is_printable(outcome.err)) << outcome.err;
}

TEST_F(Terminal, GetsDebugLinesEscaped) {
  transport_->on("GET", url(workspace_path()), json_response(200, json{{"name", kEvil}}.dump(), {{"ETag", kEvil}}));
  const Outcome outcome = run({"workspace", "show", "-g", "g", "-n", "w", "--debug"});
  EXPECT_THAT(outcome.err, HasSubstr("ETag: " + kShown));
  EXPECT_TRUE(is_printable(outcome.err));
}

TEST_F(Terminal, GetsQuestionsEscapedInOneLine) {
  terminal_ = true;
  input_ = "n\n";
  const Outcome outcome = run({"group", "delete", "-n", "a\u009b\nb"});
  EXPECT_THAT(outcome.err, HasSubstr("a\\u009b\\u000ab"));
}

TEST_F(Terminal, GetsAJobsOutputAsItIs) {
  const std::string output = "\x1b[32mstep 1\x1b[0m\r\x1b[Kstep 2\xff\n";
  for (const bool terminal : {false, true}) {
    out_terminal_ = terminal;
    on_job("succeeded", R"({"exitCode":0})");
    on_list(listed("stdout.txt", "s", output.size()));
    on_read("s", piece(0, output, output.size()));
    EXPECT_EQ(stream().out, output) << terminal;
  }
}

}  // namespace
}  // namespace batchai::cli::test

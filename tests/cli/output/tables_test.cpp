#include "cli/cli_fixture.hpp"
#include "cli/output/human_text.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/text_width.hpp"

// Tables as people see them on a terminal, and as programs read them elsewhere.
namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;

std::string text_of(const json& item, const char* name) { return item.value(name, std::string()); }

constexpr Column kColumns[] = {
    {"Name", [](const json& item) { return text_of(item, "name"); }},
    {.heading = "Group", .cell = [](const json& item) { return text_of(item, "group"); }, .repeats = "resource-group"},
    {.heading = "State", .cell = [](const json& item) { return text_of(item, "state"); }, .kind = ColumnKind::State},
    {.heading = "Size", .cell = [](const json& item) { return text_of(item, "size"); }, .kind = ColumnKind::Size},
    {.heading = "Made", .cell = [](const json& item) { return text_of(item, "made"); }, .kind = ColumnKind::Moment},
    {.heading = "Took", .cell = [](const json& item) { return text_of(item, "took"); }, .kind = ColumnKind::Interval},
    {.heading = "More", .cell = [](const json& item) { return text_of(item, "more"); }, .wide = true}};

json two_items() {
  return json::parse(R"json([
    {"name":"first-of-them","group":"g","state":"failed (OutOfMemory)","size":"1536","made":"2026-11-29T10:00:00Z",
     "took":"2026-11-29T10:00:00Z/2026-11-29T10:03:12Z","more":"m"},
    {"name":"second-of-them","group":"G","state":"running","size":"7","made":"2026-11-29T11:59:48Z",
     "took":"2026-11-29T11:59:50Z/"}])json");
}

const Timestamp kNoon = parse_iso8601("2026-11-29T12:00:00Z").value();

TEST(Tables, HaveAgesLengthsAndSizesForPeopleOnATerminal) {
  EXPECT_EQ(to_table(two_items(), {.format = "table", .columns = kColumns, .width = 100, .now = kNoon}),
            "Name            Group  State                    Size  Made      Took\n"
            "--------------  -----  --------------------  -------  -------  -----\n"
            "first-of-them   g      failed (OutOfMemory)  1.5 KiB  2h ago   3m12s\n"
            "second-of-them  G      running                   7 B  12s ago    10s\n");
}

TEST(Tables, HaveIsoTimesAndBytesForProgramsElsewhere) {
  EXPECT_EQ(to_table(two_items(), {.format = "table", .columns = kColumns, .now = kNoon}),
            "Name            Group  State                 Size  Made                     Took\n"
            "--------------  -----  --------------------  ----  --------------------  -------\n"
            "first-of-them   g      failed (OutOfMemory)  1536  2026-11-29T10:00:00Z  PT3M12S\n"
            "second-of-them  G      running                  7  2026-11-29T11:59:48Z    PT10S\n");
}

TEST(Tables, LeaveOutWhatOnlyRepeatsAnOption) {
  PrintOptions options{.format = "table", .columns = kColumns, .known = {"", "g"}, .now = kNoon};
  EXPECT_THAT(to_table(two_items(), options), ::testing::Not(::testing::HasSubstr("Group")));
  options.known = {"", "other"};
  EXPECT_THAT(to_table(two_items(), options), ::testing::HasSubstr("Group"));
}

TEST(Tables, HaveAllColumnsWhenTheyAreWide) {
  const std::string wide =
      to_table(two_items(), {.format = "wide", .columns = kColumns, .known = {"", "g"}, .now = kNoon});
  EXPECT_THAT(wide, ::testing::HasSubstr("Group"));
  EXPECT_THAT(wide, ::testing::HasSubstr("More"));
  PrintOptions narrow{.format = "wide", .columns = kColumns, .width = 20, .now = kNoon};
  EXPECT_THAT(to_table(two_items(), narrow), ::testing::HasSubstr("failed (OutOfMemory)"));
}

TEST(Tables, CutNamesLastAndNeverTheWordOfAState) {
  PrintOptions options{.format = "table", .columns = kColumns, .width = 54, .now = kNoon};
  EXPECT_EQ(to_table(two_items(), options),
            "Name            Gro…  State       Size  Made      Took\n"
            "--------------  ----  -------  -------  -------  -----\n"
            "first-of-them   g     failed…  1.5 KiB  2h ago   3m12s\n"
            "second-of-them  G     running      7 B  12s ago    10s\n");
  options.width = 52;
  EXPECT_THAT(to_table(two_items(), options),
              ::testing::HasSubstr("\nsecond-of-t…  G     running      7 B  12s ago    10s\n"));
}

nlohmann::ordered_json jobs_of(const std::vector<std::string>& experiments) {
  auto items = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    items.push_back({{"name", "train-20261129-14000" + std::to_string(i) + "-abc"},
                     {"experiment", experiments[i]},
                     {"cluster", "nc6"},
                     {"nodes", 1}});
  }
  return items;
}

TEST(Tables, TellOnceAboveWhatAllRowsHaveWhereTheyAreTooWide) {
  EXPECT_EQ(to_table(jobs_of({"run", "run"}), {.width = 40}),
            "In all rows: Experiment run, Cluster nc6\n"
            "Name                       Nodes\n"
            "-------------------------  -----\n"
            "train-20261129-140000-abc      1\n"
            "train-20261129-140001-abc      1\n");
  EXPECT_THAT(to_table(jobs_of({"run", "run"}), {.width = 34}),
              ::testing::StartsWith("In all rows: Experiment run,\n  Cluster nc6\nName "));
  EXPECT_THAT(to_table(jobs_of({"run", "run"}), {.width = 46}), ::testing::StartsWith("Name  ")) << "with headings cut";
  EXPECT_THAT(to_table(jobs_of({"run", "run"}), {}), ::testing::StartsWith("Name  "));
}

TEST(Tables, LeaveOutColumnsThatRepeatBeforeTheyCutNames) {
  EXPECT_EQ(to_table(jobs_of({"alpha", "alpha", "beta"}), {.width = 38}),
            "In all rows: Cluster nc6\n"
            "Name                       Expe…  Nod…\n"
            "-------------------------  -----  ----\n"
            "train-20261129-140000-abc  alpha     1\n"
            "train-20261129-140001-abc  alpha     1\n"
            "train-20261129-140002-abc  beta      1\n");
  EXPECT_EQ(to_table(jobs_of({"alpha", "alpha", "beta"}), {.width = 34}),
            "In all rows: Cluster nc6\n"
            "Only with -o wide: Experiment\n"
            "Name                       Nodes\n"
            "-------------------------  -----\n"
            "train-20261129-140000-abc      1\n"
            "train-20261129-140001-abc      1\n"
            "train-20261129-140002-abc      1\n");
}

TEST(Tables, CutWhatRepeatsBeforeWhatDiffers) {
  const auto items = nlohmann::ordered_json::parse(R"([{"n":"a","same":"STANDARD_NC6","other":"0123456789"},
                                                       {"n":"b","same":"STANDARD_NC6","other":"abcdefghij"},
                                                       {"n":"c","same":"STANDARD_NC24","other":"klmnopqrst"}])");
  EXPECT_EQ(to_table(items, {.width = 23}),
            "N  Same      Other\n-  --------  ----------\na  STANDAR…  0123456789\nb  STANDAR…  abcdefghij\n"
            "c  STANDAR…  klmnopqrst\n");
}

TEST(Tables, ColourStatesWhereColourIsWelcome) {
  PrintOptions options{.format = "table", .columns = kColumns, .colour = true, .width = 100, .now = kNoon};
  const std::string painted = to_table(two_items(), options);
  EXPECT_THAT(painted, ::testing::HasSubstr("\x1b[31mfailed (OutOfMemory)\x1b[0m  "));
  EXPECT_THAT(painted, ::testing::HasSubstr("\x1b[36mrunning\x1b[0m               "));
  options.colour = false;
  EXPECT_THAT(to_table(two_items(), options), ::testing::Not(::testing::HasSubstr("\x1b")));
}

TEST(HumanText, HasAColourForTheUsualStatesOfAllKinds) {
  for (const char* state : {"Succeeded", "failed", "queued", "running", "terminating", "deleting", "creating", "steady",
                            "resizing", "idle", "preparing", "leaving", "unusable", "Registered", "Enabled"}) {
    EXPECT_NE(colour_of_state(state), "") << state;
  }
  EXPECT_EQ(colour_of_state("another"), "");
}

TEST(HumanText, IsShort) {
  using namespace std::chrono;
  EXPECT_EQ(length_text(milliseconds(340)), "0.3s");
  EXPECT_EQ(length_text(seconds(12)), "12s");
  EXPECT_EQ(length_text(seconds(192)), "3m12s");
  EXPECT_EQ(length_text(hours(2) + minutes(5)), "2h05m");
  EXPECT_EQ(length_text(hours(76)), "3d04h");
  EXPECT_EQ(length_text(seconds(-1)), "0.0s");
  EXPECT_EQ(age_text(kNoon + seconds(3), kNoon), "now");
  EXPECT_EQ(age_text(kNoon - seconds(59), kNoon), "59s ago");
  EXPECT_EQ(age_text(kNoon - minutes(59), kNoon), "59m ago");
  EXPECT_EQ(age_text(kNoon - hours(23), kNoon), "23h ago");
  EXPECT_EQ(age_text(kNoon - days(100), kNoon), "100d ago");
  EXPECT_EQ(age_text(kNoon - days(3 * 365 + 1), kNoon), "3y ago");
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(short_size_text(1023), "1023 B");
  EXPECT_EQ(short_size_text(5 * 1024 * 1024), "5.0 MiB");
}

class ListsOnATerminal : public CliTest {
 protected:
  Outcome list_groups(const std::string& items, std::vector<std::string> more = {}) {
    transport_->on("GET", "https://management.azure.com/subscriptions/sub/resourcegroups?api-version=2021-04-01",
                   json_response(200, R"({"value":[)" + items + "]}"));
    more.insert(more.begin(), {"group", "list"});
    return run(more);
  }
  static constexpr const char* kGroup =
      R"({"id":"/subscriptions/sub/resourceGroups/g","name":"g","location":"eastus",
          "properties":{"provisioningState":"Succeeded"}})";
};

TEST_F(ListsOnATerminal, AreTables) {
  EXPECT_THAT(list_groups(kGroup).out, ::testing::StartsWith("["));
  out_terminal_ = true;
  EXPECT_EQ(list_groups(kGroup).out, "Name  Location  Status\n----  --------  ---------\ng     eastus    Succeeded\n");
  colour_ = true;
  EXPECT_THAT(list_groups(kGroup).out, ::testing::HasSubstr("\x1b[32mSucceeded\x1b[0m"));
  EXPECT_THAT(list_groups(kGroup, {"--no-color"}).out, ::testing::Not(::testing::HasSubstr("\x1b")));
}

TEST_F(ListsOnATerminal, AreJsonWhereSomethingElseIsWanted) {
  out_terminal_ = true;
  EXPECT_THAT(list_groups(kGroup, {"-o", "json"}).out, ::testing::StartsWith("["));
  EXPECT_THAT(list_groups(kGroup, {"--query", "[].name"}).out, ::testing::StartsWith("["));
  EXPECT_THAT(list_groups(kGroup, {"--raw"}).out, ::testing::StartsWith("["));
  variables_["BATCHAI_DEFAULTS_OUTPUT"] = "json";
  EXPECT_THAT(list_groups(kGroup).out, ::testing::StartsWith("["));
}

TEST_F(ListsOnATerminal, SayThatThereIsNothing) {
  out_terminal_ = true;
  const Outcome none = list_groups("");
  EXPECT_EQ(none.out, "");
  EXPECT_EQ(none.err, "nothing to list\n");
  EXPECT_EQ(list_groups("", {"--only-show-errors"}).err, "");
  EXPECT_EQ(list_groups("", {"-o", "json"}).err, "");
}

TEST_F(ListsOnATerminal, ShowASingleResourceAsJson) {
  transport_->on("GET", "https://management.azure.com/subscriptions/sub/resourcegroups/g?api-version=2021-04-01",
                 json_response(200, kGroup));
  out_terminal_ = true;
  EXPECT_THAT(run({"group", "show", "-n", "g"}).out, ::testing::StartsWith("{"));
}

}  // namespace
}  // namespace batchai::cli::test

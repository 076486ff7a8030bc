#include "cli/cli_fixture.hpp"
#include "cli/config/default_names.hpp"
#include "support/no_file_locks.hpp"

#include <set>
#include <thread>

namespace batchai::cli::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Configure : public CliTest {
 protected:
  Configure() {
    write_file("config/profiles/one.ini",
               "[profile]\nclient_id = app\nclient_secret = hidden\n\n[defaults]\nlocation = eastus\n");
    write_file("config/config.ini", "[core]\nprofile = one\n");
  }
  std::filesystem::path file() const { return folder_ / "config" / "profiles" / "one.ini"; }
};

TEST_F(Configure, KeepsDefaultsInTheProfileAndTheRestOfIt) {
  const Outcome outcome = run({"configure", "--defaults", "group=g", "workspace=w", "location="});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out + outcome.err, "");
  EXPECT_EQ(read(file()),
            "[defaults]\ngroup = g\nworkspace = w\n\n[profile]\nclient_id = app\nclient_secret = hidden\n");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(file()).permissions() & (perms::group_all | perms::others_all), perms::none);
}

TEST_F(Configure, WritesTheFileThatASymbolicLinkLeadsTo) {
  namespace fs = std::filesystem;
  const fs::path elsewhere = folder_ / "elsewhere.ini";
  fs::rename(file(), elsewhere);
  fs::create_symlink("../../elsewhere.ini", folder_ / "config" / "profiles" / "other.ini");
  fs::create_symlink("other.ini", file());
  EXPECT_EQ(run({"configure", "--defaults", "group=g"}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(file()));
  EXPECT_EQ(read(elsewhere),
            "[defaults]\ngroup = g\nlocation = eastus\n\n[profile]\nclient_id = app\nclient_secret = hidden\n");
  EXPECT_EQ(fs::status(elsewhere).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  fs::remove(elsewhere);
  ProfileStore(folder_ / "config").change("one", [](Profile& made) { made.set("kind", "new"); }, {});
  EXPECT_EQ(read(elsewhere), "[profile]\nkind = new\n");
}

TEST_F(Configure, ALogoutForgetsTheFileThatASymbolicLinkLeadsTo) {
  namespace fs = std::filesystem;
  const fs::path elsewhere = folder_ / "elsewhere.ini";
  fs::rename(file(), elsewhere);
  fs::create_symlink(elsewhere, file());
  const std::string what = "the profile 'one' with the file that it is a link to, " + elsewhere.string();
  EXPECT_THAT(run({"logout", "--dry-run"}).out, HasSubstr("remove " + what + ","));
  const Outcome outcome = run({"logout"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "removed " + what + "\n");
  EXPECT_FALSE(fs::exists(fs::symlink_status(file())));
  EXPECT_FALSE(fs::exists(elsewhere));
}

TEST_F(Configure, ALogoutLeavesTheFileOfAnotherProfileAndWhatIsNoFile) {
  namespace fs = std::filesystem;
  const fs::path two = file().parent_path() / "two.ini";
  fs::create_symlink("one.ini", two);
  EXPECT_EQ(run({"logout", "--profile", "two"}).err, "removed the profile 'two'\n");
  EXPECT_FALSE(fs::exists(fs::symlink_status(two)));
  EXPECT_TRUE(fs::exists(file()));
  for (const fs::path& target : {fs::path("/dev/null"), folder_ / "missing", fs::path("two.ini")}) {
    fs::create_symlink(target, two);
    EXPECT_EQ(run({"logout", "--profile", "two"}).exit_code, 0) << target;
    EXPECT_FALSE(fs::exists(fs::symlink_status(two)));
  }
  EXPECT_TRUE(fs::exists("/dev/null"));
}

TEST_F(Configure, DoesWithoutLocksWhereTheFileSystemHasNone) {
  for (const int error : {ENOSYS, ENOLCK, EOPNOTSUPP}) {
    const batchai::test::NoFileLocks none(error);
    const Outcome outcome = run({"configure", "--defaults", "group=g" + std::to_string(error)});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(read(file()), HasSubstr("group = g" + std::to_string(error)));
    EXPECT_EQ(run({"account", "set", "-n", "one"}).exit_code, 0);
  }
  const batchai::test::NoFileLocks broken(EIO);
  EXPECT_THAT(run({"account", "set", "-n", "one"}).err, HasSubstr("cannot lock "));
  EXPECT_THAT(run({"configure", "--defaults", "group=other"}).err, HasSubstr("cannot lock "));
}

TEST_F(Configure, LosesNothingOfWhatOthersChangeMeanwhile) {
  std::vector<std::thread> others;
  for (int other = 0; other < 4; ++other) {
    others.emplace_back([this, other] {
      for (int time = 0; time < 10; ++time) {
        const std::string key = "by_" + std::to_string(other) + "_" + std::to_string(time);
        ProfileStore(folder_ / "config").change("one", [&](Profile& profile) { profile.set(key, "yes"); }, {});
      }
    });
  }
  for (std::thread& other : others) {
    other.join();
  }
  const std::string text = read(file());
  for (int other = 0; other < 4; ++other) {
    for (int time = 0; time < 10; ++time) {
      EXPECT_THAT(text, HasSubstr("by_" + std::to_string(other) + "_" + std::to_string(time) + " = yes\n"));
    }
  }
}

TEST_F(Configure, MakesOptionsUnnecessary) {
  run({"configure", "-d", "group=g", "workspace=w"});
  transport_->on("GET", url(workspace_path() + "/clusters"), batchai::test::json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"cluster", "list"}).out, "[]\n");
}

TEST_F(Configure, ListsDefaultsAndWhereTheyComeFrom) {
  variables_["BATCHAI_DEFAULTS_CLUSTER"] = "nc6";
  const json listed = json::parse(run({"configure", "--list"}).out);
  EXPECT_EQ(listed, json::parse(R"([{"name":"cluster","source":"BATCHAI_DEFAULTS_CLUSTER","value":"nc6"},
                                    {"name":"location","source":")" +
                                file().string() + R"(","value":"eastus"}])"));
  EXPECT_EQ(json::parse(run({"configure", "-l"}).out), listed);
  EXPECT_EQ(json::parse(run({"configure", "--list-defaults"}).out), listed);
}

TEST_F(Configure, WarnsOfAVariableThatIsStronger) {
  variables_["BATCHAI_DEFAULTS_GROUP"] = "other";
  EXPECT_THAT(run({"configure", "--defaults", "group=g"}).err,
              HasSubstr("warning: BATCHAI_DEFAULTS_GROUP is set, and stronger than the profile"));
}

TEST_F(Configure, RefusesWhatIsNoDefault) {
  const std::string before = read(file());
  expect_error({"configure", "--defaults", "group=g", "gruop=h"}, 2,
               "batchai: error: --defaults: there is no default 'gruop'; did you mean 'group'? "
               "(defaults are group, workspace, cluster, experiment, location, output, vm_size, max_nodes, "
               "share, image)");
  expect_error({"configure", "--defaults", "group"}, 2,
               "batchai: error: --defaults: 'group' is not KEY=VALUE ('KEY=' removes a default)");
  EXPECT_THAT(run({"configure", "--defaults", "output=xml"}).err, HasSubstr("'xml' is not one of json"));
  EXPECT_EQ(run({"configure"}).exit_code, 2);
  EXPECT_EQ(read(file()), before);
}

TEST_F(Configure, NamesAllDefaultsInItsHelp) {
  const std::string help = run({"configure", "--help"}).out;
  for (const std::string_view name : kDefaultNames) {
    EXPECT_THAT(help, ::testing::ContainsRegex("[ ,]" + std::string(name) + "[,.]")) << name;
  }
}

TEST_F(Configure, TakesNumbersOnlyWhereTheyAreWanted) {
  const Outcome refused = run({"configure", "--defaults", "max_nodes=x"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--defaults: max_nodes: 'x' is not a number of nodes"));
  EXPECT_EQ(run({"configure", "--defaults", "max_nodes=-1"}).exit_code, 2);
  EXPECT_EQ(run({"configure", "--defaults", "max_nodes=4"}).exit_code, 0);
  EXPECT_EQ(run({"configure", "--defaults", "max_nodes="}).exit_code, 0);
}

TEST_F(Configure, SaysWhereABadDefaultIsFrom) {
  variables_["BATCHAI_DEFAULTS_MAX_NODES"] = "x";
  EXPECT_THAT(run({"run", "--", "true"}).err,
              HasSubstr("--max-nodes: 'x' is not an integer (it is the default in BATCHAI_DEFAULTS_MAX_NODES, or in "
                        "max_nodes of the profile"));
}

TEST_F(Configure, NeedsAProfile) {
  std::filesystem::remove(folder_ / "config" / "config.ini");
  const Outcome outcome = run({"configure", "--defaults", "group=g"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("BATCHAI_DEFAULTS_GROUP"));
  EXPECT_EQ(run({"configure", "--defaults", "group=g", "--profile", "one"}).exit_code, 0);
}

TEST_F(Configure, ADryRunChangesNothing) {
  const std::string before = read(file());
  EXPECT_THAT(run({"configure", "--defaults", "group=g", "location=", "--dry-run"}).out,
              HasSubstr("dry run: would set the default 'group' to 'g' in the profile 'one'\n"
                        "dry run: would remove the default 'location' from the profile 'one'\n"));
  EXPECT_EQ(read(file()), before);
}

TEST(DefaultNames, AreThoseThatOptionsHave) {
  std::set<std::string_view> used;
  for (const CommandGroup& group : command_tree()) {
    for (const CommandSpec& command : group.commands()) {
      for (const OptionSpec& option : with_global_options(command, global_options())) {
        if (!option.setting.empty()) {
          used.insert(option.setting);
          EXPECT_TRUE(is_default_name(option.setting)) << option.setting;
        }
      }
    }
  }
  EXPECT_EQ(used.size(), kDefaultNames.size());
}

}  // namespace
}  // namespace batchai::cli::test

#include "cli/cli_fixture.hpp"
#include "cli/small_world.hpp"

#include <algorithm>

// Job files of real users and odd ones, and the bodies that the rules make of them.
namespace batchai::cli::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kPlaceholder = "<AZURE_BATCHAI_STORAGE_ACCOUNT>";

std::vector<fs::path> files_in(const fs::path& folder, const std::string& end) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(end)) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Recipes : public CliTest {
 protected:
  Recipes() {
    variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
  }

  std::vector<std::string> words(const fs::path& recipe) const {
    return {"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "new", "-c", "c", "-f", recipe.string()};
  }

  json sent_body(const fs::path& recipe) {
    const auto world = std::make_shared<SmallWorld>();
    network_ = world;
    const Outcome outcome = run(words(recipe));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    for (const HttpRequest& request : world->requests()) {
      if (request.method == "PUT") {
        return json::parse(request.body);
      }
    }
    ADD_FAILURE() << "nothing was sent for " << recipe;
    return {};
  }

  json dry_body(const fs::path& recipe) {
    const auto world = std::make_shared<SmallWorld>();
    network_ = world;
    std::vector<std::string> all = words(recipe);
    all.emplace_back("--dry-run");
    const Outcome outcome = run(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const std::string first = "PUT " + url(workspace_path() + "/experiments/e/jobs/new") + "\n";
    EXPECT_TRUE(outcome.out.starts_with(first)) << outcome.out;
    for (const HttpRequest& request : world->requests()) {
      EXPECT_EQ(request.method, "GET");
    }
    return json::parse(outcome.out.substr(first.size()));
  }

  static json cluster() { return {{"id", id(workspace_path() + "/clusters/c")}}; }
};

/// The same with secrets as --dry-run shows them.
json masked(json body) {
  for (auto& [name, member] : body.items()) {
    if (name == "accountKey") {
      member = "***";
    } else if (member.is_structured()) {
      member = masked(member);
    }
  }
  return body;
}

/// What the rules make of a published recipe: all of them name the account by its placeholder, and no credentials.
json by_the_rules(json recipe, const json& cluster) {
  recipe.erase("$schema");
  json& properties = recipe["properties"];
  properties["cluster"] = cluster;
  json none = json::object();
  json& volumes = properties.contains("mountVolumes") ? properties["mountVolumes"] : none;
  for (const char* kind : {"azureFileShares", "azureBlobFileSystems"}) {
    json empty = json::array();
    for (json& volume : volumes.contains(kind) ? volumes[kind] : empty) {
      volume["accountName"] = "acct";
      volume["credentials"] = {{"accountKey", "a2V5"}};
      if (volume.contains("azureFileUrl")) {
        std::string url = volume["azureFileUrl"];
        volume["azureFileUrl"] = url.replace(url.find(kPlaceholder), std::string(kPlaceholder).size(), "acct");
      }
    }
  }
  return recipe;
}

TEST_F(Recipes, OddOnesBecomeExactlyTheirBodies) {
  const fs::path folder = BATCHAI_RECIPES_DIR;
  const std::vector<fs::path> bodies = files_in(folder, ".body.json");
  EXPECT_GE(bodies.size(), 3U);
  for (const fs::path& file : bodies) {
    const std::string name = file.stem().stem().string();
    SCOPED_TRACE(name);
    const json expected = json::parse(read(file));
    EXPECT_EQ(sent_body(folder / (name + ".json")), expected);
    EXPECT_EQ(dry_body(folder / (name + ".json")), masked(expected));
  }
}

TEST_F(Recipes, PublishedOnesBecomeTheBodiesOfTheRules) {
  const char* shared = std::getenv("BATCHAI_SHARED");
  if (shared == nullptr) {
    GTEST_SKIP() << "BATCHAI_SHARED names no folder with reference/recipes";
  }
  const std::vector<fs::path> recipes = files_in(fs::path(shared) / "reference" / "recipes", ".json");
  ASSERT_FALSE(recipes.empty());
  for (const fs::path& file : recipes) {
    SCOPED_TRACE(file.filename().string());
    const json expected = by_the_rules(json::parse(read(file)), cluster());
    EXPECT_EQ(sent_body(file), expected);
    EXPECT_EQ(dry_body(file), masked(expected));
  }
}

}  // namespace
}  // namespace batchai::cli::test

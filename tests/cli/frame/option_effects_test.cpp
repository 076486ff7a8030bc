#include "cli/cli_fixture.hpp"
#include "cli/frame/az_options.hpp"
#include "cli/small_world.hpp"

#include <functional>
#include <set>

// What every option of every command of az does, seen in the requests that are sent.
namespace batchai::cli::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// One run: what was printed, what was asked, and with what words ssh was started.
struct Seen {
  Outcome outcome;
  std::vector<HttpRequest> requests;
  std::string ssh;
  std::filesystem::path home;

  /// The body of the last change of a resource of Batch AI.
  json body() const {
    json last;
    for (const HttpRequest& request : requests) {
      const bool batchai = request.url.path().find("/Microsoft.BatchAI/") != std::string::npos;
      if (batchai && (request.method == "PUT" || request.method == "PATCH") && !request.body.empty()) {
        last = json::parse(request.body);
      }
    }
    return last;
  }
  std::string lines() const {
    std::string text;
    for (const HttpRequest& request : requests) {
      text += request.method + " " + request.url.to_string() + "\n";
    }
    return text;
  }
};

using Effect = std::function<void(const Seen& seen)>;

/// The member of the body that is sent.
Effect sends(const std::string& pointer, json value) {
  return [pointer, value = std::move(value)](const Seen& seen) {
    const json::json_pointer place(pointer);
    const json body = seen.body();
    EXPECT_TRUE(body.contains(place)) << pointer << " in " << body;
    EXPECT_EQ(body.contains(place) ? body.at(place) : json(), value) << pointer;
  };
}

/// A request whose method and URL hold the text.
Effect asks(const std::string& text) {
  return [text](const Seen& seen) { EXPECT_THAT(seen.lines(), HasSubstr(text)); };
}

Effect asks_not(const std::string& text) {
  return [text](const Seen& seen) { EXPECT_THAT(seen.lines(), ::testing::Not(HasSubstr(text))); };
}

Effect prints(const std::string& text) {
  return [text](const Seen& seen) { EXPECT_THAT(seen.outcome.out, HasSubstr(text)); };
}

/// Words that ssh is started with.
Effect starts_ssh(const std::string& words) {
  return [words](const Seen& seen) { EXPECT_THAT(seen.ssh, HasSubstr(words)); };
}

/// The option with a value, what else is given, and what comes of it.
struct EffectRow {
  std::string option;
  std::string value;
  Effect effect;
  std::string beside = {};
};

const char* const kKey = "ssh-rsa AAAAB3NzaC1yc2E=";
const char* const kSubnet = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s";
const char* const kImage = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Compute/images/i";

class OptionEffects : public CliTest {
 protected:
  OptionEffects() {
    variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
    variables_["PATH"] = (folder_ / "bin").string();
    const std::string ssh = write_file("bin/ssh", "#!/bin/bash\nprintf '%s ' \"$BATCHAI_ASKPASS\" \"$@\" > " +
                                                      (folder_ / "ssh.words").string() + "\n");
    std::filesystem::permissions(ssh, std::filesystem::perms::owner_all);
    write_file("id_rsa", "a key");
    job_file_ = write_file("job.json", R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p",
                                           "customToolkitSettings":{"commandLine":"true"}}})");
  }

  static std::vector<std::string> joined(std::vector<std::string> left, const std::vector<std::string>& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
  }

  Seen see(const std::vector<std::string>& words) {
    std::filesystem::remove(folder_ / "ssh.words");
    std::filesystem::remove_all(folder_ / "home" / ".ssh");
    const auto world = std::make_shared<SmallWorld>();
    network_ = world;
    Seen seen{.outcome = run(words)};
    EXPECT_EQ(seen.outcome.exit_code, 0) << ::testing::PrintToString(words) << "\n" << seen.outcome.err;
    seen.requests = world->requests();
    seen.ssh = read(folder_ / "ssh.words");
    seen.home = folder_ / "home";
    return seen;
  }

  /// Words with which the command does its work, without the names that --ids stands for.
  std::vector<std::string> needed(const std::string& command) const {
    static const std::map<std::string, std::string> kNeeded{
        {"workspace create", "-l eastus"},
        {"workspace delete", "-y"},
        {"cluster create", "-s S -t 1 -u me -p pw"},
        {"cluster delete", "-y"},
        {"cluster resize", "-t 1"},
        {"cluster auto-scale", "--min 0 --max 1"},
        {"cluster node list", "-c c"},
        {"cluster node exec", "-c c --exec id"},
        {"cluster file list", "-c c"},
        {"experiment delete", "-y"},
        {"job create", "-c c -f JOB_FILE"},
        {"job delete", "-y"},
        {"job terminate", "-y"},
        {"job file list", "-j j"},
        {"job file stream", "-j j -f log.txt"},
        {"job node list", "-j j"},
        {"job node exec", "-j j --exec id"},
        {"file-server create", "-s S --disk-count 1 --disk-size 2 --storage-sku Standard_LRS -u me -p pw"},
        {"file-server delete", "-y"},
        {"list-usages", "-l eastus"}};
    const auto found = kNeeded.find(command);
    return found == kNeeded.end() ? std::vector<std::string>() : words_in(found->second);
  }

  std::vector<std::string> words_in(const std::string& text) const {
    std::vector<std::string> words = words_of(text);
    std::replace(words.begin(), words.end(), std::string("JOB_FILE"), job_file_);
    std::replace(words.begin(), words.end(), std::string("KEY_FILE"), (folder_ / "id_rsa").string());
    return words;
  }

  /// The names of the resource, as far as the command takes them.
  static std::vector<std::string> names(const CommandRow& row) {
    std::vector<std::string> words;
    for (const auto& [option, value] : std::vector<std::pair<std::string, std::string>>{
             {"resource-group", "g"}, {"workspace", "w"}, {"experiment", "e"}, {"name", "n"}}) {
      const bool taken = std::any_of(row.options.begin(), row.options.end(), [&](auto& o) { return o.name == option; });
      if (taken) {
        words.insert(words.end(), {"--" + option, row.command.ends_with("create") && option == "name" ? "new" : value});
      }
    }
    if (row.command == "workspace create") {
      words.back() = "new";
    }
    return words;
  }

  /// Gives the option by each of its names, and looks.
  void expect_effect(const CommandRow& row, const OptionRow& option, const EffectRow& effect) {
    SCOPED_TRACE(row.command + " --" + option.name + " " + effect.value);
    const bool by_ids = option.name == "ids";
    const std::vector<std::string> base =
        joined(joined(words_of(row.command), by_ids ? std::vector<std::string>() : names(row)), needed(row.command));
    const std::vector<std::string> words = joined(base, words_in(effect.beside));
    std::vector<std::string> own{"--" + option.name};
    const std::vector<std::string> value =
        effect.value.starts_with("ssh-rsa") ? std::vector<std::string>{effect.value} : words_in(effect.value);
    effect.effect(see(joined(words, joined(own, value))));
    if (option.short_name != '\0') {
      own = {std::string("-") + option.short_name};
      effect.effect(see(joined(words, joined(own, value))));
    }
  }

  std::vector<EffectRow> effects_of(const CommandRow& row) const;

  std::string job_file_;
};

std::string type_of(const std::string& command) {
  static const std::map<std::string, std::string> kTypes{
      {"cluster", "clusters"}, {"experiment", "experiments"}, {"job", "jobs"}, {"file-server", "fileServers"}};
  const auto found = kTypes.find(command.substr(0, command.find(' ')));
  return found == kTypes.end() ? "workspaces" : found->second;
}

std::string path_of_one(const std::string& command, const std::string& name) {
  const std::string type = type_of(command);
  const std::string workspace = "/subscriptions/sub/resourceGroups/gi/providers/Microsoft.BatchAI/workspaces/";
  if (type == "workspaces") {
    return workspace + name;
  }
  return workspace + (type == "jobs" ? "wi/experiments/ei/" : "wi/") + type + "/" + name;
}

/// Names, ids and what commands of many groups have.
std::vector<EffectRow> common_effects(const std::string& command) {
  const bool lists_workspaces = command == "workspace list";
  const bool looks_into_job = command.starts_with("job file") || command.starts_with("job node");
  const std::string fresh = command.ends_with("create") ? "new2" : "n2";
  const std::string a = path_of_one(command, "a");
  const std::string b = path_of_one(command, "b");
  const std::string verb = command.ends_with("show") || command.ends_with("wait") ? "GET "
                           : command.ends_with("delete")                          ? "DELETE "
                           : command.ends_with("terminate")                       ? "POST "
                                                                                  : "PATCH ";
  const auto both = [=](const Seen& seen) {
    for (const std::string& path : {a, b}) {
      EXPECT_THAT(seen.lines(), HasSubstr(verb + "https://management.azure.com" + path));
    }
  };
  std::vector<EffectRow> rows{
      {"resource-group", "g2", asks("/resourceGroups/g2/")},
      {"workspace", command == "workspace create" ? "new2" : "w2",
       asks(command == "workspace create" ? "/workspaces/new2?" : "/workspaces/w2")},
      {"experiment", "e2", asks("/experiments/e2/jobs")},
      {"name", fresh, asks("/" + type_of(command) + "/" + fresh)},
      {"ids", a + " " + b, both},
      {"no-wait", "", asks_not("/operations/")},
      {"location", "westus",
       command == "list-usages" ? asks("/locations/westus/usages") : sends("/location", "westus")},
      {"job", "j2", asks("/jobs/j2")}};
  if (!lists_workspaces && command != "workspace create") {
    const std::string id = "/subscriptions/other/resourceGroups/gi/providers/Microsoft.BatchAI/workspaces/wi";
    rows.push_back({"workspace", id,
                    asks("/subscriptions/other/resourceGroups/gi/providers/Microsoft.BatchAI/workspaces/wi"), "-g gi"});
  }
  if (command.starts_with("cluster ") && !looks_into_job) {
    rows.push_back({"cluster", "c2", asks("/clusters/c2")});
  }
  return rows;
}

std::vector<EffectRow> volume_effects(const std::string& root) {
  const std::string share = root + "/azureFileShares/0";
  const std::string container = root + "/azureBlobFileSystems/0";
  const std::string server = root + "/fileServers/0";
  return {{"afs-name", "s", sends(share + "/azureFileUrl", "https://acct.file.core.windows.net/s")},
          {"afs-name", "s", sends(share + "/relativeMountPath", "afs")},
          {"afs-mount-path", "p", sends(share + "/relativeMountPath", "p"), "--afs-name s"},
          {"bfs-name", "s", sends(container + "/containerName", "s")},
          {"bfs-name", "s", sends(container + "/relativeMountPath", "bfs")},
          {"bfs-mount-path", "p", sends(container + "/relativeMountPath", "p"), "--bfs-name s"},
          {"nfs", "f",
           asks("GET https://management.azure.com/subscriptions/sub/resourceGroups/g/providers/"
                "Microsoft.BatchAI/workspaces/w/fileServers/f?")},
          {"nfs", "/subscriptions/sub/resourceGroups/h/providers/Microsoft.BatchAI/workspaces/v/fileServers/f",
           sends(server + "/fileServer/id",
                 "/subscriptions/sub/resourceGroups/h/providers/Microsoft.BatchAI/workspaces/v/fileServers/f")},
          {"nfs", "f", sends(server + "/mountOptions", "rw")},
          {"nfs-mount-path", "p", sends(server + "/relativeMountPath", "p"), "--nfs f"},
          {"storage-account-name", "other", sends(share + "/accountName", "other"), "--afs-name s"},
          {"storage-account-name", "other", sends(share + "/credentials/accountKey", "bG9va2Vk"), "--afs-name s"},
          {"storage-account-key", "bXk=", sends(share + "/credentials/accountKey", "bXk="),
           "--afs-name s --storage-account-name other"}};
}

std::vector<EffectRow> admin_effects(const std::string& root) {
  const auto generated = [root](const Seen& seen) {
    std::ifstream file(seen.home / ".ssh" / "id_rsa.pub");
    std::string line;
    std::getline(file, line);
    EXPECT_THAT(line, ::testing::StartsWith("ssh-rsa "));
    sends(root + "/adminUserSshPublicKey", line)(seen);
  };
  return {{"user-name", "you", sends(root + "/adminUserName", "you")},
          {"password", "pw2", sends(root + "/adminUserPassword", "pw2")},
          {"ssh-key", kKey, sends(root + "/adminUserSshPublicKey", kKey)},
          {"generate-ssh-keys", "", generated}};
}

std::vector<EffectRow> cluster_create_effects(const std::string& file) {
  const std::string scale = "/properties/scaleSettings";
  const std::string image = "/properties/virtualMachineConfiguration/imageReference";
  const std::string task = "/properties/nodeSetup/setupTask";
  const std::string volumes = "/properties/nodeSetup/mountVolumes";
  return {
      {"config-file", file, sends("/properties/vmPriority", "lowpriority")},
      {"vm-size", "S2", sends("/properties/vmSize", "S2")},
      {"image", "ubuntudsvm", sends(image + "/offer", "linux-data-science-vm-ubuntu")},
      {"image", "p:o:s:1", sends(image, {{"publisher", "p"}, {"offer", "o"}, {"sku", "s"}, {"version", "1"}})},
      {"image", "p:o:s:", sends(image, {{"publisher", "p"}, {"offer", "o"}, {"sku", "s"}})},
      {"custom-image", kImage, sends(image + "/virtualMachineImageId", kImage), "-i UbuntuLTS"},
      {"target", "3", sends(scale + "/manual/targetNodeCount", 3)},
      {"target", "0", sends(scale + "/manual/targetNodeCount", 0)},
      {"min", "0",
       sends(scale + "/autoScale", {{"minimumNodeCount", 0}, {"maximumNodeCount", 4}, {"initialNodeCount", 1}}),
       "--max 4"},
      {"max", "4", sends(scale + "/autoScale/maximumNodeCount", 4), "--min 0"},
      {"vm-priority", "lowpriority", sends("/properties/vmPriority", "lowpriority")},
      {"vm-priority", "LowPriority", sends("/properties/vmPriority", "lowpriority")},
      {"setup-task", "x", sends(task, {{"commandLine", "x"}, {"stdOutErrPathPrefix", "p"}}), "--setup-task-output p"},
      {"setup-task-output", "q", sends(task + "/stdOutErrPathPrefix", "q"), "--setup-task x"},
      {"subnet", kSubnet, sends("/properties/subnet/id", kSubnet)},
      {"use-auto-storage", "", sends(volumes + "/azureFileShares/0/relativeMountPath", "autoafs")},
      {"use-auto-storage", "", sends(volumes + "/azureBlobFileSystems/0/containerName", "batchaicontainer")},
      {"use-auto-storage", "", sends(volumes + "/azureBlobFileSystems/0/relativeMountPath", "autobfs")},
      {"use-auto-storage", "", asks("/blobServices/default/containers/batchaicontainer?")},
      {"use-auto-storage", "", asks("/fileServices/default/shares/batchaishare?")}};
}

std::vector<EffectRow> file_server_create_effects(const std::string& file) {
  return {{"config-file", file, sends("/properties/dataDisks/cachingType", "readonly")},
          {"vm-size", "S2", sends("/properties/vmSize", "S2")},
          {"disk-count", "7", sends("/properties/dataDisks/diskCount", 7)},
          {"disk-size", "8", sends("/properties/dataDisks/diskSizeInGB", 8)},
          {"storage-sku", "Premium_LRS", sends("/properties/dataDisks/storageAccountType", "Premium_LRS")},
          {"caching-type", "readwrite", sends("/properties/dataDisks/cachingType", "readwrite")},
          {"subnet", kSubnet, sends("/properties/subnet/id", kSubnet)}};
}

std::vector<EffectRow> exec_effects() {
  return {{"exec", "uptime", starts_ssh("-p 50000 demo@10.0.0.4 -- bash -ilc 'uptime'")},
          {"node-id", "tvm-2", starts_ssh("-p 50001 demo@10.0.0.4")},
          {"address", "1:h:2", starts_ssh("-L 0.0.0.0:1:h:2 ")},
          {"password", "hush", starts_ssh("hush ")},
          {"ssh-private-key", "KEY_FILE", starts_ssh("-i ")}};
}

/// The rows of one command that are not common to many.
std::vector<EffectRow> own_effects(const std::string& command, const std::filesystem::path& folder) {
  if (command == "cluster create") {
    return cluster_create_effects((folder / "cluster.json").string());
  }
  if (command == "file-server create") {
    return file_server_create_effects((folder / "server.json").string());
  }
  if (command.ends_with("node exec")) {
    return exec_effects();
  }
  if (command == "cluster resize") {
    return {
        {"target", "4",
         sends("/properties/scaleSettings/manual", {{"targetNodeCount", 4}, {"nodeDeallocationOption", "requeue"}})}};
  }
  if (command == "cluster auto-scale") {
    const std::string scale = "/properties/scaleSettings/autoScale";
    return {{"min", "1", sends(scale, {{"minimumNodeCount", 1}, {"maximumNodeCount", 1}, {"initialNodeCount", 0}})},
            {"max", "5", sends(scale + "/maximumNodeCount", 5)}};
  }
  if (command == "cluster file list") {
    return {{"path", "logs", asks("/share/s/logs?")}, {"expiry", "5", prints("se=")}};
  }
  if (command == "job create") {
    const std::string other = "/subscriptions/sub/resourceGroups/h/providers/Microsoft.BatchAI/workspaces/v/clusters/c";
    return {{"cluster", "c2",
             sends("/properties/cluster/id",
                   "/subscriptions/sub" +
                       std::string("/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w/clusters/c2"))},
            {"cluster", other, sends("/properties/cluster/id", other)},
            {"config-file", "JOB_FILE", sends("/properties/customToolkitSettings/commandLine", "true")}};
  }
  if (command.starts_with("job file")) {
    return {{"output-directory-id", "MODEL", asks("outputdirectoryid=MODEL")},
            {"path", "deep", asks("directory=deep")},
            {"expiry", "5", asks("linkexpiryinminutes=5")},
            {"file-name", "log.txt", prints("text")}};
  }
  return command == "job wait" ? std::vector<EffectRow>{{"interval", "7", asks("GET ")}} : std::vector<EffectRow>();
}

std::vector<EffectRow> OptionEffects::effects_of(const CommandRow& row) const {
  std::vector<EffectRow> rows = common_effects(row.command);
  const auto add = [&](const std::vector<EffectRow>& more) { rows.insert(rows.end(), more.begin(), more.end()); };
  add(own_effects(row.command, folder_));
  if (row.command == "cluster create") {
    add(volume_effects("/properties/nodeSetup/mountVolumes"));
    add(admin_effects("/properties/userAccountSettings"));
  } else if (row.command == "job create") {
    add(volume_effects("/properties/mountVolumes"));
  } else if (row.command == "file-server create") {
    add(admin_effects("/properties/sshConfiguration/userAccountSettings"));
  }
  return rows;
}

TEST_F(OptionEffects, AreThoseOfTheTable) {
  write_file("cluster.json", R"({"properties":{"vmPriority":"lowpriority"}})");
  write_file("server.json", R"({"properties":{"dataDisks":{"cachingType":"readonly"}}})");
  for (const CommandRow& row : az_commands()) {
    const std::vector<EffectRow> effects = effects_of(row);
    for (const OptionRow& option : row.options) {
      bool any = option.name == "yes";  // every deletion here is made with it, and refused without: see below
      for (const EffectRow& effect : effects) {
        if (effect.option == option.name) {
          expect_effect(row, option, effect);
          any = true;
        }
      }
      EXPECT_TRUE(any) << row.command << " --" << option.name << " has no effect in the table";
    }
  }
}

TEST_F(OptionEffects, NothingIsDeletedWithoutYes) {
  for (const CommandRow& row : az_commands()) {
    if (std::none_of(row.options.begin(), row.options.end(), [](auto& option) { return option.name == "yes"; })) {
      continue;
    }
    const auto world = std::make_shared<SmallWorld>();
    network_ = world;
    EXPECT_EQ(run(joined(words_of(row.command), names(row))).exit_code, 2) << row.command;
    EXPECT_THAT(world->requests(), ::testing::IsEmpty()) << row.command;
  }
}

TEST_F(OptionEffects, WithoutNoWaitTheEndIsWaitedFor) {
  for (const CommandRow& row : az_commands()) {
    if (std::any_of(row.options.begin(), row.options.end(), [](auto& option) { return option.name == "no-wait"; }) &&
        !row.command.ends_with("create")) {
      const Seen seen = see(joined(joined(words_of(row.command), names(row)), needed(row.command)));
      EXPECT_THAT(seen.lines(), HasSubstr("GET https://management.azure.com/subscriptions/sub/operations/o"));
    }
  }
}

}  // namespace
}  // namespace batchai::cli::test

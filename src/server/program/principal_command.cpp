#include "server/program/principal_command.hpp"

#include "core/joined.hpp"
#include "core/private_file.hpp"
#include "server/program/principal_service.hpp"
#include "server/program/server_options.hpp"

#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct PrincipalLine {
  std::string data_dir;
  std::string name;
  std::string role;
  std::vector<std::string> groups;
  int days = 0;
  int overlap = 0;
  std::string out;
  std::string format = "text";
};

/// Root works with the rights of the account that the folder belongs to: what it makes there the service has to be able
/// to open.
class RightsOfOwner {
 public:
  explicit RightsOfOwner(const fs::path& folder) {
    struct stat status {};
    if (::geteuid() == 0 && ::stat(folder.c_str(), &status) == 0 && status.st_uid != 0) {
      changed_ = ::setegid(status.st_gid) == 0 && ::seteuid(status.st_uid) == 0;
    }
  }
  ~RightsOfOwner() {
    if (changed_ && (::seteuid(0) != 0 || ::setegid(0) != 0)) {
      std::abort();
    }
  }
  RightsOfOwner(const RightsOfOwner&) = delete;
  RightsOfOwner& operator=(const RightsOfOwner&) = delete;

 private:
  bool changed_ = false;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// The folder that `batchai local` has where none is named.
fs::path folder_of(const PrincipalLine& line) {
  if (!line.data_dir.empty()) {
    return fs::absolute(line.data_dir);
  }
  if (const std::string config = variable("BATCHAI_CONFIG_DIR"); !config.empty()) {
    return fs::path(config) / "local";
  }
  if (const std::string data = variable("XDG_DATA_HOME"); data.starts_with('/')) {
    return fs::path(data) / "batchai";
  }
  if (const std::string home = variable("HOME"); !home.empty()) {
    return fs::path(home) / ".local/share/batchai";
  }
  throw UsageError("--data-dir is required: the data folder of the service");
}

json ask(const PrincipalLine& line, const std::string& method, const std::string& action = {}, const json& body = {}) {
  const fs::path folder = folder_of(line);
  const RightsOfOwner rights(folder);
  return open_principals(folder)->send(method, line.name, action, body);
}

std::string groups_text(const json& principal) {
  const auto groups = principal.value("groups", std::vector<std::string>());
  return groups.empty() ? "all" : joined(groups, " ");
}

/// The rows of one principal, with its secret where it is new.
void print_one(const json& principal) {
  const auto row = [](const char* title, const std::string& value) {
    if (!value.empty()) {
      std::cout << std::left << std::setw(14) << title << value << '\n';
    }
  };
  row("name", principal.value("name", ""));
  row("role", principal.value("role", ""));
  row("groups", groups_text(principal));
  row("client id", principal.value("clientId", ""));
  row("tenant id", principal.value("tenantId", ""));
  row("subscription", principal.value("subscriptionId", ""));
  row("expires", principal.value("secretExpires", ""));
  row("secret", principal.value("clientSecret", ""));
}

void print_table(const json& principals) {
  std::size_t width = 4;
  for (const json& each : principals) {
    width = std::max(width, each.value("name", "").size());
  }
  const auto line = [width](const std::string& name, const std::string& role, const std::string& id,
                            const std::string& expires, const std::string& groups) {
    std::cout << std::left << std::setw(static_cast<int>(width) + 2) << name << std::setw(13) << role << std::setw(38)
              << id << std::setw(26) << expires << groups << '\n';
  };
  line("NAME", "ROLE", "CLIENT ID", "SECRET EXPIRES", "GROUPS");
  for (const json& each : principals) {
    line(each.value("name", ""), each.value("role", ""), each.value("clientId", ""), each.value("secretExpires", "-"),
         groups_text(each));
  }
}

/// With `--out` what is new and secret goes to the file only.
void show(const PrincipalLine& line, json document) {
  if (!line.out.empty()) {
    replace_private_file(fs::absolute(line.out), document.dump(2) + "\n");
    document.erase("clientSecret");
  }
  if (line.format == "json") {
    std::cout << document.dump(2) << '\n';
  } else if (document.contains("value")) {
    print_table(document.at("value"));
  } else {
    print_one(document);
  }
}

json with_days(const PrincipalLine& line, json body) {
  if (line.days > 0) {
    body["days"] = line.days;
  }
  return body;
}

void add(const PrincipalLine& line) {
  show(line, ask(line, "PUT", "", with_days(line, {{"role", line.role}, {"groups", line.groups}})));
}

void list(const PrincipalLine& line) {
  const json all = ask(line, "GET");
  show(line, line.format == "json" ? all.at("value") : all);
}

void update(const PrincipalLine& line) {
  json body = json::object();
  if (!line.role.empty()) {
    body["role"] = line.role;
  }
  if (!line.groups.empty()) {
    body["groups"] = line.groups;
  }
  show(line, ask(line, "PATCH", "", body));
}

void renew(const PrincipalLine& line) {
  json body = with_days(line, json::object());
  if (line.overlap > 0) {
    body["overlapHours"] = line.overlap;
  }
  show(line, ask(line, "POST", "renew", body));
}

void remove(const PrincipalLine& line) { ask(line, "DELETE"); }

/// The subcommands, each with what it does.
class PrincipalApp {
 public:
  PrincipalApp() {
    app_.require_subcommand(1);
    auto* added = command("add", "Let somebody sign in, and print the secret", add);
    named(added);
    role(added)->required();
    groups(added);
    secret(added);
    command("list", "List who may sign in", list);
    auto* updated = command("update", "Change the role, or what it is for", update);
    named(updated);
    role(updated);
    groups(updated);
    auto* renewed = command("renew", "Print a new secret; the old one is void", renew);
    named(renewed);
    secret(renewed);
    renewed->add_option("--overlap", line_.overlap, "Hours for which the old secret is still valid")
        ->check(CLI::Range(1, 720));
    named(command("remove", "Let somebody not sign in any more", remove));
  }

  int run(int count, const char* const* words) {
    try {
      app_.parse(count, words);
    } catch (const CLI::CallForHelp&) {
      const auto chosen = app_.get_subcommands();
      std::cout << (chosen.empty() ? app_.help() : chosen.front()->help());
      return 0;
    } catch (const CLI::ParseError& error) {
      throw UsageError(std::string(error.what()) + " (batchai-server principal --help lists the commands)");
    }
    for (const auto& [command, work] : commands_) {
      if (command->parsed()) {
        work(line_);
      }
    }
    return 0;
  }

 private:
  using Work = void (*)(const PrincipalLine&);

  CLI::App* command(const char* name, const char* summary, Work work) {
    auto* made = app_.add_subcommand(name, summary);
    made->add_option("--data-dir", line_.data_dir, "Data folder of the service; that of 'batchai local' by default");
    made->add_option("-o,--output", line_.format, "text or json")->check(CLI::IsMember({"text", "json"}));
    commands_.emplace_back(made, work);
    return made;
  }

  void named(CLI::App* command) { command->add_option("-n,--name", line_.name, "Name of the principal")->required(); }

  CLI::Option* role(CLI::App* command) {
    return command->add_option("--role", line_.role, "owner, contributor or reader")
        ->check(CLI::IsMember({"owner", "contributor", "reader"}));
  }

  void groups(CLI::App* command) {
    command->add_option("-g,--group", line_.groups, "Resource groups that the role is for; all by default")
        ->type_name("GROUP ...");
  }

  void secret(CLI::App* command) {
    command->add_option("--days", line_.days, "How long the secret is valid; 365 by default")
        ->check(CLI::Range(1, 3650));
    command->add_option("--out", line_.out, "File (0600) to write the secret to instead of printing it");
  }

  PrincipalLine line_;
  CLI::App app_{"Who may use the service.", "batchai-server principal"};
  std::vector<std::pair<CLI::App*, Work>> commands_;
};

}  // namespace

int run_principal_command(int count, const char* const* words) { return PrincipalApp().run(count, words); }

}  // namespace batchai::server

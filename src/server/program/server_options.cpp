#include "server/program/server_options.hpp"

#include "batchai/core/url.hpp"
#include "batchai/version.hpp"
#include "server/identity/guid_text.hpp"
#include "server/program/config_file.hpp"
#include "server/program/settings.hpp"

#include <algorithm>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

struct CommandLine {
  std::vector<std::pair<const Setting*, std::string>> given;
  std::string config;
  bool check_config = false;
  bool new_database = false;
  bool check_database = false;
};

void check_guid(const char* option, const std::string& value) {
  if (!value.empty() && !is_guid(value)) {
    throw UsageError(std::string(option) + " takes a GUID, not '" + value + "'");
  }
}

void check_account(const std::string& account) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool right_size = account.size() >= 3 && account.size() <= 24;
  if (!account.empty() && !(right_size && std::all_of(account.begin(), account.end(), allowed))) {
    throw UsageError("--account takes 3 to 24 lower-case letters and digits, not '" + account + "'");
  }
}

void check(const ServerOptions& options) {
  if (options.data_dir.empty()) {
    throw UsageError("--data-dir is required: the folder for everything the service keeps");
  }
  if (options.host.empty()) {
    throw UsageError("--host takes an address to listen on, not ''");
  }
  if (options.tls == TlsMode::Off && !is_loopback_host(options.host)) {
    throw UsageError("--host " + options.host +
                     " can be reached from other machines: leave out --tls off, or listen on 127.0.0.1");
  }
  if (options.management_port == options.files_port && options.management_port != 0) {
    throw UsageError("--management-port and --files-port are both " + std::to_string(options.files_port) +
                     ": they have to differ");
  }
  if (options.managed_identity && !is_loopback_host(options.host)) {
    throw UsageError("--managed-identity gives tokens to everyone who can connect: listen on 127.0.0.1, not on " +
                     options.host);
  }
  check_guid("--subscription", options.subscription);
  check_guid("--tenant", options.tenant);
  check_account(options.account);
}

/// Default values as help shows them.
std::string default_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void describe(CLI::App& app, CommandLine& line) {
  const ServerOptions defaults;
  for (const Setting& setting : settings()) {
    if (setting.kind == Setting::Kind::Flag) {
      app.add_flag_callback(
          "--" + setting.name, [&line, &setting] { line.given.emplace_back(&setting, "true"); }, setting.help);
    } else if (setting.on_command_line()) {
      app.add_option_function<std::string>(
             "--" + setting.name,
             [&line, &setting](const std::string& text) { line.given.emplace_back(&setting, text); }, setting.help)
          ->type_name(setting.kind == Setting::Kind::Number ? "NUMBER" : "TEXT")
          ->default_str(default_text(setting.get(defaults)))
          ->take_last();
    }
  }
  app.add_option("--config", line.config, "JSON file with the same names, and with quotas, limits and operations");
  app.add_flag("--new-database", line.new_database,
               "For one start: make a new database for a data folder that has lost its own");
  app.add_flag("--check-config", line.check_config, "Print the settings that would hold, as such a file, and end");
  app.add_flag("--check", line.check_database, "Check the whole database for damage, and end");
  app.footer("batchai-server principal --help: who may use the service");
  app.set_version_flag("--version", std::string("batchai-server " BATCHAI_VERSION));
}

ServerOptions combine(const CommandLine& line) {
  ServerOptions options;
  if (!line.config.empty()) {
    apply_config_file(line.config, options);
  }
  for (const auto& [setting, text] : line.given) {
    try {
      setting->set(options, text);
    } catch (const SettingError& error) {
      throw UsageError("--" + setting->name + " " + error.what());
    }
  }
  options.new_database = line.new_database;
  options.check_database = line.check_database;
  check(options);
  return options;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const std::string text(host);
  return Url::parse("http://" + (text.find(':') == std::string::npos ? text : "[" + text + "]")).is_loopback();
}

std::optional<ServerOptions> read_server_options(int count, const char* const* words) {
  CommandLine line;
  CLI::App app("The self-hosted Batch AI service: sign-in, resource manager, Batch AI and Azure Files.",
               "batchai-server");
  describe(app, line);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return std::nullopt;
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << '\n';
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw UsageError(std::string(error.what()) + " (batchai-server --help lists the options)");
  }
  ServerOptions options = combine(line);
  if (line.check_config) {
    std::cout << settings_document(options).dump(2) << '\n';
    return std::nullopt;
  }
  return options;
}

}  // namespace batchai::server

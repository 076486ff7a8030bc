#include "server/program/server_options.hpp"

#include "batchai/core/url.hpp"
#include "server/identity/guid_text.hpp"

#include <algorithm>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

/// Reads the configuration file as JSON instead of CLI11's own form.
class JsonConfig final : public CLI::Config {
 public:
  explicit JsonConfig(const CLI::App& app) : app_(app) {}

  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return "{}\n"; }

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> entries;
    try {
      const auto document = nlohmann::json::parse(input);
      for (const auto& [name, value] : document.get<nlohmann::json::object_t>()) {
        if (app_.get_option_no_throw("--" + name) == nullptr) {
          throw CLI::FileError("the file given with --config has the member '" + name + "', which is no option");
        }
        CLI::ConfigItem item;
        item.name = name;
        item.inputs = {value.is_string() ? value.get<std::string>() : value.dump()};
        entries.push_back(std::move(item));
      }
    } catch (const nlohmann::json::exception& error) {
      throw CLI::FileError(std::string("the file given with --config is not a JSON object: ") + error.what());
    }
    return entries;
  }

 private:
  const CLI::App& app_;
};

void read_tls(ServerOptions& options, const std::string& text) {
  if (text == "auto" || text == "off") {
    options.tls = text == "auto" ? TlsMode::Auto : TlsMode::Off;
    return;
  }
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos || comma == 0 || comma + 1 == text.size()) {
    throw UsageError("--tls takes 'auto', 'off' or CERTIFICATE,KEY (two PEM files), not '" + text + "'");
  }
  options.tls = TlsMode::Files;
  options.certificate = text.substr(0, comma);
  options.private_key = text.substr(comma + 1);
}

void check(const ServerOptions& options, const std::string& engine) {
  if (options.tls == TlsMode::Off && !is_loopback_host(options.host)) {
    throw UsageError("--host " + options.host +
                     " can be reached from other machines: leave out --tls off, or listen on 127.0.0.1");
  }
  if (options.managed_identity && !is_loopback_host(options.host)) {
    throw UsageError("--managed-identity gives tokens to everyone who can connect: listen on 127.0.0.1, not on " +
                     options.host);
  }
  for (const auto& [name, value] : {std::pair("--subscription", options.subscription), {"--tenant", options.tenant}}) {
    if (!value.empty() && !is_guid(value)) {
      throw UsageError(std::string(name) + " takes a GUID, not '" + value + "'");
    }
  }
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool right_size = options.account.size() >= 3 && options.account.size() <= 24;
  if (!options.account.empty() &&
      !(right_size && std::all_of(options.account.begin(), options.account.end(), allowed))) {
    throw UsageError("--account takes 3 to 24 lower-case letters and digits, not '" + options.account + "'");
  }
  if (engine == "slurm") {
    throw UsageError("--engine slurm is not part of this build; --engine local runs jobs on this machine");
  }
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const std::string text(host);
  return Url::parse("http://" + (text.find(':') == std::string::npos ? text : "[" + text + "]")).is_loopback();
}

std::optional<ServerOptions> read_server_options(int count, const char* const* words) {
  ServerOptions options;
  std::string tls = "auto";
  std::string engine = "local";
  std::string containers = "refuse";
  CLI::App app("The self-hosted Batch AI service: sign-in, resource manager, Batch AI and Azure Files.",
               "batchai-server");
  app.add_option("--data-dir", options.data_dir, "Folder for everything the service keeps")->required();
  app.add_option("--host", options.host, "Address to listen on")->capture_default_str();
  app.add_option("--management-port", options.management_port, "0 picks a free one")->capture_default_str();
  app.add_option("--files-port", options.files_port, "0 picks a free one")->capture_default_str();
  app.add_option("--tls", tls, "auto, off, or CERTIFICATE,KEY")->capture_default_str();
  app.add_option("--engine", engine, "What runs jobs")->check(CLI::IsMember({"local", "slurm"}))->capture_default_str();
  app.add_option("--containers", containers, "Jobs that ask for a container: refuse, or host (run on the node itself)")
      ->check(CLI::IsMember({"refuse", "host"}))
      ->capture_default_str();
  app.add_option("--subscription", options.subscription, "Subscription id of a first start");
  app.add_option("--tenant", options.tenant, "Tenant id of a first start");
  app.add_option("--account", options.account, "Storage account of a first start");
  app.add_flag("--managed-identity", options.managed_identity,
               "Give tokens without a secret to everyone on this machine, as a virtual machine does");
  app.add_option("--log-level", options.log_level, "Least severity that is logged")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.set_config("--config", "", "JSON file with the same names");
  app.config_formatter(std::make_shared<JsonConfig>(app));
  app.allow_config_extras(CLI::config_extras_mode::error);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  options.containers_on_host = containers == "host";
  read_tls(options, tls);
  check(options, engine);
  return options;
}

}  // namespace batchai::server

#include "batchai/core/http.hpp"
#include "cli/account/commands.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/context.hpp"
#include "cli/app/result.hpp"
#include "cli/config/default_names.hpp"
#include "cli/frame/parse.hpp"
#include "cli/frame/suggest.hpp"
#include "core/joined.hpp"
#include "core/parse_number.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr const char* kSection = "defaults";

struct DefaultValue {
  std::string name;
  /// Empty: none from now on.
  std::string value;
};

[[noreturn]] void refuse_name(const std::string& name) {
  const std::vector<std::string> known{kDefaultNames.begin(), kDefaultNames.end()};
  const std::string near = nearest(name, known);
  throw UsageError("--defaults: there is no default '" + name + "'" +
                       (near.empty() ? std::string() : "; did you mean '" + near + "'?"),
                   "defaults are " + joined(known, ", "));
}

/// `KEY=VALUE`.
DefaultValue read_default(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError("--defaults: '" + text + "' is not KEY=VALUE", "'KEY=' removes a default");
  }
  DefaultValue wanted{to_lower(text.substr(0, equals)), text.substr(equals + 1)};
  if (!is_default_name(wanted.name)) {
    refuse_name(wanted.name);
  }
  return wanted;
}

/// Throws UsageError for a format that there is not, and for a number that is none.
DefaultValue checked(DefaultValue wanted) {
  for (const OptionSpec& option : global_options()) {
    if (option.setting == wanted.name && !wanted.value.empty()) {
      wanted.value = checked_value(option, wanted.value);
    }
  }
  if (wanted.name == "max_nodes" && !wanted.value.empty() && !parse_number<std::uint16_t>(wanted.value)) {
    throw UsageError("--defaults: max_nodes: '" + wanted.value + "' is not a number of nodes");
  }
  return wanted;
}

std::string profile_to_change(Context& context) {
  const Profile* profile = context.settings.profile();
  if (profile == nullptr) {
    throw CommandError(kSignIn, "there is no profile that defaults could be kept in",
                       "sign in with 'batchai login', start a service with 'batchai local start', or set variables as "
                       "BATCHAI_DEFAULTS_GROUP");
  }
  return profile->name;
}

void change_defaults(const std::vector<std::string>& given, Context& context) {
  const std::string profile = profile_to_change(context);
  std::vector<DefaultValue> wanted;
  for (const std::string& text : given) {
    wanted.push_back(checked(read_default(text)));
  }
  for (const DefaultValue& each : wanted) {
    const std::string what = each.value.empty() ? "remove the default '" + each.name + "' from"
                                                : "set the default '" + each.name + "' to '" + each.value + "' in";
    if (context.options.dry_run) {
      context.dry_run_action(what + " the profile '" + profile + "'");
    }
    if (context.settings.environment().find(defaults_variable(each.name))) {
      context.warn(defaults_variable(each.name) + " is set, and stronger than the profile");
    }
  }
  if (!context.options.dry_run) {
    const auto set_defaults = [&](Profile& changed) {
      for (const DefaultValue& each : wanted) {
        changed.values.set(kSection, each.name, each.value);
      }
    };
    context.settings.use_profile(context.settings.store().change_present(profile, set_defaults, context.warning()));
  }
}

/// As az lists them: those that have a value, and where it comes from.
json defaults_document(Context& context) {
  json shown = json::array();
  for (const std::string_view known : kDefaultNames) {
    const std::string name(known);
    if (const auto value = context.settings.default_of(name)) {
      const bool by_variable = context.settings.environment().find(defaults_variable(name)).has_value();
      const Profile* profile = context.settings.profile();
      const std::string file = profile == nullptr ? "" : context.settings.store().file_of(profile->name).string();
      shown.push_back({{"name", name}, {"source", by_variable ? defaults_variable(name) : file}, {"value", *value}});
    }
  }
  return shown;
}

Result configure(const Arguments& arguments, Context& context) {
  if (!arguments.has("defaults") && !arguments.flag("list")) {
    throw UsageError("say which defaults to set (--defaults KEY=VALUE ...), or --list");
  }
  if (arguments.has("defaults")) {
    change_defaults(arguments.list("defaults"), context);
  }
  return arguments.flag("list") ? Result::plain(defaults_document(context)) : Result::nothing();
}

constexpr Column kDefaultColumns[] = {{"Name", [](const json& item) { return cell_at(item, "/name"); }},
                                      {"Value", [](const json& item) { return cell_at(item, "/value"); }},
                                      {"Source", [](const json& item) { return cell_at(item, "/source"); }}};

}  // namespace

std::vector<CommandSpec> configure_commands() {
  return {{.name = "",
           .summary =
               "Set defaults for options, so that they need not be given: group, workspace, cluster, experiment, "
               "location, output, vm_size, max_nodes, share, image. They are kept in the profile.",
           .options = {{.name = "defaults",
                        .short_name = 'd',
                        .summary = "Defaults to set; 'KEY=' removes one.",
                        .kind = OptionKind::List,
                        .value_name = "KEY=VALUE"},
                       {.name = "list",
                        .short_name = 'l',
                        .summary = "List the defaults and where they come from.",
                        .kind = OptionKind::Flag,
                        .alias = "list-defaults"}},
           .run = configure,
           .columns = kDefaultColumns,
           .examples = {{"Work in one workspace", "batchai configure --defaults group=demo workspace=ws cluster=nc6"},
                        {"Ask for the experiment again", "batchai configure --defaults experiment="},
                        {"What holds now", "batchai configure --list"}}}};
}

}  // namespace batchai::cli

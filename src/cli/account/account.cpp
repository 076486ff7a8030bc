#include "batchai/core/http.hpp"
#include "cli/account/account_document.hpp"
#include "cli/account/commands.hpp"
#include "cli/account/subscriptions.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

/// As az shows it.
json user_document(const std::optional<Identity>& identity) {
  if (!identity || identity->kind == IdentityKind::AccessToken) {
    return json();
  }
  if (identity->kind != IdentityKind::ManagedIdentity) {
    return {{"name", identity->client_id}, {"type", "servicePrincipal"}};
  }
  const bool own = identity->client_id.empty();
  return {{"assignedIdentityInfo", own ? "MSI" : "MSIClient-" + identity->client_id},
          {"name", own ? "systemAssignedIdentity" : "userAssignedIdentity"},
          {"type", "servicePrincipal"}};
}

bool is_of_profile(const Identity& identity, const Profile& profile) {
  const auto stored = identity_from(profile);
  return stored && stored->kind == identity.kind && stored->client_id == identity.client_id;
}

constexpr Column kColumns[] = {
    {"Name",
     [](const json& item) { return item.value("name", json()).is_null() ? "" : item["name"].get<std::string>(); }},
    {"Cloud", [](const json& item) { return item.value("environmentName", ""); }},
    {"Subscription", [](const json& item) { return item["id"].is_null() ? "" : item["id"].get<std::string>(); }},
    {.heading = "Tenant",
     .cell = [](const json& item) { return item["tenantId"].is_null() ? "" : item["tenantId"].get<std::string>(); },
     .wide = true},
    {"Default", [](const json& item) { return std::string(item["isDefault"].get<bool>() ? "True" : "False"); }}};

/// What commands use at this moment: the environment takes precedence over the profile.
Result show(const Arguments&, Context& context) {
  const Identity identity = context.settings.identity();
  const Profile* profile = context.settings.profile();
  const bool by_profile = profile != nullptr && is_of_profile(identity, *profile);
  const Endpoints& endpoints = context.services.endpoints();
  const bool is_default = by_profile && context.settings.store().default_name() == profile->name;
  json document{{"environmentName", endpoints.cloud},
                {"filesEndpoint", text_or_null(endpoints.files)},
                {"id", context.services.subscription()},
                {"isDefault", is_default},
                {"name", by_profile ? json(profile->name) : json()},
                {"resourceManagerEndpoint", endpoints.resource_manager},
                {"tenantId", text_or_null(identity.tenant)},
                {"user", user_document(identity)}};
  return Result::plain(std::move(document));
}

/// Empty also where the choice cannot be read, of which it warns.
std::string chosen_profile(const ProfileStore& store, const Context& context) {
  try {
    return store.default_name();
  } catch (const std::exception& error) {
    context.warn(error.what());
    return {};
  }
}

Result list(const Arguments&, Context& context) {
  const ProfileStore store = context.settings.store();
  const std::string chosen = chosen_profile(store, context);
  json accounts = json::array();
  for (const std::string& name : store.names()) {
    try {
      if (const auto profile = store.load(name)) {
        accounts.push_back(account_document(*profile, name == chosen));
      }
    } catch (const std::exception& error) {
      context.warn(error.what());
    }
  }
  return Result::plain(std::move(accounts));
}

/// The first profile that uses the subscription; skips broken ones, with a warning.
std::optional<Profile> profile_of(const ProfileStore& store, const std::string& subscription, const Context& context) {
  for (const std::string& name : store.names()) {
    try {
      auto profile = store.load(name);
      if (profile && iequals(profile->get("subscription"), subscription)) {
        return profile;
      }
    } catch (const std::exception& error) {
      context.warn(error.what());
    }
  }
  return std::nullopt;
}

/// The profile of this name or, among all profiles, the one with this subscription.
Profile find_profile(const ProfileStore& store, const Arguments& arguments, Context& context) {
  if (const auto name = arguments.find("name")) {
    if (auto profile = store.load(*name)) {
      return *profile;
    }
    throw CommandError(kNotFound, "there is no profile '" + *name + "'", "see 'batchai account list'");
  }
  if (auto profile = profile_of(store, arguments.get("subscription"), context)) {
    return *std::move(profile);
  }
  if (const Profile* current = context.settings.profile()) {
    return *current;
  }
  throw CommandError(kSignIn, "there is no profile to change", "sign in with 'batchai login'");
}

/// The id of the subscription that is to be used, if it is another one. The service that the profile signs in to knows
/// whether there is one of this id or name.
std::optional<std::string> new_subscription(const Profile& profile, const Arguments& arguments, Context& context) {
  const auto wanted = arguments.find("subscription");
  if (!wanted || iequals(profile.get("subscription"), *wanted)) {
    return std::nullopt;
  }
  Settings settings(context.host.environment, profile.name);
  Services services(context.host, settings, context.options);
  const std::vector<Subscription> seen = visible_subscriptions(services.credential(), services, context.call());
  if (const auto found = find_subscription(seen, *wanted)) {
    return found->subscription_id;
  }
  throw no_such_subscription(*wanted, seen);
}

void plan_set(const Profile& profile, const std::optional<std::string>& subscription, const Context& context) {
  if (subscription) {
    context.dry_run_action("use the subscription '" + *subscription + "' in the profile '" + profile.name + "'");
  }
  if (chosen_profile(context.settings.store(), context) != profile.name) {
    context.dry_run_action("make '" + profile.name + "' the default profile");
  }
}

Result set(const Arguments& arguments, Context& context) {
  if (!arguments.has("name") && !arguments.has("subscription")) {
    throw UsageError("say which profile (-n) or subscription (-s) to use");
  }
  const ProfileStore store = context.settings.store();
  const Profile profile = find_profile(store, arguments, context);
  const auto subscription = new_subscription(profile, arguments, context);
  if (context.options.dry_run) {
    plan_set(profile, subscription, context);
    return Result::nothing();
  }
  if (subscription) {
    store.change_present(
        profile.name, [&](Profile& changed) { changed.set("subscription", *subscription); }, context.warning());
  }
  store.set_default(profile.name, context.warning());
  return Result::nothing();
}

Result logout(const Arguments&, Context& context) {
  const ProfileStore store = context.settings.store();
  const std::string name = context.options.profile ? *context.options.profile : store.default_name();
  if (name.empty()) {
    throw CommandError(kSignIn, "not signed in: there is no profile to remove");
  }
  if (!store.exists(name)) {
    throw CommandError(kNotFound, "there is no profile '" + name + "'", "see 'batchai account list'");
  }
  const auto linked = store.linked_file(name);
  const std::string what = "the profile '" + name + "'" +
                           (linked ? " with the file that it is a link to, " + linked->string() : std::string());
  const std::filesystem::path& tokens = context.settings.paths().token_cache;
  if (context.options.dry_run) {
    context.dry_run_action("remove " + what + ", and all cached tokens in " + tokens.string());
    return Result::nothing();
  }
  store.remove(name);
  std::filesystem::remove(tokens);
  context.notice("removed " + what);
  return Result::nothing();
}

}  // namespace

json account_document(const Profile& profile, bool is_default) {
  const std::string cloud = profile.get("cloud");
  return {{"environmentName", cloud.empty() ? "AzureCloud" : cloud},
          {"filesEndpoint", text_or_null(profile.get("files_endpoint"))},
          {"id", text_or_null(profile.get("subscription"))},
          {"isDefault", is_default},
          {"name", profile.name},
          {"resourceManagerEndpoint", text_or_null(profile.get("resource_manager"))},
          {"tenantId", text_or_null(profile.get("tenant"))},
          {"user", user_document(identity_from(profile))}};
}

std::vector<CommandSpec> logout_commands() {
  return {{.name = "",
           .summary = "Forget a profile, its secret and all cached tokens.",
           .options = {},
           .run = logout,
           .examples = {{"The default profile", "batchai logout"}, {"Another one", "batchai logout --profile local"}},
           .mends_profiles = true}};
}

std::vector<CommandSpec> account_commands() {
  std::vector<CommandSpec> commands{
      {.name = "show",
       .summary = "Show who is signed in, and where.",
       .options = {},
       .run = show,
       .columns = kColumns,
       .examples = {{"The default profile", "batchai account show"},
                    {"Another one, as a table", "batchai account show --profile local -o table"}}},
      {.name = "list",
       .summary = "List the profiles.",
       .options = {},
       .run = list,
       .columns = kColumns,
       .examples = {{"All of them", "batchai account list -o table"},
                    {"For a script: one per line", "batchai account list -o tsv"}},
       .mends_profiles = true},
      {.name = "set",
       .summary = "Choose the default profile, or its subscription.",
       .options =
           {{.name = "name", .short_name = 'n', .summary = "Profile to use from now on.", .value_name = "PROFILE"},
            {.name = "subscription",
             .short_name = 's',
             .summary = "Subscription to use from now on, by id or name.",
             .value_name = "ID"}},
       .run = set,
       .examples = {{"Use the service on this machine", "batchai account set -n local"},
                    {"Use another subscription", "batchai account set -s 00000000-0000-0000-0000-000000000000"}},
       .mends_profiles = true}};
  for (CommandSpec& command : token_commands()) {
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace batchai::cli

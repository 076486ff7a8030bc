#include "cli/account/account_document.hpp"
#include "cli/account/commands.hpp"
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
    {"Tenant", [](const json& item) { return item["tenantId"].is_null() ? "" : item["tenantId"].get<std::string>(); }},
    {"Default", [](const json& item) { return std::string(item["isDefault"].get<bool>() ? "True" : "False"); }}};

/// What commands use at this moment: the environment is stronger than the profile.
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

Result list(const Arguments&, Context& context) {
  const ProfileStore store = context.settings.store();
  const std::string chosen = store.default_name();
  json accounts = json::array();
  for (const std::string& name : store.names()) {
    if (const auto profile = store.load(name)) {
      accounts.push_back(account_document(*profile, name == chosen));
    }
  }
  return Result::plain(std::move(accounts));
}

/// The profile that a name or, among all profiles, a subscription stands for.
Profile find_profile(const ProfileStore& store, const Arguments& arguments, Context& context) {
  if (const auto name = arguments.find("name")) {
    if (auto profile = store.load(*name)) {
      return *profile;
    }
    throw CommandError(kNotFound, "there is no profile '" + *name + "'", "see 'batchai account list'");
  }
  for (const std::string& name : store.names()) {
    if (auto profile = store.load(name); profile && profile->get("subscription") == arguments.get("subscription")) {
      return *profile;
    }
  }
  if (const Profile* current = context.settings.profile()) {
    return *current;
  }
  throw CommandError(kSignIn, "there is no profile to change", "sign in with 'batchai login'");
}

void plan_set(const Profile& profile, const Arguments& arguments, const Context& context) {
  if (const auto subscription = arguments.find("subscription")) {
    context.would("use the subscription '" + *subscription + "' in the profile '" + profile.name + "'");
  }
  if (context.settings.store().default_name() != profile.name) {
    context.would("make '" + profile.name + "' the default profile");
  }
}

Result set(const Arguments& arguments, Context& context) {
  if (!arguments.has("name") && !arguments.has("subscription")) {
    throw UsageError("say which profile (-n) or subscription (-s) to use");
  }
  const ProfileStore store = context.settings.store();
  Profile profile = find_profile(store, arguments, context);
  if (context.options.dry_run) {
    plan_set(profile, arguments, context);
    return Result::nothing();
  }
  if (const auto subscription = arguments.find("subscription")) {
    profile.set("subscription", *subscription);
    store.save(profile);
  }
  store.set_default(profile.name);
  return Result::nothing();
}

Result logout(const Arguments&, Context& context) {
  const ProfileStore store = context.settings.store();
  const std::string name = context.options.profile.value_or(store.default_name());
  if (name.empty()) {
    throw CommandError(kSignIn, "not signed in: there is no profile to remove");
  }
  if (!store.load(name)) {
    throw CommandError(kNotFound, "there is no profile '" + name + "'", "see 'batchai account list'");
  }
  const std::filesystem::path& tokens = context.settings.paths().token_cache;
  if (context.options.dry_run) {
    context.would("remove the profile '" + name + "', and all cached tokens in " + tokens.string());
    return Result::nothing();
  }
  store.remove(name);
  std::filesystem::remove(tokens);
  context.say("removed the profile '" + name + "'");
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
           .examples = {{"The default profile", "batchai logout"}, {"Another one", "batchai logout --profile local"}}}};
}

std::vector<CommandSpec> account_commands() {
  return {{.name = "show",
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
                        {"For a script: one per line", "batchai account list -o tsv"}}},
          {.name = "set",
           .summary = "Choose the default profile, or its subscription.",
           .options =
               {{.name = "name", .short_name = 'n', .summary = "Profile to use from now on.", .value_name = "PROFILE"},
                {.name = "subscription",
                 .short_name = 's',
                 .summary = "Subscription to use from now on.",
                 .value_name = "ID"}},
           .run = set,
           .examples = {{"Use the service on this machine", "batchai account set -n local"},
                        {"Use another subscription", "batchai account set -s 00000000-0000-0000-0000-000000000000"}}}};
}

}  // namespace batchai::cli

#include "batchai/core/credential.hpp"
#include "batchai/core/http.hpp"
#include "cli/account/commands.hpp"
#include "cli/account/subscriptions.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"

#include <array>
#include <ctime>

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr Column kSubscriptionColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Subscription", [](const json& item) { return cell_at(item, "/id"); }},
    {.heading = "Tenant", .cell = [](const json& item) { return cell_at(item, "/tenantId"); }, .wide = true},
    {.heading = "State", .cell = [](const json& item) { return cell_at(item, "/state"); }, .kind = ColumnKind::State},
    {"Default", [](const json& item) { return std::string(item["isDefault"].get<bool>() ? "True" : "False"); }}};

json known_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

/// Empty where none is chosen, which is no error here.
std::string chosen_subscription(Context& context) {
  try {
    return context.services.subscription();
  } catch (const CommandError&) {
    return {};
  }
}

Result list_subscriptions(const Arguments&, Context& context) {
  const auto seen = visible_subscriptions(context.services.credential(), context.services, context.call());
  const std::string chosen = chosen_subscription(context);
  json shown = json::array();
  for (const Subscription& each : seen) {
    shown.push_back({{"id", each.subscription_id},
                     {"isDefault", iequals(each.subscription_id, chosen)},
                     {"name", each.display_name},
                     {"state", each.state},
                     {"tenantId", known_or_null(each.tenant_id)}});
  }
  return Result::plain(std::move(shown));
}

/// As az writes it: in the time zone of this machine, which is not named.
std::string local_time(std::time_t seconds) {
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S.000000", &parts);
  return {text.data(), size};
}

/// What the token is for: as --resource or --scope says, else the management of resources.
std::string resource_of(const Arguments& arguments, const Context& context) {
  constexpr std::string_view kSuffix = "/.default";
  if (arguments.has("resource") && arguments.has("scope")) {
    throw UsageError("--resource and --scope exclude each other");
  }
  std::string scope = arguments.get("scope");
  if (scope.empty()) {
    return arguments.find("resource").value_or(context.services.endpoints().audience);
  }
  if (!scope.ends_with(kSuffix)) {
    throw UsageError("--scope: '" + scope + "' is not RESOURCE/.default",
                     "service principals get tokens for all of it");
  }
  scope.resize(scope.size() - kSuffix.size());
  return scope;
}

/// The only command that prints a token: on standard output, as its result.
Result get_access_token(const Arguments& arguments, Context& context) {
  Identity identity = context.settings.identity();
  if (const auto tenant = arguments.find("tenant")) {
    identity.tenant = *tenant;
  }
  const std::string resource = resource_of(arguments, context);
  const auto token = context.services.credential_of(identity)->get_token({.resource = resource}, context.call());
  json document{{"accessToken", token.token.reveal()},
                {"expiresOn", json()},
                {"expires_on", json()},
                {"subscription", known_or_null(chosen_subscription(context))},
                {"tenant", known_or_null(identity.tenant)},
                {"tokenType", "Bearer"}};
  if (identity.kind != IdentityKind::AccessToken) {  // nobody knows when that one ends
    const auto seconds = std::chrono::floor<std::chrono::seconds>(token.expires_on).time_since_epoch().count();
    document["expiresOn"] = local_time(seconds);
    document["expires_on"] = seconds;
  }
  return Result::plain(std::move(document));
}

}  // namespace

std::vector<CommandSpec> token_commands() {
  return {
      {.name = "list-subscriptions",
       .summary = "List the subscriptions that can be used.",
       .options = {},
       .run = list_subscriptions,
       .columns = kSubscriptionColumns,
       .examples = {{"As a table", "batchai account list-subscriptions -o table"},
                    {"Their ids alone", "batchai account list-subscriptions --query '[].id' -o tsv"}}},
      {.name = "get-access-token",
       .summary = "Print a token for requests of other programs. Whoever has it can do what you can.",
       .options = {{.name = "resource",
                    .summary = "What it is for; default: management of resources.",
                    .value_name = "URL"},
                   {.name = "scope", .summary = "The same, as RESOURCE/.default.", .value_name = "SCOPE"},
                   {.name = "tenant",
                    .short_name = 't',
                    .summary = "Tenant to get it from; default: that of who is signed in.",
                    .value_name = "TENANT"}},
       .run = get_access_token,
       .examples = {
           {"For a header 'Authorization: Bearer …'", "batchai account get-access-token --query accessToken -o tsv"},
           {"For Azure Files", "batchai account get-access-token --resource https://storage.azure.com/"}}}};
}

}  // namespace batchai::cli

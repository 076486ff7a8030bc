#include "batchai/arm/client.hpp"
#include "batchai/core/credential.hpp"
#include "cli/account/account_document.hpp"
#include "cli/account/commands.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "core/private_file.hpp"

#include <iterator>

namespace batchai::cli {
namespace {

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

/// `-`: standard input; `@FILE`: a file; nothing: asked for on a terminal; else the secret itself.
Secret read_secret(const Arguments& arguments, Context& context) {
  const auto given = arguments.find("password");
  std::string secret;
  if (given == "-") {
    secret = std::string(std::istreambuf_iterator<char>(context.io.in), {});
  } else if (given && given->starts_with('@')) {
    const std::optional<std::string> text = read_file(given->substr(1));
    if (!text) {
      throw UsageError("-p: there is no file '" + given->substr(1) + "'");
    }
    secret = *text;
  } else if (given) {
    secret = *given;
  } else if (context.io.in_terminal && context.io.err_terminal) {
    secret = read_hidden_line(context.io, "Secret of the service principal: ");
  } else {
    throw UsageError("missing: -p/--password", "use '-p -' to read the secret from standard input, or '-p @FILE'");
  }
  secret = without_line_end(std::move(secret));
  if (secret.empty()) {
    throw UsageError("the secret of the service principal is empty");
  }
  return Secret(std::move(secret));
}

std::shared_ptr<TokenCredential> sign_in(const Identity& identity, Context& context) {
  auto credential = context.services.credential_of(identity);
  try {
    credential->get_token({.resource = context.services.endpoints().audience, .force_refresh = true}, context.call());
  } catch (const AuthenticationError& error) {
    throw CommandError(kSignIn, error.what(), "check the id, the secret and the tenant");
  }
  return credential;
}

/// The wanted subscription, else the first one that the principal can see.
std::string choose_subscription(const std::shared_ptr<TokenCredential>& credential, const Arguments& arguments,
                                Context& context) {
  const Endpoints& endpoints = context.services.endpoints();
  const ArmClient arm(credential, arguments.get("subscription"),
                      {endpoints.resource_manager, endpoints.audience, context.services.client_options()});
  const std::vector<Subscription> seen = arm.subscriptions().list(context.call()).to_vector();
  if (const auto wanted = arguments.find("subscription")) {
    const bool visible = std::any_of(
        seen.begin(), seen.end(), [&](const Subscription& candidate) { return candidate.subscription_id == *wanted; });
    if (!visible) {
      context.warn("the service principal does not see the subscription '" + *wanted + "'");
    }
    return *wanted;
  }
  if (seen.empty() && !arguments.flag("allow-no-subscriptions")) {
    throw CommandError(kSignIn, "the service principal sees no subscription",
                       "give it a role in one, name one with -s, or add --allow-no-subscriptions");
  }
  if (seen.size() > 1) {
    context.say("using the first of " + std::to_string(seen.size()) +
                " subscriptions; choose another one with 'batchai account set -s ID'");
  }
  return seen.empty() ? "" : seen.front().subscription_id;
}

Profile make_profile(const std::string& name, const Identity& identity, const std::string& subscription,
                     const Endpoints& endpoints, const ProfileStore& store) {
  Profile profile = store.load(name).value_or(Profile{name, {}});
  profile.set("tenant", identity.tenant);
  profile.set("client_id", identity.client_id);
  profile.set("client_secret", identity.client_secret.reveal());
  profile.set("subscription", subscription);
  profile.set("cloud", endpoints.cloud);
  profile.set("authority", endpoints.authority);
  profile.set("resource_manager", endpoints.resource_manager);
  profile.set("files_endpoint", endpoints.files);
  profile.set("ca_bundle", endpoints.ca_bundle);
  return profile;
}

Result login(const Arguments& arguments, Context& context) {
  context.settings.forget_profile();
  if (!arguments.flag("service-principal")) {
    throw UsageError("only service principals can sign in", "add --service-principal, with -u ID -p SECRET -t TENANT");
  }
  const Identity identity{.tenant = arguments.get("tenant"),
                          .client_id = arguments.get("username"),
                          .client_secret = read_secret(arguments, context)};
  const auto credential = sign_in(identity, context);
  const std::string subscription = choose_subscription(credential, arguments, context);
  const ProfileStore store = context.settings.store();
  const Profile profile = make_profile(context.options.profile.value_or("default"), identity, subscription,
                                       context.services.endpoints(), store);
  store.save(profile);
  store.set_default(profile.name);
  return Result::plain(nlohmann::json::array({account_document(profile, true)}));
}

Result version(const Arguments&, Context&) { return Result::plain({{"batchai", BATCHAI_VERSION}}); }

}  // namespace

std::vector<CommandSpec> login_commands() {
  return {
      {.name = "",
       .summary = "Sign in as a service principal and keep that as a profile.",
       .options =
           {{.name = "service-principal", .summary = "Sign in as a service principal.", .kind = OptionKind::Flag},
            {.name = "username", .short_name = 'u', .summary = "Its client id.", .value_name = "ID", .required = true},
            {.name = "password",
             .short_name = 'p',
             .summary = "Its secret: '-' reads standard input, @FILE a file. Asked for on a terminal.",
             .value_name = "SECRET"},
            {.name = "tenant", .short_name = 't', .summary = "Its tenant.", .value_name = "TENANT", .required = true},
            {.name = "subscription",
             .short_name = 's',
             .summary = "Subscription to use; default: the first one it sees.",
             .value_name = "ID"},
            {.name = "allow-no-subscriptions",
             .summary = "Sign in even if it sees no subscription.",
             .kind = OptionKind::Flag}},
       .run = login,
       .examples = {{"The secret from a file", "batchai login --service-principal -u ID -t TENANT -p @secret.txt"},
                    {"The secret from a password store",
                     "pass batchai | batchai login --service-principal -u ID -t TENANT -p -"}}}};
}

std::vector<CommandSpec> version_commands() {
  return {{.name = "",
           .summary = "Show the version.",
           .options = {},
           .run = version,
           .examples = {{"With its name", "batchai version"}, {"The number alone", "batchai version -o tsv"}},
           .uses_settings = false}};
}

}  // namespace batchai::cli

#include "batchai/arm/client.hpp"
#include "batchai/core/credential.hpp"
#include "cli/account/account_document.hpp"
#include "cli/account/commands.hpp"
#include "cli/account/sign_in_options.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

/// What to look at after a refusal.
std::string advice_for(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::Certificate:
      return "check the id and the tenant, and that the certificate is registered there";
    case IdentityKind::FederatedToken:
      return "check the id, the tenant and the file, and what is registered there for the token's issuer and subject";
    case IdentityKind::ManagedIdentity:
      return "check that this machine has a managed identity, and -u";
    case IdentityKind::AccessToken:
    case IdentityKind::ClientSecret:
      break;
  }
  return "check the id, the secret and the tenant";
}

std::shared_ptr<TokenCredential> sign_in(const Identity& identity, Context& context) {
  auto credential = context.services.credential_of(identity);
  try {
    credential->get_token({.resource = context.services.endpoints().audience, .force_refresh = true}, context.call());
  } catch (const AuthenticationError& error) {
    throw CommandError(kSignIn, error.what(), advice_for(identity.kind));
  }
  return credential;
}

/// The wanted subscription, else the first one that the principal can see; one without id if it sees none.
Subscription choose_subscription(const std::shared_ptr<TokenCredential>& credential, const Arguments& arguments,
                                 Context& context) {
  const Endpoints& endpoints = context.services.endpoints();
  const ArmClient arm(credential, arguments.get("subscription"),
                      {endpoints.resource_manager, endpoints.audience, context.services.client_options()});
  const std::vector<Subscription> seen = arm.subscriptions().list(context.call()).to_vector();
  if (const auto wanted = arguments.find("subscription")) {
    const auto visible = std::find_if(
        seen.begin(), seen.end(), [&](const Subscription& candidate) { return candidate.subscription_id == *wanted; });
    if (visible != seen.end()) {
      return *visible;
    }
    context.warn("the service principal does not see the subscription '" + *wanted + "'");
    return {.subscription_id = *wanted};
  }
  if (seen.empty() && !arguments.flag("allow-no-subscriptions")) {
    throw CommandError(kSignIn, "the service principal sees no subscription",
                       "give it a role in one, name one with -s, or add --allow-no-subscriptions");
  }
  if (seen.size() > 1) {
    context.say("using the first of " + std::to_string(seen.size()) +
                " subscriptions; choose another one with 'batchai account set -s ID'");
  }
  return seen.empty() ? Subscription{} : seen.front();
}

Profile make_profile(const std::string& name, const Identity& identity, const std::string& subscription,
                     const Endpoints& endpoints, const ProfileStore& store) {
  Profile profile = store.load(name).value_or(Profile{name, {}});
  set_identity(profile, identity);
  profile.set("subscription", subscription);
  profile.set("cloud", endpoints.cloud);
  profile.set("authority", endpoints.authority);
  profile.set("resource_manager", endpoints.resource_manager);
  profile.set("files_endpoint", endpoints.files);
  profile.set("ca_bundle", endpoints.ca_bundle);
  return profile;
}

Result login(const Arguments& arguments, Context& context) {
  Identity identity = read_identity(arguments, context);
  const auto credential = sign_in(identity, context);
  const Subscription subscription = choose_subscription(credential, arguments, context);
  if (identity.tenant.empty()) {
    identity.tenant = subscription.tenant_id;  // a managed identity is not told its tenant
  }
  const ProfileStore store = context.settings.store();
  const Profile profile = make_profile(context.options.profile.value_or("default"), identity,
                                       subscription.subscription_id, context.services.endpoints(), store);
  if (context.options.dry_run) {
    context.would("save the profile '" + profile.name + "' and make it the default");
    return Result::nothing();
  }
  store.save(profile);
  store.set_default(profile.name);
  return Result::plain(nlohmann::json::array({account_document(profile, true)}));
}

Result version(const Arguments&, Context&) { return Result::plain({{"batchai", BATCHAI_VERSION}}); }

}  // namespace

std::vector<CommandSpec> login_commands() {
  return {{.name = "",
           .summary = "Sign in as a service principal or managed identity, and keep that as a profile.",
           .options = join(sign_in_options(), {{.name = "subscription",
                                                .short_name = 's',
                                                .summary = "Subscription to use; default: the first one it sees.",
                                                .value_name = "ID"},
                                               {.name = "allow-no-subscriptions",
                                                .summary = "Sign in even if it sees no subscription.",
                                                .kind = OptionKind::Flag}}),
           .run = login,
           .examples = {{"The secret from a file", "batchai login --service-principal -u ID -t TENANT -p @secret.txt"},
                        {"A certificate with its key",
                         "batchai login --service-principal -u ID -t TENANT --certificate robot.pem"},
                        {"The identity of this virtual machine", "batchai login --identity"}},
           .makes_profile = true}};
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

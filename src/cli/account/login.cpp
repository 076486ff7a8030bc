#include "batchai/core/credential.hpp"
#include "batchai/core/http.hpp"
#include "cli/account/account_document.hpp"
#include "cli/account/commands.hpp"
#include "cli/account/sign_in_options.hpp"
#include "cli/account/subscriptions.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"

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

std::shared_ptr<TokenCredential> credential_of(const Identity& identity, const Arguments& arguments, Context& context) {
  try {
    return context.services.credential_of(identity);
  } catch (const InvalidArgument& error) {
    const bool by_password = identity.kind == IdentityKind::Certificate && !arguments.has("certificate");
    throw UsageError(error.what(), by_password ? "'-p @FILE' reads a secret from a file" : "");
  }
}

std::shared_ptr<TokenCredential> sign_in(const Identity& identity, const Arguments& arguments, Context& context) {
  auto credential = credential_of(identity, arguments, context);
  try {
    static_cast<void>(credential->get_token({.resource = context.services.endpoints().audience, .force_refresh = true},
                                            context.call()));
  } catch (const AuthenticationError& error) {
    throw CommandError(kSignIn, error.what(), advice_for(identity.kind));
  }
  return credential;
}

/// The wanted subscription, else the first one that the principal can see; one without id if it sees none. With
/// --allow-no-subscriptions the wanted one need not be seen.
Subscription choose_subscription(const std::shared_ptr<TokenCredential>& credential, const Arguments& arguments,
                                 Context& context) {
  const std::vector<Subscription> seen = visible_subscriptions(credential, context.services, context.call());
  if (const auto wanted = arguments.find("subscription")) {
    if (auto visible = find_subscription(seen, *wanted)) {
      return *visible;
    }
    if (!arguments.flag("allow-no-subscriptions")) {
      throw no_such_subscription(*wanted, seen);
    }
    return {.subscription_id = *wanted};
  }
  if (seen.empty() && !arguments.flag("allow-no-subscriptions")) {
    throw CommandError(kSignIn, "the service principal sees no subscription",
                       "give it a role in one, name one with -s, or add --allow-no-subscriptions");
  }
  if (seen.size() > 1) {
    context.notice("using the first of " + std::to_string(seen.size()) +
                   " subscriptions; choose another one with 'batchai account set -s ID'");
  }
  return seen.empty() ? Subscription{} : seen.front();
}

void set_sign_in(Profile& profile, const Identity& identity, const std::string& subscription,
                 const Endpoints& endpoints) {
  set_identity(profile, identity);
  profile.set("subscription", subscription);
  profile.set("cloud", endpoints.cloud);
  profile.set("authority", endpoints.authority);
  profile.set("resource_manager", endpoints.resource_manager);
  profile.set("files_endpoint", endpoints.files);
  profile.set("ca_bundle", endpoints.ca_bundle);
}

/// Where nothing says which service is meant, the local service is recognised by its tenant.
void find_service(const Identity& identity, Context& context) {
  const Environment& environment = context.settings.environment();
  const bool named = environment.find("AZURE_AUTHORITY_HOST") || environment.find("BATCHAI_CLOUD") ||
                     environment.find("BATCHAI_RESOURCE_MANAGER_ENDPOINT");
  if (named || identity.tenant.empty() || context.settings.find_paths() == nullptr) {
    return;
  }
  try {
    auto local = context.settings.store().load("local");
    if (local && iequals(local->get("tenant"), identity.tenant)) {
      context.notice("signing in to the local service at " + local->get("resource_manager"));
      context.settings.use_profile(*std::move(local));
    }
  } catch (const std::exception&) {
    return;  // it is broken, and perhaps this command repairs it
  }
}

Result login(const Arguments& arguments, Context& context) {
  Identity identity = read_identity(arguments, context);
  find_service(identity, context);
  const auto credential = sign_in(identity, arguments, context);
  const Subscription subscription = choose_subscription(credential, arguments, context);
  if (identity.tenant.empty()) {
    identity.tenant = subscription.tenant_id;  // a managed identity does not know its tenant
  }
  const std::string name = context.options.profile.value_or("default");
  if (context.options.dry_run) {
    context.dry_run_action("save the profile '" + name + "' and make it the default");
    return Result::nothing();
  }
  const Endpoints& endpoints = context.services.endpoints();
  const ProfileStore store = context.settings.store();
  const Profile profile = store.change(
      name, [&](Profile& changed) { set_sign_in(changed, identity, subscription.subscription_id, endpoints); },
      context.warning());
  store.set_default(name, context.warning());
  return Result::plain(nlohmann::json::array({account_document(profile, true)}));
}

Result version(const Arguments&, Context&) { return Result::plain({{"batchai", BATCHAI_VERSION}}); }

}  // namespace

std::vector<CommandSpec> login_commands() {
  return {{.name = "",
           .summary = "Sign in as a service principal or managed identity, and keep that as a profile.",
           .options = join(sign_in_options(),
                           {{.name = "subscription",
                             .short_name = 's',
                             .summary = "Subscription to use, by id or name; default: the first one it sees.",
                             .value_name = "ID"},
                            {.name = "allow-no-subscriptions",
                             .summary = "Sign in even if it sees no subscription, or not the one of -s.",
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

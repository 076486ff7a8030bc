#include "cli/account/sign_in_options.hpp"

#include "cli/frame/parse.hpp"
#include "core/private_file.hpp"

#include <initializer_list>
#include <iterator>

namespace batchai::cli {
namespace {

OptionSpec username_option() {
  return {.name = "username", .short_name = 'u', .summary = "Its client id.", .value_name = "ID"};
}

OptionSpec tenant_option() {
  return {.name = "tenant", .short_name = 't', .summary = "Its tenant.", .value_name = "TENANT"};
}

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

/// Whether -p names a certificate instead of a secret, as az takes it: there is a file of that name.
bool names_certificate(const Arguments& arguments, const Context& context) {
  std::error_code none;
  return !arguments.has("certificate") && arguments.has("password") &&
         std::filesystem::is_regular_file(context.settings.environment().with_home(arguments.get("password")), none);
}

/// `-`: standard input; `@FILE`: a file; else the secret itself.
Secret read_password(const std::string& given, Context& context) {
  std::string secret = given;
  if (given == "-") {
    secret = std::string(std::istreambuf_iterator<char>(context.io.in), {});
  } else if (given.starts_with('@')) {
    const std::optional<std::string> text = read_file(context.settings.environment().with_home(given.substr(1)));
    if (!text) {
      throw UsageError("-p: there is no file '" + given.substr(1) + "'");
    }
    secret = *text;
  }
  secret = without_line_end(std::move(secret));
  if (secret.empty()) {
    throw UsageError("-p: the secret is empty");
  }
  return Secret(std::move(secret));
}

/// Of the service principal; asked for on a terminal if the options do not name it.
Secret read_client_secret(const Arguments& arguments, Context& context) {
  if (const auto given = arguments.find("password")) {
    return read_password(*given, context);
  }
  if (!context.io.in_terminal || !context.io.err_terminal) {
    throw UsageError("missing: -p/--password", "use '-p -' to read the secret from standard input, or '-p @FILE'");
  }
  std::string secret = read_hidden_line(context.io, "Secret of the service principal: ");
  if (secret.empty()) {
    throw UsageError("the secret of the service principal is empty");
  }
  return Secret(std::move(secret));
}

void refuse_beside(const Arguments& arguments, const std::string& option, std::initializer_list<const char*> excluded) {
  for (const char* other : excluded) {
    if (arguments.has(option) && arguments.has(other)) {
      throw UsageError("--" + option + " and --" + other + " exclude each other");
    }
  }
}

void check_sign_in_options(const Arguments& arguments) {
  refuse_beside(arguments, "identity", {"password", "tenant", "certificate", "federated-token-file"});
  refuse_beside(arguments, "certificate", {"federated-token-file"});
  refuse_beside(arguments, "federated-token-file", {"password"});
  if (arguments.flag("identity")) {
    return;
  }
  if (!arguments.flag("service-principal")) {
    throw UsageError("only service principals and managed identities can sign in",
                     "add --service-principal, with -u ID -t TENANT and -p SECRET, or --identity");
  }
  std::vector<OptionSpec> required = {username_option(), tenant_option()};
  for (OptionSpec& option : required) {
    option.required = true;
  }
  check_required(required, "login", arguments);
}

/// Profiles are used from other folders later, so paths have to be absolute.
std::filesystem::path file_argument(const std::string& name, const Context& context) {
  if (name.empty()) {
    throw UsageError("the name of a file is empty");
  }
  return std::filesystem::absolute(context.settings.environment().with_home(name)).lexically_normal();
}

}  // namespace

std::vector<OptionSpec> sign_in_options() {
  return {
      {.name = "service-principal", .summary = "Sign in as a service principal.", .kind = OptionKind::Flag},
      username_option(),
      tenant_option(),
      {.name = "password",
       .short_name = 'p',
       .summary = "Its secret, or the password of its certificate: '-' reads standard input, @FILE a file. The name of "
                  "a certificate's file is taken as --certificate. A secret is asked for on a terminal.",
       .value_name = "SECRET",
       .reads_files = true},
      {.name = "certificate",
       .summary = "Instead of a secret: certificate with private key, PEM or PKCS#12.",
       .value_name = "FILE"},
      {.name = "federated-token-file",
       .summary = "Instead of a secret: token of another identity provider. It is read at each sign-in.",
       .value_name = "FILE"},
      {.name = "identity",
       .summary = "Sign in as the managed identity of this machine; -u names a user-assigned one.",
       .kind = OptionKind::Flag}};
}

Identity read_identity(const Arguments& arguments, Context& context) {
  check_sign_in_options(arguments);
  Identity identity{.tenant = arguments.get("tenant"), .client_id = arguments.get("username")};
  if (arguments.flag("identity")) {
    identity.kind = IdentityKind::ManagedIdentity;
  } else if (const auto certificate = arguments.find("certificate")) {
    identity.kind = IdentityKind::Certificate;
    identity.file = file_argument(*certificate, context);
    if (const auto password = arguments.find("password")) {
      identity.certificate_password = read_password(*password, context);
    }
  } else if (const auto token = arguments.find("federated-token-file")) {
    identity.kind = IdentityKind::FederatedToken;
    identity.file = file_argument(*token, context);
  } else if (names_certificate(arguments, context)) {
    identity.kind = IdentityKind::Certificate;
    identity.file = file_argument(arguments.get("password"), context);
  } else {
    identity.client_secret = read_client_secret(arguments, context);
  }
  return identity;
}

}  // namespace batchai::cli

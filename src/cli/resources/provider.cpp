#include "batchai/arm/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/resources/commands.hpp"

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

constexpr std::string_view kProviderType = "Provider";

constexpr Column kProviderColumns[] = {
    {"Namespace", [](const nlohmann::json& item) { return cell_at(item, "/namespace"); }},
    {.heading = "State",
     .cell = [](const nlohmann::json& item) { return cell_at(item, "/registrationState"); },
     .kind = ColumnKind::State}};

OptionSpec provider_name() {
  return {.name = "namespace",
          .short_name = 'n',
          .summary = "Namespace of the provider, as Microsoft.BatchAI.",
          .value_name = "NAMESPACE",
          .required = true};
}

/// A registration takes up to a quarter of an hour in the cloud.
void wait_until_registered(const std::string& provider, const Context& context) {
  Progress progress(context, "registering " + provider);
  for (;;) {
    const Provider current = context.services.arm().providers().get(provider, context.call());
    if (current.registration_state == RegistrationState::kRegistered) {
      return;
    }
    progress.show(current.registration_state.value());
    context.pause(std::chrono::seconds(5));
  }
}

Result register_provider(const Arguments& arguments, Context& context) {
  const std::string& provider = arguments.get("namespace");
  context.services.arm().providers().register_provider(provider, context.call());
  if (arguments.flag("wait")) {
    wait_until_registered(provider, context);
  }
  return Result::nothing();
}

Result show_provider(const Arguments& arguments, Context& context) {
  return Result::model(context.services.arm().providers().get(arguments.get("namespace"), context.call()),
                       kProviderType);
}

Result list_providers(const Arguments&, Context& context) {
  return Result::list(context.services.arm().providers().list(context.call()), kProviderType);
}

}  // namespace

std::vector<CommandSpec> provider_commands() {
  const OptionSpec wait{.name = "wait", .summary = "Wait until it is registered.", .kind = OptionKind::Flag};
  return {{.name = "register",
           .summary = "Let the subscription use a resource provider.",
           .options = {provider_name(), wait},
           .run = register_provider,
           .examples = {{"Batch AI", "batchai provider register -n Microsoft.BatchAI --wait"},
                        {"What Batch AI mounts from", "batchai provider register -n Microsoft.Storage"}}},
          {.name = "show",
           .summary = "Show a resource provider.",
           .options = {provider_name()},
           .run = show_provider,
           .columns = kProviderColumns,
           .examples = {{"Is Batch AI registered?", "batchai provider show -n Microsoft.BatchAI -o table"},
                        {"Its state alone",
                         "batchai provider show -n Microsoft.BatchAI --query registrationState -o tsv"}}},
          {.name = "list",
           .summary = "List the resource providers.",
           .options = {},
           .run = list_providers,
           .columns = kProviderColumns,
           .examples = {{"As a table", "batchai provider list -o table"},
                        {"Those that are registered",
                         "batchai provider list --query \"[?registrationState=='Registered'].namespace\" -o tsv"}}}};
}

}  // namespace batchai::cli

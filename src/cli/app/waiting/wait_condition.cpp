#include "cli/app/waiting/wait_condition.hpp"

#include "batchai/core/http.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/query.hpp"
#include "cli/app/waiting/poll_interval.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/output/shape.hpp"
#include "core/growing_interval.hpp"

namespace batchai::cli {
namespace {

constexpr int kDefaultTimeout = 3600;

struct Conditions {
  bool created = false;
  bool updated = false;
  bool deleted = false;
  bool exists = false;
  std::optional<Query> custom = {};

  explicit Conditions(const Arguments& arguments)
      : created(arguments.flag("created")),
        updated(arguments.flag("updated")),
        deleted(arguments.flag("deleted")),
        exists(arguments.flag("exists")) {
    if (arguments.has("custom")) {
      custom.emplace("--custom", arguments.get("custom"));
    }
  }
};

/// Groups keep theirs under `properties`.
std::string provisioning_state_of(const nlohmann::ordered_json& item) {
  const std::string state = cell_at(item, "/provisioningState");
  return state.empty() ? cell_at(item, "/properties/provisioningState") : state;
}

/// The resource in the shape of az, or nothing while it does not exist.
std::optional<nlohmann::ordered_json> look(const Watched& watched, const Context& context) {
  try {
    return to_output_shape(watched.read(context), watched.type);
  } catch (const NotFound&) {
    return std::nullopt;
  }
}

bool holds_for(const nlohmann::ordered_json& item, const Conditions& conditions, const std::string& what) {
  if (conditions.exists) {
    return true;
  }
  const std::string state = provisioning_state_of(item);
  if (iequals(state, "failed")) {
    throw CommandError(kFailed, what + " is in the provisioning state '" + state + "'");
  }
  if ((conditions.created || conditions.updated) && iequals(state, "succeeded")) {
    return true;
  }
  return conditions.custom && conditions.custom->holds(item);
}

bool holds_without(const Conditions& conditions, const std::string& what) {
  if (!conditions.deleted && !conditions.created && !conditions.exists && !conditions.custom) {
    throw CommandError(kNotFound, what + " does not exist");
  }
  return conditions.deleted;
}

void watch(const Watched& watched, const Conditions& conditions, GrowingInterval interval, const Context& context) {
  Progress progress(context, "waiting for " + watched.what);
  for (;;) {
    const std::optional<nlohmann::ordered_json> item = look(watched, context);
    if (item ? holds_for(*item, conditions, watched.what) : holds_without(conditions, watched.what)) {
      return;
    }
    progress.show(item ? provisioning_state_of(*item) : "not there");
    context.pause(interval.next());
  }
}

OptionSpec condition(std::string_view name, std::string_view summary) {
  return {.name = name, .summary = summary, .kind = OptionKind::Flag, .group = "Wait Condition Arguments"};
}

}  // namespace

std::vector<OptionSpec> wait_options() {
  return {condition("created", "Wait until it is created with the provisioning state 'succeeded'."),
          condition("updated", "Wait until it is updated with the provisioning state 'succeeded'."),
          condition("deleted", "Wait until it is gone."),
          condition("exists", "Wait until it is there, in whatever state."),
          {.name = "custom",
           .summary = "Wait until this JMESPath expression finds something in what 'show' prints.",
           .value_name = "JMESPATH",
           .group = "Wait Condition Arguments"},
          interval_option(),
          {.name = "timeout",
           .summary = "Give up after so many seconds; waiting for a condition ends after 3600 without it.",
           .kind = OptionKind::Integer,
           .value_name = "SECONDS"}};
}

bool names_condition(const Arguments& arguments) {
  return arguments.flag("created") || arguments.flag("updated") || arguments.flag("deleted") ||
         arguments.flag("exists") || arguments.has("custom");
}

Result wait_for_condition(const Arguments& arguments, const Context& context, const Watched& watched) {
  if (!names_condition(arguments)) {
    throw UsageError("missing: one of --created, --updated, --deleted, --exists, --custom");
  }
  const Conditions conditions(arguments);
  const GrowingInterval interval(poll_interval(arguments));
  const int seconds = arguments.integer("timeout").value_or(kDefaultTimeout);
  Context bounded = context;
  bounded.deadline = context.deadline.value_or(context.clock().steady_now() + std::chrono::seconds(seconds));
  try {
    watch(watched, conditions, interval, bounded);
  } catch (const DeadlineExceeded&) {
    throw CommandError(kFailed, "gave up waiting for " + watched.what + " after " + std::to_string(seconds) + " s",
                       "wait longer with --timeout");
  }
  return Result::nothing();
}

}  // namespace batchai::cli

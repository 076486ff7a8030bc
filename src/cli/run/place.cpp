#include "cli/run/place.hpp"

#include "batchai/core/time.hpp"
#include "batchai/models/names.hpp"
#include "cli/app/options.hpp"
#include "cli/app/services.hpp"
#include "cli/files/storage.hpp"
#include "cli/requests/storage_keys.hpp"
#include "core/random.hpp"

#include <cctype>

namespace batchai::cli {
namespace {

constexpr std::string_view kPlaceGroup = "Place";

OptionSpec with_default(OptionSpec option, std::string_view value) {
  option.required = false;
  option.default_value = value;
  option.id_part = {};
  option.group = kPlaceGroup;
  return option;
}

/// `nc6` for `STANDARD_NC6`: clusters of different sizes have different names.
std::string cluster_of_size(const std::string& vm_size) {
  const std::string name = to_lower(vm_size);
  constexpr std::string_view kPrefix = "standard_";
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

/// `train-20261129-111530-3fa1b2`: of a name, the moment (UTC), and what makes the runs of one moment differ.
std::string new_name(const std::string& what, Timestamp now) {
  constexpr std::size_t kLongest = 40;
  constexpr std::size_t kRandomDigits = 6;  // of a thousand at a time, less than one in thirty times are alike
  std::string name;
  for (const char c : what.substr(0, kLongest)) {
    const bool allowed = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    name += allowed ? c : '-';
  }
  const std::string time = format_iso8601_ticks(now);  // 2026-11-29T11:15:30…
  const auto digits = [&](std::size_t begin) { return time.substr(begin, 2); };
  return (name.empty() ? "run" : name) + "-" + time.substr(0, 4) + digits(5) + digits(8) + "-" + digits(11) +
         digits(14) + digits(17) + "-" + random_guid().substr(0, kRandomDigits);
}

/// Throws InvalidArgument.
void check_names(const RunPlace& place) {
  check_batchai_group_name(place.group);
  check_name(place.workspace, "workspace name");
  check_name(place.experiment, "experiment name");
  check_name(place.job, "job name");
  if (!place.has_cluster_id()) {
    check_name(place.cluster, "cluster name");
  }
}

/// The name of the account that the share is in. The job mounts the share by the account's key, so that this is looked
/// for before anything is made.
std::string account_of_share(const Arguments& arguments, const Context& context) {
  context.settings.identity();  // not being signed in is reported first
  context.services.subscription();
  try {
    const files::StorageAccount account = find_chosen_account(arguments, context);
    StorageKeys keys(arguments, context);
    const bool has_key = !account.key.empty() || (account.name == keys.account() && !keys.key().empty());
    if (!has_key) {
      keys.look_up(account.name);
    }
    return account.name;
  } catch (const UsageError&) {
    throw;
  } catch (const CommandError& error) {
    throw CommandError(error.exit_code(), error.what(),
                       "name the account and its key in AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or as account and "
                       "key in the profile's [storage]; --account-name alone will do for who may list its keys");
  }
}

}  // namespace

RunPlace RunPlace::of(const Arguments& arguments, const std::string& what, const Context& context) {
  const std::string& name = arguments.get("name");
  const std::string folder = new_name(name.empty() ? what : name, context.clock().now());
  RunPlace place{.group = arguments.get("resource-group"),
                 .workspace = arguments.get("workspace"),
                 .experiment = arguments.get("experiment"),
                 .cluster = arguments.get("cluster"),
                 .share = arguments.get("share"),
                 .job = name.empty() ? folder : name,
                 .folder = folder};
  if (place.cluster.empty()) {
    place.is_own_cluster = true;
    place.cluster = cluster_of_size(arguments.get("vm-size"));
  }
  check_names(place);  // before it is asked for, and what is missing is made
  place.account = account_of_share(arguments, context);
  return place;
}

std::vector<OptionSpec> place_options() {
  OptionSpec cluster = cluster_option();
  cluster.summary =
      "Name of the cluster, or full id of one that is there; one that is not named is called after the VM size, as "
      "nc6.";
  OptionSpec vm_size{.name = "vm-size",
                     .short_name = 's',
                     .summary = "Size of the nodes of a cluster that is made.",
                     .value_name = "SIZE",
                     .setting = "vm_size"};
  OptionSpec most{.name = "max-nodes",
                  .summary = "Most nodes of a cluster that is made. It has none while there are no jobs.",
                  .kind = OptionKind::Integer,
                  .value_name = "N",
                  .setting = "max_nodes"};
  OptionSpec share{.name = "share",
                   .summary = "Share that scripts, logs and outputs are in, in a folder for each job.",
                   .value_name = "SHARE",
                   .setting = "share"};
  OptionSpec account{.name = "account-name",
                     .summary = "Its storage account; default: AZURE_STORAGE_ACCOUNT, else the profile's.",
                     .value_name = "ACCOUNT"};
  OptionSpec location = location_option("Location of a group that is made.");
  return {with_default(cluster, {}),
          with_default(vm_size, "STANDARD_NC6"),
          with_default(most, "1"),
          with_default(group_option(), "batchai"),
          with_default(workspace_option(), "run"),
          with_default(experiment_option(), "run"),
          with_default(share, "run"),
          with_default(account, {}),
          with_default(location, "eastus")};
}

}  // namespace batchai::cli

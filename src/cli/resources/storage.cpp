#include "batchai/arm/client.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/files/commands.hpp"
#include "cli/requests/storage_keys.hpp"
#include "cli/resources/commands.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

struct AccountOfKeys {
  std::string group;
  std::string account;
};

/// The group is looked up where it is not given.
AccountOfKeys account_of_keys(const Arguments& arguments, const Context& context) {
  const std::string& account = arguments.get("account-name");
  if (const auto group = arguments.find("resource-group")) {
    return {*group, account};
  }
  return {parse_resource_id(find_storage_account(account, context, "give its group with -g").id).group, account};
}

constexpr Column kKeyColumns[] = {
    {"Name", [](const json& key) { return cell_at(key, "/keyName"); }},
    {"Created", [](const json& key) { return cell_at(key, "/creationTime"); }, false, ColumnKind::Moment},
    {"Value", [](const json& key) { return cell_at(key, "/value"); }}};

/// As az shows keys, whose command prints them, too.
json keys_document(const std::vector<StorageAccountKey>& keys) {
  json shown = json::array();
  for (const StorageAccountKey& key : keys) {
    shown.push_back({{"creationTime", key.creation_time ? json(format_iso8601(*key.creation_time)) : json()},
                     {"keyName", key.key_name},
                     {"permissions", key.permissions},
                     {"value", key.value ? key.value->reveal() : std::string()}});
  }
  return shown;
}

Result list_account_keys(const Arguments& arguments, Context& context) {
  const AccountOfKeys name = account_of_keys(arguments, context);
  return Result::plain(
      keys_document(context.services.arm().storage_accounts().list_keys(name.group, name.account, context.call())));
}

/// key1 and key2 are what the service calls them.
std::string wanted_key(const std::string& word) {
  if (word == "primary") {
    return "key1";
  }
  return word == "secondary" ? "key2" : word;
}

Result renew_account_key(const Arguments& arguments, Context& context) {
  const std::string key = wanted_key(arguments.get("key"));
  context.confirm(arguments, "Renew " + key + " of the storage account '" + arguments.get("account-name") +
                                 "'? What uses the old one, or was signed with it, fails from then on.");
  const AccountOfKeys name = account_of_keys(arguments, context);
  return Result::plain(keys_document(
      context.services.arm().storage_accounts().renew_key(name.group, name.account, key, context.call())));
}

}  // namespace

std::vector<CommandSpec> storage_commands() {
  const OptionSpec account{.name = "account-name",
                           .short_name = 'n',
                           .summary = "Name of the storage account.",
                           .value_name = "ACCOUNT",
                           .required = true};
  OptionSpec group = group_option();
  group.summary = "Resource group of the account; looked up if it is absent.";
  group.required = false;
  const OptionSpec key{.name = "key",
                       .summary = "Which of the two.",
                       .value_name = "KEY",
                       .required = true,
                       .choices = {"key1", "key2", "primary", "secondary"}};
  std::vector<CommandSpec> commands{
      {.name = "account keys list",
       .summary = "List the two keys of a storage account.",
       .options = {account, group},
       .run = list_account_keys,
       .columns = kKeyColumns,
       .examples = {{"As a table", "batchai storage account keys list -n data -o table"},
                    {"The first one alone",
                     "batchai storage account keys list -g team -n data --query '[0].value' -o tsv"}}},
      {.name = "account keys renew",
       .summary = "Make another key in place of one of the two; the old one is void at once.",
       .options = {account, group, key, yes_option()},
       .run = renew_account_key,
       .columns = kKeyColumns,
       .examples = {{"The one that nothing uses any more", "batchai storage account keys renew -n data --key key2"},
                    {"Without a question", "batchai storage account keys renew -g team -n data --key primary -y"}}}};
  for (CommandSpec& command : az_storage_commands()) {
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace batchai::cli

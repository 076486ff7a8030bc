#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/documents.hpp"
#include "cli/files/remote_errors.hpp"
#include "cli/files/storage.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

/// In GiB: of shares for large files, the largest ones there are.
constexpr int kLargestQuota = 102'400;

/// From the positional argument or from -n: one of the two.
std::string share_name(const Arguments& arguments) {
  const auto remote = arguments.find("share");
  const auto name = arguments.find("name");
  if (remote && name && *remote != *name) {
    throw UsageError("'" + *remote + "' and -n/--name name two shares: give one");
  }
  if (name) {
    return *name;
  }
  if (!remote) {
    throw UsageError("no share is named: give its name");
  }
  const RemotePath parsed = RemotePath::parse(*remote);
  if (!parsed.path.empty()) {
    throw UsageError("'" + *remote + "' is a path in a share: give the share's name alone");
  }
  return parsed.share;
}

Result create_share(const Arguments& arguments, Context& context) {
  files::CreateShareOptions options;
  if (const auto quota = arguments.integer("quota")) {
    if (*quota < 1 || *quota > kLargestQuota) {
      throw UsageError("--quota: " + std::to_string(*quota) + " is not a number from 1 to " +
                       std::to_string(kLargestQuota));
    }
    options.quota = *quota;
  }
  const files::ShareClient share = open_storage(arguments, context).share(share_name(arguments));
  return Result::plain({{"created", share.create_if_absent(options, context.call())}});
}

Result list_shares(const Arguments& arguments, Context& context) {
  return {.pages =
              fetch_pages(open_storage(arguments, context).list({.prefix = arguments.get("prefix")}, context.call()),
                          share_document)};
}

Result show_share(const Arguments& arguments, Context& context) {
  const files::ShareClient share = open_storage(arguments, context).share(share_name(arguments));
  const files::ShareProperties properties = explaining_refusal({share, {.share = share.name()}}, context,
                                                               [&] { return share.get_properties(context.call()); });
  json document = share_document({share.name(), properties.quota, properties.etag, properties.last_modified});
  document["metadata"] = properties.metadata;
  return Result::plain(std::move(document));
}

Result remove_share(const Arguments& arguments, Context& context) {
  const files::ShareClient share = open_storage(arguments, context).share(share_name(arguments));
  context.confirm(arguments, "Delete the share '" + share.name() + "' and all its files?");
  explaining_refusal({share, {.share = share.name()}}, context, [&] { share.remove({}, context.call()); });
  return Result::plain({{"deleted", true}});
}

}  // namespace

std::vector<CommandSpec> share_commands() {
  const OptionSpec remote{.name = "share", .summary = "Name of the share.", .value_name = "SHARE", .positional = true};
  const OptionSpec name{.name = "name", .short_name = 'n', .summary = "The same, as az has it.", .value_name = "SHARE"};
  const OptionSpec quota{.name = "quota",
                         .summary = "Largest size in GiB, 1 to 102400.",
                         .kind = OptionKind::Integer,
                         .value_name = "GIB"};
  const OptionSpec prefix{.name = "prefix", .summary = "Only names that begin so.", .value_name = "TEXT"};
  return {{.name = "share create",
           .summary = "Create a share, unless it is there.",
           .options = join({remote, name, quota}, storage_options()),
           .run = create_share,
           .examples = {{"Unless it is there", "batchai files share create share"},
                        {"At most 100 GiB", "batchai files share create share --quota 100"}}},
          {.name = "share list",
           .summary = "List the shares.",
           .options = join({prefix}, storage_options()),
           .run = list_shares,
           .columns = share_columns(),
           .examples = {{"As a table", "batchai files share list -o table"},
                        {"Some of another account", "batchai files share list --account-name data --prefix train"}}},
          {.name = "share show",
           .summary = "Show a share.",
           .options = join({remote, name}, storage_options()),
           .run = show_share,
           .columns = share_columns(),
           .examples = {{"Its quota and metadata", "batchai files share show share"},
                        {"Its quota alone", "batchai files share show share --query quota -o tsv"}}},
          {.name = "share delete",
           .summary = "Delete a share and all its files.",
           .options = join({remote, name, yes_option()}, storage_options()),
           .run = remove_share,
           .examples = {{"With all its files", "batchai files share delete share"},
                        {"Without a question", "batchai files share delete share -y"}}}};
}

}  // namespace batchai::cli

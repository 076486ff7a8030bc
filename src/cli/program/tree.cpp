#include "cli/program/tree.hpp"

#include "cli/account/commands.hpp"
#include "cli/complete/commands.hpp"
#include "cli/files/commands.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/local/commands.hpp"
#include "cli/resources/commands.hpp"
#include "cli/run/commands.hpp"
#include "cli/status/commands.hpp"

namespace batchai::cli {
namespace {

constexpr CommandGroup kGroups[] = {
    {"login", "Sign in as a service principal.", login_commands},
    {"logout", "Forget a sign-in.", logout_commands},
    {"account", "Profiles: who is signed in, and where.", account_commands},
    {"configure", "Defaults for options.", configure_commands},
    {"local", "The service on this machine.", local_commands},
    {"run", "Run a script as a job, in one line.", run_commands},
    {"group", "Resource groups.", group_commands},
    {"provider", "Resource providers.", provider_commands},
    {"workspace", "Workspaces, which hold clusters and experiments.", workspace_commands},
    {"cluster", "Clusters, which run jobs.", cluster_commands},
    {"experiment", "Experiments, which hold jobs.", experiment_commands},
    {"file-server", "File servers, which clusters and jobs can mount.", file_server_commands},
    {"job", "Jobs and their output.", job_commands},
    {"storage", "Storage accounts, their keys, and the commands of az for shares and files.", storage_commands},
    {"files", "Azure Files: shares, directories and files.", files_commands},
    {"status", "What goes on: clusters, jobs and the service.", status_commands},
    {"list-usages", "What is in use in a location, and its limits.", usages_commands},
    {"operation", "What Batch AI can do.", operation_commands},
    {"completion", "Completion of commands, options and names for shells.", completion_commands},
    {"version", "Show the version.", version_commands},
};

}  // namespace

CommandTree command_tree() { return kGroups; }

}  // namespace batchai::cli

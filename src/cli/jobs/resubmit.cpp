#include "batchai/batchai/client.hpp"
#include "cli/app/options.hpp"
#include "cli/app/services.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/jobs/submit.hpp"
#include "cli/output/unknown_members.hpp"
#include "cli/requests/job_request.hpp"
#include "cli/requests/volumes.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

using nlohmann::json;

/// The service does not give secrets back, so a job that had some cannot be repeated from the service's answer.
void refuse_hidden_values(const Job& job) {
  for (const EnvironmentVariableWithSecretValue& secret : job.secrets) {
    if (!secret.value && !secret.value_secret_reference) {
      throw CommandError(kFailed, "the service does not return the value of the job's secret '" + secret.name + "'",
                         "submit the job from its config file with 'batchai job create -f FILE'");
    }
  }
}

/// What the job was made from.
JobCreateParameters parameters_of(const Job& job) {
  refuse_hidden_values(job);
  JobCreateParameters parameters;
  from_json(drop_unknown_members(json(job), "JobCreateParameters"), parameters);
  return parameters;
}

/// The first of NAME-2, NAME-3, … that is not taken.
std::string free_name(const JobRef& ref, const Context& context) {
  std::vector<std::string> taken;
  for (const Job& job :
       context.services.batchai().jobs().list(ref.group, ref.workspace, ref.experiment, {}, context.call())) {
    taken.push_back(job.name);
  }
  for (int number = 2;; ++number) {
    std::string name = ref.job + "-" + std::to_string(number);
    if (std::none_of(taken.begin(), taken.end(), [&](const std::string& other) { return iequals(other, name); })) {
      return name;
    }
  }
}

Result resubmit(const Arguments& arguments, Context& context) {
  const JobRef old = job_of(arguments, "name");
  JobCreateParameters parameters = parameters_of(get_job(old, context));
  JobRef ref = old;
  if (const auto name = arguments.find("new-name")) {
    ref.job = *name;
    refuse_existing_job(ref, context);
  } else {
    ref.job = free_name(old, context);
  }
  if (arguments.given("cluster")) {
    parameters.cluster = ResourceId{.id = find_cluster(arguments.get("cluster"), arguments, context)};
  }
  complete_job_volumes(parameters, arguments, context);
  return submit_job(ref, parameters, arguments, context);
}

}  // namespace

std::vector<CommandSpec> job_resubmit_commands() {
  OptionSpec cluster = cluster_option();
  cluster.summary = "Cluster that runs the new job: name or full id; default: that of the old one.";
  cluster.required = false;
  cluster.setting = {};
  const std::vector<OptionSpec> options{
      group_option(),
      workspace_option(),
      experiment_option(),
      name_option("Name of the old job.", "jobs"),
      ids_option(),
      cluster,
      {.name = "new-name", .summary = "Name of the new job; default: NAME-2, NAME-3, …", .value_name = "NAME"}};
  return {{.name = "resubmit",
           .summary = "Submit a job once more, under a new name.",
           .options = join(join(options, storage_account_options()), submit_options()),
           .run = resubmit,
           .columns = job_columns(),
           .examples = {{"Try it again and watch", "batchai job resubmit -g demo -w ws -e exp -n job --stream"},
                        {"On another cluster, under a name of its own",
                         "batchai job resubmit -g demo -w ws -e exp -n job -c nc12 --new-name job-nc12"}}}};
}

}  // namespace batchai::cli

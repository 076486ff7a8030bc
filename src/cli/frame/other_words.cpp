#include "cli/frame/other_words.hpp"

namespace batchai::cli {
namespace {

constexpr std::string_view kFiles =
    "files are on shares of Azure Files: 'batchai files upload', 'batchai files download', 'batchai files list'";
constexpr std::string_view kSignedUrl = "'batchai files url' makes a signed URL of a file or share";
constexpr std::string_view kNodes =
    "the machines are nodes of clusters: 'batchai cluster node list' lists them, and "
    "'batchai cluster resize' makes more or fewer of them";
constexpr std::string_view kAccounts =
    "accounts come with the service: 'batchai storage account keys list' shows their keys, 'batchai files share list' "
    "their shares";
constexpr std::string_view kJobs =
    "'batchai job list -A' lists the jobs of all workspaces, 'batchai status' shows those that run, wait or have "
    "failed";
constexpr std::string_view kLogs =
    "'batchai job logs' prints what a job writes, 'batchai cluster node logs' what the setup of nodes has written";
constexpr std::string_view kSubmit =
    "'batchai run' runs a script or a command as a job, 'batchai job create' submits one that a file describes";
constexpr std::string_view kOneJob =
    "'batchai job describe' tells why a job waits or has failed, where it runs and what it has written";
constexpr std::string_view kToken = "'batchai account get-access-token' prints a token for requests by curl";
constexpr std::string_view kProfiles =
    "a profile says which service is used: 'batchai account list' lists profiles, 'batchai account set -n PROFILE' "
    "chooses one";
constexpr std::string_view kRoles = "who may do what is set up where the service runs, by batchai-server principal";

struct Entry {
  std::string_view words;
  std::string_view hint;
};

constexpr Entry kOthers[] = {
    // az
    {"acr", "a job names its image itself, in containerSettings of its file"},
    {"ad", kRoles},
    {"batch", kSubmit},
    {"batchai", "leave the second 'batchai' out"},
    {"cloud", kProfiles},
    {"config", "'batchai configure --defaults' sets defaults, 'batchai configure --list' lists them"},
    {"disk", kNodes},
    {"ml", kSubmit},
    {"monitor", "'batchai status' shows what goes on, and the service has metrics for Prometheus"},
    {"resource", "'batchai workspace list', 'batchai cluster list' and their like list one kind each"},
    {"rest", kToken},
    {"role", kRoles},
    {"storage account", kAccounts},
    {"storage azcopy", kFiles},
    {"storage blob", kFiles},
    {"storage container", kFiles},
    {"storage copy", kFiles},
    {"storage directory", kFiles},
    {"storage file", kFiles},
    {"storage file delete-batch", "'batchai files delete -r' deletes a directory with everything in it"},
    {"storage file generate-sas", kSignedUrl},
    {"storage file url", kSignedUrl},
    {"storage fs", kFiles},
    {"storage remove", "'batchai files delete -r' deletes a directory with everything in it"},
    {"storage share", kFiles},
    {"storage share generate-sas", kSignedUrl},
    {"storage share url", kSignedUrl},
    {"vm", kNodes},
    {"vmss", kNodes},
    // kubectl
    {"apply", kSubmit},
    {"cp", "'batchai files upload' and 'batchai files download' copy files"},
    {"cluster-info", "'batchai status' shows the service and its clusters"},
    {"describe", kOneJob},
    {"events", kOneJob},
    {"exec", "'batchai job node exec' runs a command on a node"},
    {"get", "each kind has a list: 'batchai job list -A', 'batchai cluster list -A', 'batchai workspace list'"},
    {"logs", kLogs},
    {"ps", kJobs},
    {"scale", "'batchai cluster resize' and 'batchai cluster auto-scale' set the number of nodes"},
    {"top", kJobs},
    // Slurm
    {"sacct", kJobs},
    {"salloc", kSubmit},
    {"sbatch", kSubmit},
    {"scancel", "'batchai job terminate' stops a job"},
    {"scontrol", kOneJob},
    {"sinfo",
     "'batchai status' shows the clusters with their nodes by state, 'batchai cluster node list' the nodes of one"},
    {"sprio", kJobs},
    {"squeue", kJobs},
    {"srun", kSubmit},
    // gh
    {"api", kToken},
    {"auth", "'batchai login' signs in, 'batchai account show' says as whom"},
};

/// Whether `words` begins with all words of `known`.
bool begins_with(std::string_view words, std::string_view known) {
  return words.starts_with(known) && (words.size() == known.size() || words[known.size()] == ' ');
}

}  // namespace

std::string hint_for_other(std::string_view words) {
  const Entry* best = nullptr;
  for (const Entry& entry : kOthers) {
    if (begins_with(words, entry.words) && (best == nullptr || entry.words.size() > best->words.size())) {
      best = &entry;
    }
  }
  return best == nullptr ? std::string() : std::string(best->hint);
}

}  // namespace batchai::cli

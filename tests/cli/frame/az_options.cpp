#include "cli/frame/az_options.hpp"

#include "cli/frame/command.hpp"

namespace batchai::cli::test {
namespace {

/// A command and its options, each as read_option_row() reads it.
struct Text {
  std::string command;
  std::string options;
};

const char* const kGroupAndWorkspace = "resource-group,g! workspace,w! ";
const char* const kInExperiment = "resource-group,g! workspace,w! experiment,e! ";
const char* const kVolumes =
    "afs-name afs-mount-path=afs bfs-name bfs-mount-path=bfs nfs nfs-mount-path=nfs storage-account-name "
    "storage-account-key ";
const char* const kAdmin = "user-name,u ssh-key,k password,p generate-ssh-keys ";
const char* const kExec = "exec node-id,n address,L password,p ssh-private-key,k ";

std::vector<Text> table() {
  const std::string in_workspace = kGroupAndWorkspace;
  const std::string one = in_workspace + "name,n! ";
  const std::string in_experiment = kInExperiment;
  const std::string volumes = kVolumes;
  const std::string admin = kAdmin;
  const std::string exec = kExec;
  const std::string output = "output-directory-id,d=stdouterr path,p=. ";
  return {
      {"workspace create", "resource-group,g! workspace,n! location,l"},
      {"workspace show", "resource-group,g! workspace,n! ids"},
      {"workspace delete", "resource-group,g! workspace,n! ids yes,y no-wait"},
      {"workspace list", "resource-group,g"},
      {"cluster create", one + "config-file,f vm-size,s image,i custom-image target,t min max vm-priority " + admin +
                             volumes + "use-auto-storage setup-task setup-task-output subnet"},
      {"cluster show", one + "ids"},
      {"cluster delete", one + "ids yes,y no-wait"},
      {"cluster list", in_workspace},
      {"cluster resize", one + "ids target,t!"},
      {"cluster auto-scale", one + "ids min! max!"},
      {"cluster node list", in_workspace + "cluster,c!"},
      {"cluster node exec", in_workspace + "cluster,c! " + exec},
      {"cluster file list", in_workspace + "cluster,c! path,p=. expiry=60"},
      {"experiment create", one},
      {"experiment show", one + "ids"},
      {"experiment delete", one + "ids yes,y no-wait"},
      {"experiment list", in_workspace},
      {"job create", in_experiment + "name,n! cluster,c config-file,f " + volumes},
      {"job show", in_experiment + "name,n! ids"},
      {"job delete", in_experiment + "name,n! ids yes,y no-wait"},
      {"job terminate", in_experiment + "name,n! ids yes,y no-wait"},
      {"job list", in_experiment},
      {"job wait", in_experiment + "name,n! ids interval"},
      {"job file list", in_experiment + "job,j! " + output + "expiry=60"},
      {"job file stream", in_experiment + "job,j! file-name,f! " + output},
      {"job node list", in_experiment + "job,j!"},
      {"job node exec", in_experiment + "job,j! " + exec},
      {"file-server create",
       one + "config-file,f vm-size,s disk-count disk-size storage-sku caching-type " + admin + "subnet no-wait"},
      {"file-server list", in_workspace},
      {"file-server show", one + "ids"},
      {"file-server delete", one + "ids yes,y no-wait"},
      {"list-usages", "location,l!"},
  };
}

}  // namespace

OptionRow read_option_row(std::string text) {
  OptionRow row;
  if (const std::size_t equals = text.find('='); equals != std::string::npos) {
    row.default_value = text.substr(equals + 1);
    text.erase(equals);
  }
  row.required = text.ends_with('!');
  if (row.required) {
    text.pop_back();
  }
  const std::size_t comma = text.find(',');
  row.name = text.substr(0, comma);
  row.short_name = comma == std::string::npos ? '\0' : text.at(comma + 1);
  return row;
}

std::vector<CommandRow> az_commands() {
  std::vector<CommandRow> commands;
  for (const Text& text : table()) {
    CommandRow row{text.command, {}};
    for (const std::string& option : words_of(text.options)) {
      row.options.push_back(read_option_row(option));
    }
    commands.push_back(std::move(row));
  }
  return commands;
}

}  // namespace batchai::cli::test

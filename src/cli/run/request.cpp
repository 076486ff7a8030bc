#include "cli/run/request.hpp"

#include "cli/app/options.hpp"
#include "cli/app/services.hpp"
#include "cli/files/storage.hpp"
#include "cli/frame/errors.hpp"
#include "cli/run/checks.hpp"
#include "cli/run/shell_words.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using Document = nlohmann::ordered_json;

constexpr std::string_view kJobGroup = "Job";
constexpr std::string_view kToolkitGroup = "Toolkit";
constexpr const char* kDefaultOutput = "MODEL";
constexpr const char* kDefaultInput = "DATA";

/// A toolkit by its option.
struct ToolkitChoice {
  std::string_view option;
  /// Of the job's properties.
  const char* member;
  std::string_view summary;
  /// Whether --processes says how many ranks there are.
  bool has_process_count = true;
};

constexpr std::array kToolkits{
    ToolkitChoice{"mpi", "customMpiSettings", "As ranks of MPI, one on each node or as many as --processes."},
    ToolkitChoice{"horovod", "horovodSettings", "With Horovod."},
    ToolkitChoice{"pytorch", "pyTorchSettings", "With PyTorch, whose ranks find each other with Gloo."},
    ToolkitChoice{"tensorflow", "tensorFlowSettings", "With TensorFlow; on several nodes with a parameter server."},
    ToolkitChoice{"chainer", "chainerSettings", "With Chainer."},
    ToolkitChoice{"cntk", "cntkSettings", "With CNTK."},
    ToolkitChoice{"caffe", "caffeSettings", "With Caffe."},
    ToolkitChoice{"caffe2", "caffe2Settings", "With Caffe2, one rank on each node.", false}};

/// Null: the script alone.
const ToolkitChoice* chosen_toolkit(const Arguments& arguments) {
  const ToolkitChoice* chosen = nullptr;
  for (const ToolkitChoice& toolkit : kToolkits) {
    if (!arguments.flag(toolkit.option)) {
      continue;
    }
    if (chosen != nullptr) {
      throw UsageError("--" + std::string(chosen->option) + " and --" + std::string(toolkit.option) +
                       " name two toolkits: give one");
    }
    chosen = &toolkit;
  }
  return chosen;
}

/// The command in the folder that was uploaded.
std::string command_in_folder(const RunPlace& place, const Work& work, const std::string& command) {
  return work.source.empty() ? command : "cd \"" + place.uploaded() + "\" && " + command;
}

Document script_settings(std::string_view toolkit, const RunPlace& place, const Work& work) {
  if (!work.is_python()) {
    throw UsageError("--" + std::string(toolkit) + " runs a Python script, and '" + work.command() + "' is none",
                     "use --mpi for other programs");
  }
  Document settings;
  if (toolkit == "cntk") {
    settings["languageType"] = "Python";
  }
  settings["pythonScriptFilePath"] = place.uploaded() + "/" + work.script;
  if (toolkit == "pytorch") {
    settings["communicationBackend"] = "Gloo";
  }
  return settings;
}

void add_arguments(Document& settings, std::string_view toolkit, const std::string& words, bool distributed) {
  if (words.empty()) {
    return;
  }
  if (toolkit != "tensorflow") {
    settings["commandLineArgs"] = words;
    return;
  }
  settings["masterCommandLineArgs"] = words;
  if (distributed) {
    settings["workerCommandLineArgs"] = words;
    settings["parameterServerCommandLineArgs"] = words;
  }
}

void add_toolkit(Document& properties, const RunPlace& place, const Work& work, const Arguments& arguments) {
  const ToolkitChoice* toolkit = chosen_toolkit(arguments);
  const auto processes = arguments.integer("processes");
  if (processes && (toolkit == nullptr || !toolkit->has_process_count)) {
    throw UsageError("--processes needs a toolkit that starts processes, as --mpi or --pytorch");
  }
  if (toolkit == nullptr) {
    properties["customToolkitSettings"] = {{"commandLine", command_in_folder(place, work, work.command())}};
    return;
  }
  Document settings;
  if (toolkit->option == "mpi") {
    settings["commandLine"] = command_in_folder(place, work, work.command());
  } else {
    settings = script_settings(toolkit->option, place, work);
    add_arguments(settings, toolkit->option, work.node_words(), processes || node_count(arguments) > 1);
  }
  if (processes) {
    settings[toolkit->option == "tensorflow" ? "workerCount" : "processCount"] = *processes;
  }
  properties[toolkit->member] = std::move(settings);
}

/// `[ID=]SHARE[/PATH]`
struct RunInput {
  std::string id;
  RemotePath remote;
};

std::vector<RunInput> inputs_of(const Arguments& arguments) {
  std::vector<RunInput> inputs;
  for (const std::string& text : arguments.list("input")) {
    check_text("--input", text);
    const std::size_t equals = text.find('=');
    const bool has_id = equals < text.find('/');  // a path may have one, too, as data/year=2018
    RunInput input{.id = has_id ? text.substr(0, equals) : kDefaultInput,
                   .remote = RemotePath::parse(has_id ? text.substr(equals + 1) : text)};
    check_directory_id("--input", input.id);
    if (input.remote.account) {
      throw UsageError("--input: name a share of the storage account, as SHARE/PATH");
    }
    const auto same = [&](const RunInput& other) { return other.id == input.id; };
    if (std::any_of(inputs.begin(), inputs.end(), same)) {
      throw UsageError("--input: two inputs are called " + input.id, "name them: --input TRAIN=SHARE/PATH");
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

/// The run's own share, and those of inputs, each at its name.
void add_volumes(Document& properties, const RunPlace& place, const std::vector<RunInput>& inputs,
                 const std::string& storage_suffix) {
  std::vector<std::string> shares{place.share};
  for (const RunInput& input : inputs) {
    if (std::find(shares.begin(), shares.end(), input.remote.share) == shares.end()) {
      shares.push_back(input.remote.share);
    }
  }
  Document volumes = Document::array();
  for (const std::string& share : shares) {
    volumes.push_back({{"accountName", place.account},
                       {"azureFileUrl", "https://" + place.account + ".file." + storage_suffix + "/" + share},
                       {"relativeMountPath", share}});
  }
  properties["mountVolumes"] = {{"azureFileShares", std::move(volumes)}};
}

void add_directories(Document& properties, const RunPlace& place, const std::vector<RunInput>& inputs,
                     const Arguments& arguments) {
  for (const RunInput& input : inputs) {
    properties["inputDirectories"].push_back(
        {{"id", input.id}, {"path", "$AZ_BATCHAI_JOB_MOUNT_ROOT/" + input.remote.to_string()}});
  }
  for (const std::string& id : output_ids(arguments)) {
    properties["outputDirectories"].push_back({{"id", id}, {"pathPrefix", place.mounted()}});
  }
}

/// Of a name that is given twice the last value counts.
void add_variables(Document& properties, const Arguments& arguments) {
  Document values = Document::object();
  for (const std::string& text : arguments.list("env")) {
    check_text("--env", text);
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("--env: '" + text + "' is not NAME=VALUE");
    }
    const std::string name = text.substr(0, equals);
    check_variable_name("--env", name);
    values[name] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : values.items()) {
    properties["environmentVariables"].push_back({{"name", name}, {"value", value}});
  }
}

}  // namespace

std::vector<std::string> output_ids(const Arguments& arguments) {
  const std::vector<std::string>& ids = arguments.list("output-id");
  for (auto id = ids.begin(); id != ids.end(); ++id) {
    check_directory_id("--output-id", *id);
    if (std::find(ids.begin(), id, *id) != id) {
      throw UsageError("--output-id: " + *id + " is given twice");
    }
  }
  return ids.empty() ? std::vector<std::string>{kDefaultOutput} : ids;
}

int node_count(const Arguments& arguments) {
  const int nodes = arguments.integer("nodes").value_or(1);
  if (nodes < 1) {
    throw UsageError("--nodes: " + std::to_string(nodes) + " is not a number of nodes");
  }
  return nodes;
}

std::string job_file_text(const RunPlace& place, const Work& work, const Arguments& arguments, const Context& context) {
  const std::vector<RunInput> inputs = inputs_of(arguments);
  Document properties{{"nodeCount", node_count(arguments)}};
  add_toolkit(properties, place, work, arguments);
  if (const auto command = arguments.find("prepare")) {
    check_text("--prepare", *command);
    properties["jobPreparation"] = {{"commandLine", command_in_folder(place, work, *command)}};
  }
  if (const auto image = arguments.find("image")) {
    check_text("--image", *image);
    properties["containerSettings"] = {{"imageSourceRegistry", {{"image", *image}}}};
  }
  add_volumes(properties, place, inputs, context.services.endpoints().storage_suffix);
  properties["stdOutErrPathPrefix"] = place.mounted();
  add_directories(properties, place, inputs, arguments);
  add_variables(properties, arguments);
  return Document{{"properties", std::move(properties)}}.dump(2, ' ', false, Document::error_handler_t::replace) + "\n";
}

std::vector<OptionSpec> request_options() {
  std::vector<OptionSpec> options{
      {.name = "nodes",
       .summary = "Number of nodes.",
       .kind = OptionKind::Integer,
       .value_name = "N",
       .default_value = "1",
       .group = kJobGroup},
      {.name = "env",
       .summary = "Variable of the job, which all see who see the job; may be repeated.",
       .kind = OptionKind::Repeated,
       .value_name = "NAME=VALUE",
       .group = kJobGroup},
      {.name = "image",
       .summary = "Image of a container that the job runs in, as debian:12.",
       .value_name = "IMAGE",
       .setting = "image",
       .group = kJobGroup},
      {.name = "prepare",
       .summary = "Command that each node runs before, as 'pip install -r requirements.txt'.",
       .value_name = "COMMAND",
       .group = kJobGroup},
      {.name = "input",
       .summary =
           "What the job finds at $AZ_BATCHAI_INPUT_DATA; with ID= in front, at $AZ_BATCHAI_INPUT_ID; may be repeated.",
       .kind = OptionKind::Repeated,
       .value_name = "SHARE[/PATH]",
       .group = kJobGroup},
      {.name = "output-id",
       .summary = "Id of an output directory, $AZ_BATCHAI_OUTPUT_ID; default: MODEL; may be repeated.",
       .kind = OptionKind::Repeated,
       .value_name = "ID",
       .group = kJobGroup}};
  for (const ToolkitChoice& toolkit : kToolkits) {
    options.push_back(
        {.name = toolkit.option, .summary = toolkit.summary, .kind = OptionKind::Flag, .group = kToolkitGroup});
  }
  options.push_back({.name = "processes",
                     .summary = "Number of ranks or workers; default: one on each node.",
                     .kind = OptionKind::Integer,
                     .value_name = "N",
                     .group = kToolkitGroup});
  return options;
}

}  // namespace batchai::cli

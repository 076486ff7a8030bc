#include "server/planning/toolkit_rules.hpp"

#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"

#include <algorithm>
#include <string>

namespace batchai::server {

namespace {

using Text = std::optional<std::string>;

bool given(const Text& text) { return text && !text->empty(); }

void complete_process_count(const std::string& target, std::optional<std::int32_t>& count, std::int32_t node_count) {
  count = count.value_or(node_count);
  if (*count < 1) {
    throw invalid_content(target + ".processCount", target + ".processCount: expected at least 1");
  }
}

void refuse(const std::string& target, const Text& value, const std::string& reason) {
  if (given(value)) {
    throw invalid_content(target, target + ": " + reason);
  }
}

// Sheet section 11, row 16: an absent language follows from the one file that is given.
void complete_language(const std::string& target, CntkSettings& settings) {
  const bool python = given(settings.python_script_file_path);
  if (python == given(settings.config_file_path)) {
    throw invalid_content(target, target + ": exactly one of pythonScriptFilePath and configFilePath is needed");
  }
  const std::string language = enum_or_default(target + ".languageType", settings.language_type.value_or(""),
                                               python ? std::vector<std::string_view>{"Python", "BrainScript"}
                                                      : std::vector<std::string_view>{"BrainScript", "Python"});
  if ((language == "Python") != python) {
    throw invalid_content(target + ".languageType", target + ".languageType: " + language + " does not go with " +
                                                        (python ? "pythonScriptFilePath" : "configFilePath"));
  }
  settings.language_type = language;
  if (!python) {
    refuse(target + ".pythonInterpreterPath", settings.python_interpreter_path, "only for the language Python");
  }
}

void check_script(const std::string& target, const std::string& path) {
  require_text(target + ".pythonScriptFilePath", path);
}

void complete_py_torch(const std::string& target, PyTorchSettings& settings, std::int32_t node_count) {
  check_script(target, settings.python_script_file_path);
  complete_process_count(target, settings.process_count, node_count);
  if (given(settings.communication_backend)) {
    settings.communication_backend =
        enum_or_default(target + ".communicationBackend", *settings.communication_backend, {"TCP", "Gloo", "MPI"});
  } else if (*settings.process_count > 1) {
    throw invalid_content(target + ".communicationBackend",
                          target + ".communicationBackend: needed for more than one process (TCP, Gloo or MPI)");
  }
}

// Worker and parameter server counts make a job a distributed one; they stay absent on jobs of one node.
void complete_tensor_flow(const std::string& target, TensorFlowSettings& settings, std::int32_t node_count,
                          int gpus_per_node) {
  check_script(target, settings.python_script_file_path);
  const bool distributed = node_count > 1 || settings.worker_count || settings.parameter_server_count;
  if (!distributed) {
    return;
  }
  settings.worker_count = settings.worker_count.value_or(node_count);
  settings.parameter_server_count = settings.parameter_server_count.value_or(1);
  const std::int64_t most_workers = std::int64_t{node_count} * std::max(1, gpus_per_node);
  if (*settings.worker_count < 1 || *settings.worker_count > most_workers) {
    throw invalid_content(target + ".workerCount",
                          target + ".workerCount: expected 1 to " + std::to_string(most_workers));
  }
  if (*settings.parameter_server_count < 0 || *settings.parameter_server_count > node_count) {
    throw invalid_content(target + ".parameterServerCount",
                          target + ".parameterServerCount: expected 0 to " + std::to_string(node_count));
  }
}

void complete_caffe(const std::string& target, CaffeSettings& settings, std::int32_t node_count) {
  if (given(settings.config_file_path) == given(settings.python_script_file_path)) {
    throw invalid_content(target, target + ": exactly one of configFilePath and pythonScriptFilePath is needed");
  }
  if (given(settings.config_file_path)) {
    refuse(target + ".pythonInterpreterPath", settings.python_interpreter_path, "only with a Python script");
  }
  complete_process_count(target, settings.process_count, node_count);
}

void require_one_toolkit(const JobCreateParameters& job) {
  const auto count = static_cast<int>(job.cntk_settings.has_value()) + job.py_torch_settings.has_value() +
                     job.tensor_flow_settings.has_value() + job.caffe_settings.has_value() +
                     job.caffe2_settings.has_value() + job.chainer_settings.has_value() +
                     job.custom_toolkit_settings.has_value() + job.custom_mpi_settings.has_value() +
                     job.horovod_settings.has_value();
  if (count != 1) {
    throw invalid_content(
        "properties",
        "properties: exactly one of cntkSettings, pyTorchSettings, tensorFlowSettings, "
        "caffeSettings, caffe2Settings, chainerSettings, customToolkitSettings, customMpiSettings and "
        "horovodSettings is needed, found " +
            std::to_string(count));
  }
}

template <class Settings>
void complete_script(const std::string& target, Settings& settings, std::int32_t node_count) {
  check_script(target, settings.python_script_file_path);
  complete_process_count(target, settings.process_count, node_count);
}

}  // namespace

void complete_toolkit(JobCreateParameters& job, int gpus_per_node) {
  require_one_toolkit(job);
  if (job.cntk_settings) {
    complete_language("properties.cntkSettings", *job.cntk_settings);
    complete_process_count("properties.cntkSettings", job.cntk_settings->process_count, job.node_count);
  } else if (job.py_torch_settings) {
    complete_py_torch("properties.pyTorchSettings", *job.py_torch_settings, job.node_count);
  } else if (job.tensor_flow_settings) {
    complete_tensor_flow("properties.tensorFlowSettings", *job.tensor_flow_settings, job.node_count, gpus_per_node);
  } else if (job.caffe_settings) {
    complete_caffe("properties.caffeSettings", *job.caffe_settings, job.node_count);
  } else if (job.caffe2_settings) {
    check_script("properties.caffe2Settings", job.caffe2_settings->python_script_file_path);
  } else if (job.chainer_settings) {
    complete_script("properties.chainerSettings", *job.chainer_settings, job.node_count);
  } else if (job.horovod_settings) {
    complete_script("properties.horovodSettings", *job.horovod_settings, job.node_count);
  } else if (job.custom_toolkit_settings) {
    require_text("properties.customToolkitSettings.commandLine",
                 job.custom_toolkit_settings->command_line.value_or(""));
  } else {
    require_text("properties.customMpiSettings.commandLine", job.custom_mpi_settings->command_line);
    complete_process_count("properties.customMpiSettings", job.custom_mpi_settings->process_count, job.node_count);
  }
}

}  // namespace batchai::server

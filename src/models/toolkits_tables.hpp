#pragma once

#include "batchai/models/toolkits.hpp"
#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<CntkSettings> {
  static constexpr auto kFields = std::tuple(
      field("languageType", &CntkSettings::language_type), field("configFilePath", &CntkSettings::config_file_path),
      field("pythonScriptFilePath", &CntkSettings::python_script_file_path),
      field("pythonInterpreterPath", &CntkSettings::python_interpreter_path),
      field("commandLineArgs", &CntkSettings::command_line_args), field("processCount", &CntkSettings::process_count));
};

template <>
struct Table<PyTorchSettings> {
  static constexpr auto kFields =
      std::tuple(field("pythonScriptFilePath", &PyTorchSettings::python_script_file_path, kRequired),
                 field("pythonInterpreterPath", &PyTorchSettings::python_interpreter_path),
                 field("commandLineArgs", &PyTorchSettings::command_line_args),
                 field("processCount", &PyTorchSettings::process_count),
                 field("communicationBackend", &PyTorchSettings::communication_backend));
};

template <>
struct Table<TensorFlowSettings> {
  static constexpr auto kFields =
      std::tuple(field("pythonScriptFilePath", &TensorFlowSettings::python_script_file_path, kRequired),
                 field("pythonInterpreterPath", &TensorFlowSettings::python_interpreter_path),
                 field("masterCommandLineArgs", &TensorFlowSettings::master_command_line_args),
                 field("workerCommandLineArgs", &TensorFlowSettings::worker_command_line_args),
                 field("parameterServerCommandLineArgs", &TensorFlowSettings::parameter_server_command_line_args),
                 field("workerCount", &TensorFlowSettings::worker_count),
                 field("parameterServerCount", &TensorFlowSettings::parameter_server_count));
};

template <>
struct Table<CaffeSettings> {
  static constexpr auto kFields = std::tuple(field("configFilePath", &CaffeSettings::config_file_path),
                                             field("pythonScriptFilePath", &CaffeSettings::python_script_file_path),
                                             field("pythonInterpreterPath", &CaffeSettings::python_interpreter_path),
                                             field("commandLineArgs", &CaffeSettings::command_line_args),
                                             field("processCount", &CaffeSettings::process_count));
};

template <>
struct Table<Caffe2Settings> {
  static constexpr auto kFields =
      std::tuple(field("pythonScriptFilePath", &Caffe2Settings::python_script_file_path, kRequired),
                 field("pythonInterpreterPath", &Caffe2Settings::python_interpreter_path),
                 field("commandLineArgs", &Caffe2Settings::command_line_args));
};

template <>
struct Table<ChainerSettings> {
  static constexpr auto kFields =
      std::tuple(field("pythonScriptFilePath", &ChainerSettings::python_script_file_path, kRequired),
                 field("pythonInterpreterPath", &ChainerSettings::python_interpreter_path),
                 field("commandLineArgs", &ChainerSettings::command_line_args),
                 field("processCount", &ChainerSettings::process_count));
};

template <>
struct Table<HorovodSettings> {
  static constexpr auto kFields =
      std::tuple(field("pythonScriptFilePath", &HorovodSettings::python_script_file_path, kRequired),
                 field("pythonInterpreterPath", &HorovodSettings::python_interpreter_path),
                 field("commandLineArgs", &HorovodSettings::command_line_args),
                 field("processCount", &HorovodSettings::process_count));
};

template <>
struct Table<CustomToolkitSettings> {
  static constexpr auto kFields = std::tuple(field("commandLine", &CustomToolkitSettings::command_line));
};

template <>
struct Table<CustomMpiSettings> {
  static constexpr auto kFields = std::tuple(field("commandLine", &CustomMpiSettings::command_line, kRequired),
                                             field("processCount", &CustomMpiSettings::process_count));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL_ELSEWHERE(CntkSettings)
BATCHAI_MODEL_ELSEWHERE(PyTorchSettings)
BATCHAI_MODEL_ELSEWHERE(TensorFlowSettings)
BATCHAI_MODEL_ELSEWHERE(CaffeSettings)
BATCHAI_MODEL_ELSEWHERE(Caffe2Settings)
BATCHAI_MODEL_ELSEWHERE(ChainerSettings)
BATCHAI_MODEL_ELSEWHERE(HorovodSettings)
BATCHAI_MODEL_ELSEWHERE(CustomToolkitSettings)
BATCHAI_MODEL_ELSEWHERE(CustomMpiSettings)

}  // namespace batchai::inline v1

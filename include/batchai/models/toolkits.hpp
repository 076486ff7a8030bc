#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// `pytorch` is missing in the published list of values, but it is what the service returns.
struct ToolType : OpenEnum<ToolType> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kCntk{"cntk"};
  static constexpr Constant kTensorFlow{"tensorflow"};
  static constexpr Constant kPyTorch{"pytorch"};
  static constexpr Constant kCaffe{"caffe"};
  static constexpr Constant kCaffe2{"caffe2"};
  static constexpr Constant kChainer{"chainer"};
  static constexpr Constant kHorovod{"horovod"};
  static constexpr Constant kCustomMpi{"custommpi"};
  static constexpr Constant kCustom{"custom"};
};

/// `process_count` is the job's node count where it is absent, here and in the other toolkits.
struct CntkSettings {
  /// `BrainScript` or `Python`.
  std::optional<std::string> language_type = {};
  /// BrainScript only.
  std::optional<std::string> config_file_path = {};
  /// Python only, as the interpreter.
  std::optional<std::string> python_script_file_path = {};
  std::optional<std::string> python_interpreter_path = {};
  std::optional<std::string> command_line_args = {};
  std::optional<std::int32_t> process_count = {};
  UnknownMembers unknown = {};

  friend bool operator==(const CntkSettings&, const CntkSettings&) = default;
};

/// A PyTorch program.
struct PyTorchSettings {
  std::string python_script_file_path;
  std::optional<std::string> python_interpreter_path = {};
  std::optional<std::string> command_line_args = {};
  std::optional<std::int32_t> process_count = {};
  /// `TCP`, `Gloo` or `MPI`; not needed for one process.
  std::optional<std::string> communication_backend = {};
  UnknownMembers unknown = {};

  friend bool operator==(const PyTorchSettings&, const PyTorchSettings&) = default;
};

/// A TensorFlow program: masters, workers and parameter servers.
struct TensorFlowSettings {
  std::string python_script_file_path;
  std::optional<std::string> python_interpreter_path = {};
  std::optional<std::string> master_command_line_args = {};
  std::optional<std::string> worker_command_line_args = {};
  std::optional<std::string> parameter_server_command_line_args = {};
  /// Distributed training only, as the count of parameter servers.
  std::optional<std::int32_t> worker_count = {};
  std::optional<std::int32_t> parameter_server_count = {};
  UnknownMembers unknown = {};

  friend bool operator==(const TensorFlowSettings&, const TensorFlowSettings&) = default;
};

/// Either the configuration file or the script.
struct CaffeSettings {
  std::optional<std::string> config_file_path = {};
  std::optional<std::string> python_script_file_path = {};
  std::optional<std::string> python_interpreter_path = {};
  std::optional<std::string> command_line_args = {};
  std::optional<std::int32_t> process_count = {};
  UnknownMembers unknown = {};

  friend bool operator==(const CaffeSettings&, const CaffeSettings&) = default;
};

/// A Caffe2 program.
struct Caffe2Settings {
  std::string python_script_file_path;
  std::optional<std::string> python_interpreter_path = {};
  std::optional<std::string> command_line_args = {};
  UnknownMembers unknown = {};

  friend bool operator==(const Caffe2Settings&, const Caffe2Settings&) = default;
};

/// A Chainer program, started by MPI.
struct ChainerSettings {
  std::string python_script_file_path;
  std::optional<std::string> python_interpreter_path = {};
  std::optional<std::string> command_line_args = {};
  std::optional<std::int32_t> process_count = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ChainerSettings&, const ChainerSettings&) = default;
};

/// A Horovod program, started by MPI.
struct HorovodSettings {
  std::string python_script_file_path;
  std::optional<std::string> python_interpreter_path = {};
  std::optional<std::string> command_line_args = {};
  std::optional<std::int32_t> process_count = {};
  UnknownMembers unknown = {};

  friend bool operator==(const HorovodSettings&, const HorovodSettings&) = default;
};

/// Any program: a command line of the shell.
struct CustomToolkitSettings {
  std::optional<std::string> command_line = {};
  UnknownMembers unknown = {};

  friend bool operator==(const CustomToolkitSettings&, const CustomToolkitSettings&) = default;
};

/// Any program that mpirun starts.
struct CustomMpiSettings {
  std::string command_line;
  std::optional<std::int32_t> process_count = {};
  UnknownMembers unknown = {};

  friend bool operator==(const CustomMpiSettings&, const CustomMpiSettings&) = default;
};

BATCHAI_NAMESPACE_END

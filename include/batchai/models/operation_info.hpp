#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// An operation in words.
struct OperationDisplay {
  std::string provider;
  std::string resource;
  std::string operation;
  std::string description;
  UnknownMembers unknown = {};

  friend bool operator==(const OperationDisplay&, const OperationDisplay&) = default;
};

/// Something that the provider can do, as access control names it. Its `properties` are kept as an unknown member.
struct OperationInfo {
  /// `{provider}/{resource}/{operation}`
  std::string name;
  std::optional<OperationDisplay> display = {};
  std::optional<std::string> origin = {};
  UnknownMembers unknown = {};

  friend bool operator==(const OperationInfo&, const OperationInfo&) = default;
};

BATCHAI_NAMESPACE_END

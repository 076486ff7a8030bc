#include "cli/output/wire_types.hpp"

#include "batchai/arm/models.hpp"
#include "batchai/models/cluster.hpp"
#include "batchai/models/experiment.hpp"
#include "batchai/models/file_server.hpp"
#include "batchai/models/job.hpp"
#include "batchai/models/operation_info.hpp"
#include "batchai/models/output_file.hpp"
#include "batchai/models/usage.hpp"
#include "batchai/models/workspace.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>

namespace batchai::cli {
namespace {

using describe::shape_of;
using ShapeOf = const describe::Shape& (*)();

struct NamedType {
  std::string_view name;
  ShapeOf shape;
};

constexpr NamedType kTypes[] = {{"Cluster", &shape_of<Cluster>},
                                {"ClusterCreateParameters", &shape_of<ClusterCreateParameters>},
                                {"Experiment", &shape_of<Experiment>},
                                {"File", &shape_of<File>},
                                {"FileServer", &shape_of<FileServer>},
                                {"FileServerCreateParameters", &shape_of<FileServerCreateParameters>},
                                {"Job", &shape_of<Job>},
                                {"JobCreateParameters", &shape_of<JobCreateParameters>},
                                {"Operation", &shape_of<OperationInfo>},
                                {"Provider", &shape_of<Provider>},
                                {"RemoteLoginInformation", &shape_of<RemoteLoginInformation>},
                                {"ResourceGroup", &shape_of<ResourceGroup>},
                                {"Usage", &shape_of<Usage>},
                                {"Workspace", &shape_of<Workspace>}};

/// Where the members that az shows are not those of the model.
struct Difference {
  ShapeOf shape;
  bool in_properties = false;
  /// The model has no names for them.
  std::vector<std::string_view> only_az = {};
  std::string_view only_ours = {};
  /// batchai-server's own; the model has no names for them either.
  std::vector<std::string_view> only_this_service = {};
  bool flattens_properties = true;
};

const Difference& difference_of(const WireType& type) {
  static const Difference kNone{.shape = nullptr};
  static const Difference kDifferences[] = {
      {.shape = &shape_of<File>, .only_ours = "encoded"},
      {.shape = &shape_of<Job>, .in_properties = true, .only_ours = "waitingReason"},
      {.shape = &shape_of<Provider>, .only_az = {"authorizations", "providerAuthorizationConsentState"}},
      {.shape = &shape_of<ProviderResourceType>,
       .only_az = {"aliases", "apiProfiles", "capabilities", "defaultApiVersion", "locationMappings", "properties",
                   "zoneMappings"}},
      {.shape = &shape_of<RemoteLoginInformation>, .only_this_service = {"job", "nodeState"}},
      {.shape = &shape_of<ResourceGroup>, .only_az = {"managedBy"}, .flattens_properties = false}};
  const auto* const found = std::find_if(std::begin(kDifferences), std::end(kDifferences), [&](const auto& difference) {
    return type.in_properties == difference.in_properties && &difference.shape() == type.shape;
  });
  return found == std::end(kDifferences) ? kNone : *found;
}

std::vector<WireMember> find_members(const WireType& type) {
  std::vector<WireMember> members;
  const Difference& difference = difference_of(type);
  bool has_properties = false;
  for (const describe::ShapeMember& member : *type.shape) {
    has_properties = has_properties || member.in_properties;
    if (member.in_properties == type.in_properties) {
      members.push_back({.name = member.name,
                         .type = {.shape = member.content},
                         .notation = member.notation,
                         .list = member.list,
                         .added = member.name == difference.only_ours});
    }
  }
  if (has_properties && !type.in_properties) {
    members.push_back({.name = "properties",
                       .type = {.shape = type.shape, .in_properties = true},
                       .flattened = difference.flattens_properties});
  }
  for (const std::string_view name : difference.only_az) {
    members.push_back({.name = name});
  }
  for (const std::string_view name : difference.only_this_service) {
    members.push_back({.name = name, .added = true});
  }
  std::sort(members.begin(), members.end(), [](const auto& one, const auto& other) { return one.name < other.name; });
  return members;
}

}  // namespace

WireType wire_type(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const NamedType& type) { return type.name == name; });
  return {.shape = found == std::end(kTypes) ? nullptr : &found->shape()};
}

const std::vector<WireMember>& members_of(const WireType& type) {
  static const std::vector<WireMember> kNone;
  static std::mutex mutex;
  static std::map<std::pair<const describe::Shape*, bool>, std::vector<WireMember>> known;
  if (!type.is_known()) {
    return kNone;
  }
  const std::scoped_lock lock(mutex);
  const auto [found, added] = known.try_emplace({type.shape, type.in_properties});
  if (added) {
    found->second = find_members(type);
  }
  return found->second;
}

}  // namespace batchai::cli

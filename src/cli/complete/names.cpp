#include "cli/complete/names.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"
#include "cli/files/storage.hpp"

namespace batchai::cli {
namespace {

template <class Pages>
std::vector<std::string> names_in(Pages pages) {
  std::vector<std::string> names;
  for (const auto& item : pages) {
    names.push_back(item.name);
  }
  return names;
}

std::vector<std::string> workspaces(const Arguments& arguments, Context& context) {
  const WorkspacesClient client = context.services.batchai().workspaces();
  const std::string& group = arguments.get("resource-group");
  return names_in(group.empty() ? client.list({}, context.call()) : client.list_by_group(group, {}, context.call()));
}

std::vector<std::string> in_workspace(NameKind kind, const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("resource-group");
  const std::string& workspace = arguments.get("workspace");
  if (group.empty() || workspace.empty()) {
    return {};
  }
  const Client& client = context.services.batchai();
  switch (kind) {
    case NameKind::Cluster:
      return names_in(client.clusters().list(group, workspace, {}, context.call()));
    case NameKind::Experiment:
      return names_in(client.experiments().list(group, workspace, {}, context.call()));
    default:
      return names_in(client.file_servers().list(group, workspace, {}, context.call()));
  }
}

std::vector<std::string> jobs(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("resource-group");
  const std::string& workspace = arguments.get("workspace");
  const std::string& experiment = arguments.get("experiment");
  if (group.empty() || workspace.empty() || experiment.empty()) {
    return {};
  }
  return names_in(context.services.batchai().jobs().list(group, workspace, experiment, {}, context.call()));
}

}  // namespace

std::vector<std::string> existing_names(NameKind kind, const Arguments& arguments, Context& context) {
  switch (kind) {
    case NameKind::None:
      return {};
    case NameKind::Group:
      return names_in(context.services.arm().resource_groups().list(context.call()));
    case NameKind::Workspace:
      return workspaces(arguments, context);
    case NameKind::Cluster:
    case NameKind::Experiment:
    case NameKind::FileServer:
      return in_workspace(kind, arguments, context);
    case NameKind::Job:
      return jobs(arguments, context);
    case NameKind::Share:
      return names_in(open_storage(arguments, context).list({}, context.call()));
    case NameKind::Profile:
      return context.settings.store().names();
  }
  return {};
}

}  // namespace batchai::cli

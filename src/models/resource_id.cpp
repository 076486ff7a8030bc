#include "batchai/models/resource_id.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"

namespace batchai::inline v1 {
namespace {

[[noreturn]] void fail(std::string_view id, const std::string& reason) {
  throw InvalidArgument("'" + std::string(id) + "' is not a resource id: " + reason);
}

std::vector<std::string_view> split(std::string_view id) {
  if (id.empty() || id.front() != '/') {
    fail(id, "it has to begin with /subscriptions/");
  }
  std::vector<std::string_view> segments;
  for (std::size_t start = 1; start <= id.size();) {
    const std::size_t end = std::min(id.find('/', start), id.size());
    if (end == start) {
      fail(id, "there is nothing between or behind two of its slashes");
    }
    segments.push_back(id.substr(start, end - start));
    start = end + 1;
  }
  return segments;
}

/// Takes `word/value` off the front if it begins with `word`.
std::string take(std::string_view id, std::vector<std::string_view>& segments, std::string_view word) {
  if (segments.empty() || !iequals(segments.front(), word)) {
    return {};
  }
  if (segments.size() < 2) {
    fail(id, "a name is missing behind " + std::string(word));
  }
  std::string value(segments[1]);
  segments.erase(segments.begin(), segments.begin() + 2);
  return value;
}

std::string batchai_id(std::string_view subscription, std::string_view group,
                       std::vector<std::pair<std::string, std::string>> path) {
  return ResourceIdParts{.subscription = std::string(subscription),
                         .group = std::string(group),
                         .provider = "Microsoft.BatchAI",
                         .path = std::move(path)}
      .to_string();
}

}  // namespace

std::string ResourceIdParts::type() const {
  std::string text = provider;
  for (const auto& [kind, name] : path) {
    text.append("/").append(kind);
  }
  return text;
}

const std::string& ResourceIdParts::name() const& noexcept {
  if (!path.empty()) {
    return path.back().second;
  }
  return group.empty() ? subscription : group;
}

std::string ResourceIdParts::find(std::string_view wanted) const {
  for (const auto& [kind, name] : path) {
    if (iequals(kind, wanted)) {
      return name;
    }
  }
  return {};
}

std::string ResourceIdParts::to_string() const {
  std::string text = "/subscriptions/" + subscription;
  if (!group.empty()) {
    text += "/resourceGroups/" + group;
  }
  if (!provider.empty()) {
    text += "/providers/" + provider;
  }
  for (const auto& [kind, name] : path) {
    text.append("/").append(kind).append("/").append(name);
  }
  return text;
}

ResourceIdParts parse_resource_id(std::string_view id) {
  std::vector<std::string_view> rest = split(id);
  ResourceIdParts parts;
  parts.subscription = take(id, rest, "subscriptions");
  if (parts.subscription.empty()) {
    fail(id, "it has to begin with /subscriptions/");
  }
  parts.group = take(id, rest, "resourceGroups");
  parts.provider = take(id, rest, "providers");
  if (rest.empty()) {
    return parts;
  }
  if (parts.provider.empty()) {
    fail(id, "expected resourceGroups or providers, found '" + std::string(rest.front()) + "'");
  }
  if (rest.size() % 2 != 0) {
    fail(id, "a name is missing behind " + std::string(rest.back()));
  }
  for (std::size_t i = 0; i < rest.size(); i += 2) {
    parts.path.emplace_back(rest[i], rest[i + 1]);
  }
  return parts;
}

std::string make_group_id(std::string_view subscription, std::string_view group) {
  return ResourceIdParts{.subscription = std::string(subscription), .group = std::string(group)}.to_string();
}

std::string make_workspace_id(std::string_view subscription, std::string_view group, std::string_view workspace) {
  return batchai_id(subscription, group, {{"workspaces", std::string(workspace)}});
}

std::string make_cluster_id(std::string_view subscription, std::string_view group, std::string_view workspace,
                            std::string_view cluster) {
  return make_workspace_id(subscription, group, workspace) + "/clusters/" + std::string(cluster);
}

std::string make_file_server_id(std::string_view subscription, std::string_view group, std::string_view workspace,
                                std::string_view file_server) {
  return make_workspace_id(subscription, group, workspace) + "/fileServers/" + std::string(file_server);
}

std::string make_experiment_id(std::string_view subscription, std::string_view group, std::string_view workspace,
                               std::string_view experiment) {
  return make_workspace_id(subscription, group, workspace) + "/experiments/" + std::string(experiment);
}

std::string make_job_id(std::string_view subscription, std::string_view group, std::string_view workspace,
                        std::string_view experiment, std::string_view job) {
  return make_experiment_id(subscription, group, workspace, experiment) + "/jobs/" + std::string(job);
}

}  // namespace batchai::inline v1

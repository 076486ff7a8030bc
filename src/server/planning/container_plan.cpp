#include "server/planning/container_plan.hpp"

#include "signing/encoding.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {

namespace {

constexpr std::string_view kHub = "docker.io";
constexpr std::string_view kDockerArchive = "docker-archive:";
constexpr std::string_view kOciArchive = "oci-archive:";

/// The first part of an image's name, where that is a registry.
std::string registry_of(std::string_view image) {
  const auto first = image.substr(0, image.find('/'));
  const bool is_host =
      first.size() < image.size() && (first == "localhost" || first.find_first_of(".:") != std::string_view::npos);
  return std::string(is_host ? first : std::string_view());
}

/// `https://registry.example/v1/` is `registry.example`.
std::string host_of_url(std::string url) {
  if (const auto scheme = url.find("://"); scheme != std::string::npos) {
    url.erase(0, scheme + 3);
  }
  return url.substr(0, url.find('/'));
}

/// Complete, so that the registries which this machine is set up to search do not matter.
std::string complete_name(const std::string& image, const std::string& server) {
  if (!registry_of(image).empty()) {
    return image;
  }
  if (!server.empty()) {
    return server + "/" + image;
  }
  return std::string(kHub) + (image.find('/') == std::string::npos ? "/library/" : "/") + image;
}

std::string image_of(const ImageSourceRegistry& source, const std::string& server, const Variables& variables) {
  for (const auto kind : {kDockerArchive, kOciArchive}) {
    if (source.image.starts_with(kind)) {
      return std::string(kind) + expand_variables(source.image.substr(kind.size()), variables);
    }
  }
  if (source.image.starts_with('/') || source.image.starts_with('$')) {
    return std::string(kDockerArchive) + expand_variables(source.image, variables);
  }
  constexpr std::string_view kTransport = "docker://";
  const auto name = source.image.starts_with(kTransport) ? source.image.substr(kTransport.size()) : source.image;
  return complete_name(name, server);
}

/// In the format of podman's file of credentials.
std::string credentials_for(const std::string& registry, const PrivateRegistryCredentials& credentials) {
  const Secret password = credentials.password.value_or(Secret());
  const auto pair = credentials.username + ":" + password.reveal();
  return nlohmann::json{{"auths", {{registry, {{"auth", signing::base64_encode(pair)}}}}}}.dump();
}

}  // namespace

JobPlanError container_error(const std::string& image, const std::string& reason) {
  return {"FailedStartingContainer", "unable to start docker container: " + reason, {{"imageName", image}}};
}

RunContainer plan_container(const ContainerSettings& settings, const Variables& variables, const ContainerUse& use) {
  const auto& source = settings.image_source_registry;
  const auto server = host_of_url(source.server_url.value_or(""));
  auto result = use.common;
  result.image = image_of(source, server, variables);
  result.shm_size = settings.shm_size.value_or("");
  if (source.credentials) {
    if (!source.credentials->password) {
      throw container_error(source.image,
                            "the password of the registry is in a key vault, which this service cannot read");
    }
    result.credentials = credentials_for(server.empty() ? registry_of(result.image) : server, *source.credentials);
  }
  return result;
}

}  // namespace batchai::server

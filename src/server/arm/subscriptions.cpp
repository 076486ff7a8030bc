#include "server/arm/subscriptions.hpp"

#include "server/arm/arm_answer.hpp"
#include "server/resources/locations.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

nlohmann::json subscription_document(const ArmOptions& options) {
  return {
      {"id", "/subscriptions/" + options.subscription_id},
      {"subscriptionId", options.subscription_id},
      {"tenantId", options.tenant_id},
      {"displayName", "batchai"},
      {"state", "Enabled"},
      {"authorizationSource", "RoleBased"},
      {"managedByTenants", nlohmann::json::array()},
      {"subscriptionPolicies",
       {{"locationPlacementId", "Public_2014-09-01"}, {"quotaId", "PayAsYouGo_2014-09-01"}, {"spendingLimit", "Off"}}}};
}

nlohmann::json tenant_document(const ArmOptions& options) {
  return {{"id", "/tenants/" + options.tenant_id},
          {"tenantId", options.tenant_id},
          {"displayName", "batchai"},
          {"domains", nlohmann::json::array()},
          {"tenantCategory", "Home"}};
}

nlohmann::json location_document(const ArmOptions& options, const Location& location) {
  const std::string name(location.name);
  const std::string display(location.display_name);
  const std::string geography(location.geography);
  return {{"id", "/subscriptions/" + options.subscription_id + "/locations/" + name},
          {"name", name},
          {"displayName", display},
          {"regionalDisplayName", "(" + geography + ") " + display},
          {"metadata",
           {{"regionType", "Physical"},
            {"regionCategory", "Recommended"},
            {"geographyGroup", geography},
            {"pairedRegion", nlohmann::json::array()}}}};
}

Response list_locations(const ArmOptions& options) {
  std::vector<nlohmann::json> documents;
  for (const Location& location : locations()) {
    documents.push_back(location_document(options, location));
  }
  return list_answer(std::move(documents));
}

}  // namespace

std::vector<Route> subscription_routes(const ArmOptions& options) {
  return {
      {"GET", "/subscriptions",
       [options](const Request&, const PathParameters&) {
         return arm_answer(200,
                           {{"value", {subscription_document(options)}}, {"count", {{"type", "Total"}, {"value", 1}}}});
       }},
      {"GET", "/subscriptions/{subscription}",
       [options](const Request&, const PathParameters&) { return arm_answer(200, subscription_document(options)); }},
      {"GET", "/subscriptions/{subscription}/locations",
       [options](const Request&, const PathParameters&) { return list_locations(options); }},
      {"GET", "/tenants",
       [options](const Request&, const PathParameters&) { return list_answer({tenant_document(options)}); }}};
}

Route metadata_route(const ArmOptions& options) {
  return {"GET", "/metadata/endpoints", [url = options.management_url](const Request&, const PathParameters&) {
            return arm_answer(200,
                              {{"galleryEndpoint", url + "/gallery"},
                               {"graphEndpoint", url + "/graph"},
                               {"portalEndpoint", url + "/portal"},
                               {"authentication", {{"loginEndpoint", url + "/adfs"}, {"audiences", {url + "/"}}}}});
          }};
}

}  // namespace batchai::server

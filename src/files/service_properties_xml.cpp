#include "files/service_properties_xml.hpp"

#include "core/joined.hpp"
#include "files/xml.hpp"

namespace batchai::inline v1::files {
namespace {

constexpr const char* kRoot = "StorageServiceProperties";

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

StorageMetrics read_metrics(pugi::xml_node node) {
  StorageMetrics metrics{.enabled = node.child("Enabled").text().as_bool(),
                         .include_apis = node.child("IncludeAPIs").text().as_bool()};
  const pugi::xml_node retention = node.child("RetentionPolicy");
  if (retention.child("Enabled").text().as_bool()) {
    metrics.retention_days = retention.child("Days").text().as_int();
  }
  return metrics;
}

CorsRule read_rule(pugi::xml_node node) {
  return {.allowed_origins = split_list(node.child_value("AllowedOrigins")),
          .allowed_methods = split_list(node.child_value("AllowedMethods")),
          .allowed_headers = split_list(node.child_value("AllowedHeaders")),
          .exposed_headers = split_list(node.child_value("ExposedHeaders")),
          .max_age_seconds = node.child("MaxAgeInSeconds").text().as_int()};
}

void write_metrics(pugi::xml_node root, const char* name, const StorageMetrics& metrics) {
  pugi::xml_node node = root.append_child(name);
  append_text(node, "Version", "1.0");
  append_text(node, "Enabled", metrics.enabled ? "true" : "false");
  if (metrics.enabled) {
    append_text(node, "IncludeAPIs", metrics.include_apis ? "true" : "false");
  }
  pugi::xml_node retention = node.append_child("RetentionPolicy");
  append_text(retention, "Enabled", metrics.retention_days ? "true" : "false");
  if (metrics.retention_days) {
    append_text(retention, "Days", std::to_string(*metrics.retention_days));
  }
}

void write_rule(pugi::xml_node cors, const CorsRule& rule) {
  pugi::xml_node node = cors.append_child("CorsRule");
  append_text(node, "AllowedOrigins", joined(rule.allowed_origins, ","));
  append_text(node, "AllowedMethods", joined(rule.allowed_methods, ","));
  append_text(node, "MaxAgeInSeconds", std::to_string(rule.max_age_seconds));
  append_text(node, "ExposedHeaders", joined(rule.exposed_headers, ","));
  append_text(node, "AllowedHeaders", joined(rule.allowed_headers, ","));
}

}  // namespace

ServiceProperties read_service_properties(const HttpResponse& response) {
  pugi::xml_document document;
  const pugi::xml_node root = load_answer(document, response, kRoot);
  ServiceProperties properties{.hour_metrics = read_metrics(root.child("HourMetrics")),
                               .minute_metrics = read_metrics(root.child("MinuteMetrics"))};
  for (const pugi::xml_node rule : root.child("Cors").children("CorsRule")) {
    properties.cors.push_back(read_rule(rule));
  }
  if (const auto multichannel = root.child("ProtocolSettings").child("SMB").child("Multichannel").child("Enabled")) {
    properties.smb_multichannel = multichannel.text().as_bool();
  }
  return properties;
}

std::string write_service_properties(const ServiceProperties& properties) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child(kRoot);
  write_metrics(root, "HourMetrics", properties.hour_metrics);
  write_metrics(root, "MinuteMetrics", properties.minute_metrics);
  pugi::xml_node cors = root.append_child("Cors");
  for (const CorsRule& rule : properties.cors) {
    write_rule(cors, rule);
  }
  if (properties.smb_multichannel) {
    pugi::xml_node channel = root.append_child("ProtocolSettings").append_child("SMB").append_child("Multichannel");
    append_text(channel, "Enabled", *properties.smb_multichannel ? "true" : "false");
  }
  return text_of(document);
}

}  // namespace batchai::inline v1::files

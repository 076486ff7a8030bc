#include "server/files/answer.hpp"
#include "server/files/listing.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"

#include <algorithm>

namespace batchai::server::files::operations {
namespace {

void append_metrics(pugi::xml_node parent, const char* name) {
  auto metrics = parent.append_child(name);
  append_text(metrics, "Version", "1.0");
  append_text(metrics, "Enabled", "false");
  append_text(metrics.append_child("RetentionPolicy"), "Enabled", "false");
}

void append_share(pugi::xml_node shares, const Call& call, const std::string& name, const ShareRecord& record) {
  auto share = shares.append_child("Share");
  append_text(share, "Name", name);
  auto properties = share.append_child("Properties");
  append_text(properties, "Last-Modified", format_http_date(record.modified));
  append_text(properties, "Etag", record.etag());
  if (call.since(versions::kShareLeases)) {
    append_text(properties, "LeaseStatus", "unlocked");
    append_text(properties, "LeaseState", "available");
  }
  append_text(properties, "Quota", std::to_string(record.quota));
  if (to_lower(call.query("include")).find("metadata") != std::string::npos && !record.metadata.empty()) {
    auto metadata = share.append_child("Metadata");
    for (const auto& [key, value] : record.metadata) {
      append_text(metadata, key.c_str(), value);
    }
  }
}

}  // namespace

Response list_shares(const Call& call) {
  const std::string prefix = call.query("prefix");
  const std::string start = read_marker(call);
  const std::size_t limit = read_max_results(call);
  std::vector<std::string> names = call.backend.shares.names(call.address.account);
  std::erase_if(names, [&](const std::string& name) { return !name.starts_with(prefix) || name < start; });
  pugi::xml_document document;
  auto root = begin_listing(document, call);
  echo_list_parameters(root, call);
  auto shares = root.append_child("Shares");
  for (std::size_t i = 0; i < std::min(limit, names.size()); ++i) {
    try {
      append_share(shares, call, names[i], call.backend.shares.record(call.address.account, names[i]));
    } catch (const StorageError&) {
      // Deleted since its name was read.
      continue;
    }
  }
  append_text(root, "NextMarker", names.size() > limit ? write_marker(names[limit]) : "");
  return xml_answer(200, document);
}

Response get_service_properties(const Call& call) {
  pugi::xml_document document;
  auto root = document.append_child("StorageServiceProperties");
  append_metrics(root, "HourMetrics");
  append_metrics(root, "MinuteMetrics");
  root.append_child("Cors");
  if (call.since(versions::kShareLeases)) {
    auto smb = root.append_child("ProtocolSettings").append_child("SMB");
    append_text(smb.append_child("Multichannel"), "Enabled", "false");
  }
  return xml_answer(200, document);
}

}  // namespace batchai::server::files::operations

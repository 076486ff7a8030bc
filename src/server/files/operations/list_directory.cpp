#include "batchai/core/url.hpp"
#include "server/files/http/answer.hpp"
#include "server/files/http/carried_text.hpp"
#include "server/files/http/listing.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/operations.hpp"

#include <algorithm>

#include <fcntl.h>

namespace batchai::server::files::operations {
namespace {

/// An entry and the key it is sorted by: without regard to case, then by bytes.
struct SortedEntry {
  std::string key;
  Entry entry;
};

/// What a listing says about its entries besides name and size.
struct Details {
  bool ids = false;
  bool timestamps = false;
  bool etag = false;
  bool attributes = false;
  bool permission_key = false;
};

Details read_details(const Call& call) {
  if (!call.since(versions::kExtendedListing)) {
    return {};
  }
  const std::string include = "," + to_lower(call.query("include")) + ",";
  const auto asks_for = [&](const char* word) {
    return include.find("," + std::string(word) + ",") != std::string::npos;
  };
  return {.ids = call.since(versions::kEncodedNames) || include != ",," || call.asks_for("x-ms-file-extended-info"),
          .timestamps = asks_for("timestamps"),
          .etag = asks_for("etag"),
          .attributes = asks_for("attributes"),
          .permission_key = asks_for("permissionkey")};
}

/// A zero byte sorts before everything in names, so that keys compare as pairs of folded and real name.
std::string sort_key(const std::string& name) { return fold_case(name) + std::string(1, '\0') + name; }

std::vector<SortedEntry> sorted_entries(int directory, const Call& call, const std::string& start) {
  const std::string prefix = call.query("prefix");
  std::vector<SortedEntry> entries;
  for (Entry& entry : list_entries(directory)) {
    if (!entry.name.starts_with(prefix) || (!is_xml_text(entry.name) && !call.since(versions::kEncodedNames))) {
      continue;
    }
    std::string key = sort_key(entry.name);
    if (key >= start) {
      entries.push_back({std::move(key), std::move(entry)});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const SortedEntry& a, const SortedEntry& b) { return a.key < b.key; });
  return entries;
}

void append_directory_path(pugi::xml_node root, const std::string& path) {
  if (is_xml_text(path)) {
    root.append_attribute("DirectoryPath") = path.c_str();
  } else {
    root.append_attribute("Encoded") = "true";
    root.append_attribute("DirectoryPath") = percent_encode(path).c_str();
  }
}

void append_properties(pugi::xml_node node, NodeKind kind, const NodeState& state, const Details& details) {
  auto properties = node.append_child("Properties");
  if (kind == NodeKind::File) {
    append_text(properties, "Content-Length", std::to_string(state.size));
  }
  if (details.timestamps) {
    append_text(properties, "CreationTime", format_iso8601_ticks(state.created));
    append_text(properties, "LastAccessTime", format_iso8601_ticks(state.written));
    append_text(properties, "LastWriteTime", format_iso8601_ticks(state.written));
    append_text(properties, "ChangeTime", format_iso8601_ticks(state.changed));
    append_text(properties, "Last-Modified", state.last_modified());
  }
  if (details.etag) {
    append_text(properties, "Etag", state.etag());
  }
}

/// The attributes of an entry; opened only for what needs them.
Attributes load_attributes(int directory, const Entry& entry, const Call& call) {
  const Descriptor node(openat(directory, entry.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  return node.is_open() ? call.backend.attributes.load(node.get()) : Attributes();
}

void append_entry(pugi::xml_node entries, int directory, const Entry& entry, const Call& call, const Details& details) {
  auto state = read_state_at(directory, entry.name);
  if (!state) {
    return;
  }
  const bool is_directory = entry.kind == NodeKind::Directory;
  const bool needs_attributes = details.attributes || details.permission_key || details.timestamps || details.etag;
  const Attributes attributes = needs_attributes ? load_attributes(directory, entry, call) : Attributes();
  state = seen_state(entry.kind, *state, attributes);
  auto node = entries.append_child(is_directory ? "Directory" : "File");
  append_text(node, "Name", entry.name);
  if (details.ids) {
    append_text(node, "FileId", std::to_string(state->id));
  }
  append_properties(node, entry.kind, *state, details);
  if (details.attributes) {
    append_text(node, "Attributes", smb_attributes(entry.kind, attributes));
  }
  if (details.permission_key) {
    const std::string& key = attributes.permission_key;
    append_text(node, "PermissionKey", key.empty() ? kUsualPermissionKey : key);
  }
}

}  // namespace

Response list_directory(const Call& call) {
  const std::size_t limit = read_max_results(call);
  const std::string start = read_marker(call);
  const Details details = read_details(call);
  const Descriptor share = call.open_share();
  const Descriptor directory = open_directory(share.get(), call.address.path);
  const auto entries = sorted_entries(directory.get(), call, start);
  pugi::xml_document document;
  auto root = begin_listing(document, call);
  root.append_attribute("ShareName") = call.address.share.c_str();
  if (!call.snapshot.empty()) {
    root.append_attribute("ShareSnapshot") = call.snapshot.c_str();
  }
  append_directory_path(root, call.address.joined_path());
  echo_list_parameters(root, call);
  if (details.ids) {
    append_text(root, "DirectoryId", std::to_string(read_state(directory.get()).id));
  }
  auto list = root.append_child("Entries");
  for (std::size_t i = 0; i < std::min(limit, entries.size()); ++i) {
    append_entry(list, directory.get(), entries[i].entry, call, details);
  }
  append_text(root, "NextMarker", entries.size() > limit ? write_marker(entries[limit].key) : "");
  return xml_answer(200, document);
}

}  // namespace batchai::server::files::operations

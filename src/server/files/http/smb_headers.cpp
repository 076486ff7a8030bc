#include "server/files/http/smb_headers.hpp"

#include "server/files/disk/file_permissions.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace batchai::server::files {
namespace {

/// In the order in which the service writes them.
constexpr std::array<std::string_view, 10> kFlags = {"ReadOnly",          "Hidden",     "System",    "None",
                                                     "Directory",         "Archive",    "Temporary", "Offline",
                                                     "NotContentIndexed", "NoScrubData"};
constexpr std::size_t kReadOnly = 0;
constexpr std::size_t kNone = 3;
constexpr std::size_t kDirectory = 4;
constexpr std::size_t kArchive = 5;

using FlagSet = std::array<bool, kFlags.size()>;

/// Nothing for a word that is none of them.
std::optional<FlagSet> parse_flags(std::string_view text) {
  FlagSet flags{};
  while (!text.empty()) {
    std::string word(text.substr(0, text.find('|')));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    std::erase(word, ' ');
    const auto* flag =
        std::find_if(kFlags.begin(), kFlags.end(), [&](std::string_view known) { return iequals(known, word); });
    if (flag == kFlags.end()) {
      return std::nullopt;
    }
    flags.at(static_cast<std::size_t>(flag - kFlags.begin())) = true;
  }
  return flags;
}

std::string write_flags(const FlagSet& flags) {
  std::string text;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags.at(i)) {
      text += (text.empty() ? "" : " | ") + std::string(kFlags.at(i));
    }
  }
  return text;
}

/// `None` is allowed only alone.
FlagSet only_or_none(FlagSet flags) {
  flags.at(kNone) = false;
  flags.at(kNone) = std::none_of(flags.begin(), flags.end(), [](bool set) { return set; });
  return flags;
}

std::optional<std::string> read_flags(const Headers& headers, NodeKind kind) {
  const std::string text = headers.get("x-ms-file-attributes");
  if (text.empty() || iequals(text, "preserve")) {
    return std::nullopt;
  }
  if (iequals(text, "inherit")) {
    return std::string();
  }
  auto flags = parse_flags(text);
  if (!flags || (kind == NodeKind::File && flags->at(kDirectory))) {
    throw invalid_header("x-ms-file-attributes", text);
  }
  flags->at(kDirectory) = false;
  return write_flags(only_or_none(*flags));
}

/// A time as clients write it. azure-storage-file-share cuts two digits off the fraction, and of a time without one it
/// makes `2024-01-01T00:00:000Z`, which means whole seconds.
std::optional<Timestamp> parse_smb_time(std::string text) {
  constexpr std::size_t kBroken = 21;  // 2024-01-01T00:00:000Z
  if (text.size() == kBroken && text.back() == 'Z' && text[kBroken - 5] == ':' &&
      std::all_of(text.end() - 4, text.end() - 1, [](unsigned char c) { return std::isdigit(c) != 0; })) {
    text.erase(text.size() - 2, 1);
  }
  return parse_iso8601(text);
}

TimeChange read_time(const Headers& headers, const char* name) {
  const std::string text = headers.get(name);
  if (text.empty() || iequals(text, "preserve")) {
    return {};
  }
  if (iequals(text, "now")) {
    return {.now = true};
  }
  const auto time = parse_smb_time(text);
  if (!time) {
    throw invalid_header(name, text);
  }
  return {.at = time};
}

std::string read_permission(const Call& call) {
  const std::string permission = call.header("x-ms-file-permission");
  std::string key = call.header("x-ms-file-permission-key");
  if (!permission.empty() && !key.empty()) {
    throw invalid_header("x-ms-file-permission-key", key);
  }
  if (!key.empty()) {
    call.backend.permissions.require(call.address.account, call.address.share, key);
    return key;
  }
  if (permission.empty() || iequals(permission, "inherit") || iequals(permission, "preserve")) {
    return {};
  }
  return call.backend.permissions.add(call.address.account, call.address.share, permission,
                                      parse_permission_format(call.header("x-ms-file-permission-format")));
}

}  // namespace

SmbChanges read_smb_changes(const Call& call, NodeKind kind) {
  const Headers& headers = call.request.headers;
  SmbChanges changes{.attributes = read_flags(headers, kind),
                     .created = read_time(headers, "x-ms-file-creation-time"),
                     .written = read_time(headers, "x-ms-file-last-write-time"),
                     .changed = read_time(headers, "x-ms-file-change-time")};
  changes.permission_key = read_permission(call);
  return changes;
}

void set_new_smb(Attributes& attributes, const SmbChanges& changes, Timestamp moment, bool existed) {
  attributes.smb_attributes = changes.attributes.value_or("");
  attributes.permission_key = changes.permission_key;
  attributes.created = changes.created.at || !existed ? changes.created.at : std::optional(moment);
  attributes.written = changes.written.at;
  attributes.changed = changes.changed.at;
  if (attributes.written || attributes.changed) {
    attributes.smb_times_valid_for = moment;
  }
}

void change_smb(Attributes& attributes, const SmbChanges& changes, const NodeState& before, Timestamp moment) {
  keep_write_time(attributes, before, moment);
  attributes.smb_attributes = changes.attributes.value_or(attributes.smb_attributes);
  if (!changes.permission_key.empty()) {
    attributes.permission_key = changes.permission_key;
  }
  if (const auto created = changes.created.resolve(moment)) {
    attributes.created = created;
  }
  if (const auto written = changes.written.resolve(moment)) {
    attributes.written = written;
  }
  attributes.changed = changes.changed.resolve(moment);
}

void keep_write_time(Attributes& attributes, const NodeState& before, Timestamp moment) {
  attributes.written = before.written;
  attributes.changed.reset();
  attributes.modified.reset();
  attributes.smb_times_valid_for = moment;
}

std::string with_archive(const std::string& attributes) {
  FlagSet flags = parse_flags(attributes).value_or(FlagSet{});
  flags.at(kArchive) = true;
  return write_flags(only_or_none(flags));
}

std::string smb_attributes(NodeKind kind, const Attributes& attributes) {
  if (kind != NodeKind::Directory) {
    return attributes.smb_attributes.empty() ? "Archive" : attributes.smb_attributes;
  }
  FlagSet flags = parse_flags(attributes.smb_attributes).value_or(FlagSet{});
  flags.at(kDirectory) = true;
  return write_flags(only_or_none(flags));
}

bool is_read_only(const Attributes& attributes) {
  const auto flags = parse_flags(attributes.smb_attributes);
  return flags && flags->at(kReadOnly);
}

void set_smb_headers(Response& response, const Call& call, NodeKind kind, const NodeState& state,
                     const Attributes& attributes, const std::string& parent_id) {
  if (!call.since(versions::kSmbProperties)) {
    return;
  }
  const std::string& key = attributes.permission_key;
  response.headers.set("x-ms-file-permission-key", key.empty() ? kUsualPermissionKey : key);
  response.headers.set("x-ms-file-attributes", smb_attributes(kind, attributes));
  response.headers.set("x-ms-file-creation-time", format_iso8601_ticks(state.created));
  response.headers.set("x-ms-file-last-write-time", format_iso8601_ticks(state.written));
  response.headers.set("x-ms-file-change-time", format_iso8601_ticks(state.changed));
  response.headers.set("x-ms-file-id", std::to_string(state.id));
  response.headers.set("x-ms-file-parent-id", parent_id);
}

}  // namespace batchai::server::files

#include "cli/files/documents.hpp"

#include "cli/app/cells.hpp"
#include "cli/app/name_document.hpp"
#include "cli/output/shape.hpp"

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

constexpr Column kEntryColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Type", [](const json& item) { return cell_at(item, "/fileType"); }},
    {"Size", [](const json& item) { return cell_at(item, "/contentLength"); }, false, ColumnKind::Size},
    {"Modified", [](const json& item) { return cell_at(item, "/lastModified"); }, false, ColumnKind::Moment}};

constexpr Column kShareColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Quota", [](const json& item) { return cell_at(item, "/quota"); }},
    {"Modified", [](const json& item) { return cell_at(item, "/lastModified"); }, false, ColumnKind::Moment}};

}  // namespace

json date_document(const std::optional<Timestamp>& time) {
  return time ? json(to_output_date(format_iso8601(*time))) : json();
}

json share_document(const files::ShareItem& share) {
  return {{"etag", text_or_null(share.etag)},
          {"lastModified", date_document(share.last_modified)},
          {"name", share.name},
          {"quota", share.quota}};
}

json entry_document(const files::DirectoryEntry& entry) {
  json document = {{"contentLength", entry.is_directory ? json() : json(entry.size)},
                   {"fileType", entry.is_directory ? "directory" : "file"},
                   {"lastModified", date_document(entry.last_modified)}};
  set_name(document, entry.name);
  return document;
}

json file_document(const std::string& name, const files::FileProperties& properties) {
  json document = {{"contentLength", properties.size},
                   {"contentMd5", text_or_null(properties.content_md5)},
                   {"contentType", text_or_null(properties.content_type)},
                   {"copyStatus", text_or_null(properties.copy_status)},
                   {"etag", text_or_null(properties.etag)},
                   {"fileType", "file"},
                   {"lastModified", date_document(properties.last_modified)},
                   {"metadata", properties.metadata}};
  set_name(document, name);
  return document;
}

std::span<const Column> entry_columns() { return kEntryColumns; }
std::span<const Column> share_columns() { return kShareColumns; }

}  // namespace batchai::cli

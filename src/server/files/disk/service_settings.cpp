#include "server/files/disk/service_settings.hpp"

#include "core/parse_number.hpp"
#include "core/private_file.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/http/request_xml.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <mutex>
#include <sstream>

namespace batchai::server::files {
namespace {

constexpr const char* kRoot = "StorageServiceProperties";
constexpr const char* kProtocols = "ProtocolSettings";
constexpr const char* kUsual =
    "<StorageServiceProperties>"
    "<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics>"
    "<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics>"
    "<Cors/>"
    "<ProtocolSettings><SMB><Multichannel><Enabled>false</Enabled></Multichannel></SMB></ProtocolSettings>"
    "</StorageServiceProperties>";
constexpr std::size_t kMostCorsRules = 5;
constexpr std::uint64_t kLongestRetention = 365;

std::mutex& settings_mutex() {
  static std::mutex mutex;
  return mutex;
}

void check_boolean(pugi::xml_node node) {
  const std::string text = node.text().get();
  if (text != "true" && text != "false") {
    throw invalid_node(node.name(), text);
  }
}

void check_metrics(pugi::xml_node metrics) {
  if (std::string(metrics.child_value("Version")) != "1.0") {
    throw invalid_node("Version", metrics.child_value("Version"));
  }
  check_boolean(metrics.child("Enabled"));
  const auto retention = metrics.child("RetentionPolicy");
  check_boolean(retention.child("Enabled"));
  if (std::string(retention.child_value("Enabled")) == "true") {
    const auto days = parse_number<std::uint64_t>(retention.child_value("Days"));
    if (!days || *days < 1 || *days > kLongestRetention) {
      throw invalid_node("Days", retention.child_value("Days"));
    }
  }
}

void check_cors(pugi::xml_node cors) {
  const auto rules = cors.children("CorsRule");
  if (static_cast<std::size_t>(std::distance(rules.begin(), rules.end())) > kMostCorsRules) {
    throw StorageError("InvalidXmlDocument").with_detail("Reason", "At most five CORS rules.");
  }
}

void check_section(pugi::xml_node section) {
  const std::string name = section.name();
  if (name == "HourMetrics" || name == "MinuteMetrics") {
    check_metrics(section);
  } else if (name == "Cors") {
    check_cors(section);
  } else if (name != kProtocols) {
    throw StorageError("UnsupportedXmlNode").with_detail("XmlNodeName", name);
  }
}

std::string to_text(const pugi::xml_document& document) {
  std::ostringstream stream;
  document.save(stream, "", pugi::format_raw, pugi::encoding_utf8);
  return stream.str();
}

std::filesystem::path file_of(const std::filesystem::path& root, const std::string& account) {
  return root / account / ".shares" / "service.xml";
}

pugi::xml_document load(const std::filesystem::path& file) {
  return parse_request_xml(read_private_file(file).value_or(kUsual), kRoot);
}

}  // namespace

std::string ServiceSettings::get(const std::string& account, bool with_protocols) const {
  const std::lock_guard lock(settings_mutex());
  pugi::xml_document document = load(file_of(root_, account));
  if (!with_protocols) {
    document.document_element().remove_child(kProtocols);
  }
  return to_text(document);
}

void ServiceSettings::set(const std::string& account, const std::string& xml) const {
  const pugi::xml_document asked = parse_request_xml(xml, kRoot);
  for (const auto& section : asked.document_element().children()) {
    check_section(section);
  }
  const std::lock_guard lock(settings_mutex());
  pugi::xml_document document = load(file_of(root_, account));
  auto root = document.document_element();
  for (const auto& section : asked.document_element().children()) {
    const auto old = root.child(section.name());
    root.insert_copy_before(section, old);
    root.remove_child(old);
  }
  write_private_file(file_of(root_, account), to_text(document));
}

}  // namespace batchai::server::files

#pragma once

#include <filesystem>
#include <string>

namespace batchai::server::files {

/// The properties of an account's file service: metrics, CORS rules, protocol settings. They are stored and returned,
/// and have no effect. Thread-safe.
class ServiceSettings {
 public:
  explicit ServiceSettings(std::filesystem::path root) : root_(std::move(root)) {}

  /// A `StorageServiceProperties` document; with protocol settings for versions that have them.
  std::string get(const std::string& account, bool with_protocols) const;
  /// Takes over the parts that `xml` has. Throws InvalidXmlDocument, InvalidXmlNodeValue or UnsupportedXmlNode.
  void set(const std::string& account, const std::string& xml) const;

 private:
  std::filesystem::path root_;
};

}  // namespace batchai::server::files

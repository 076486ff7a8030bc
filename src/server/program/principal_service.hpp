#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace batchai::server {

/// Sends requests about principals to whoever has the data folder.
class PrincipalService {
 public:
  virtual ~PrincipalService() = default;
  /// `name` and `action` may be empty. The answer's document; null where it has none. Throws ServiceFault for a
  /// refusal, and std::runtime_error where the service cannot be asked.
  virtual nlohmann::json send(const std::string& method, const std::string& name, const std::string& action,
                              const nlohmann::json& body) = 0;
};

/// The running service of a data folder, or the folder itself where no service runs. Throws std::runtime_error for a
/// folder that no service has used.
std::unique_ptr<PrincipalService> open_principals(const std::filesystem::path& data_folder);

}  // namespace batchai::server

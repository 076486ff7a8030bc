#pragma once

#include "batchai/core/credential.hpp"
#include "batchai/core/pipeline.hpp"
#include "cli/app/context.hpp"

#include <memory>
#include <optional>
#include <string>

namespace batchai::inline v1 {
class ArmClient;
class Client;
}  // namespace batchai::inline v1

namespace batchai::cli {

class DryRunTransport;

/// Makes the library's clients from the settings, each when it is first asked for. Not thread-safe.
class Services {
 public:
  /// `moves_files`: as in CommandSpec.
  Services(Host& host, Settings& settings, const GlobalOptions& options, bool moves_files = false);
  ~Services();

  const Client& batchai();
  const ArmClient& arm();
  /// For clients that are made by hand.
  ClientOptions client_options();
  /// Signs in with what the settings name.
  std::shared_ptr<TokenCredential> credential();
  std::shared_ptr<TokenCredential> credential_of(const Identity& identity);
  const Endpoints& endpoints();
  /// Of this run: option, else a resource id, else settings.
  std::string subscription();
  /// A resource id named another subscription than the settings do.
  void use_subscription(const std::string& id);
  /// What holds requests back; null without --dry-run, and as long as nothing asked for a client.
  DryRunTransport* dry_run() const { return dry_run_.get(); }

 private:
  std::shared_ptr<Transport> transport();

  Host& host_;
  Settings& settings_;
  const GlobalOptions& options_;
  const bool moves_files_;
  std::optional<std::string> subscription_;
  std::optional<Endpoints> endpoints_;
  std::shared_ptr<Transport> transport_;
  std::shared_ptr<DryRunTransport> dry_run_;
  std::shared_ptr<TokenCredential> credential_;
  std::unique_ptr<Client> batchai_;
  std::unique_ptr<ArmClient> arm_;
};

}  // namespace batchai::cli

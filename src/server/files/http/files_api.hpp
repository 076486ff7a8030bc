#pragma once

#include "batchai/core/clock.hpp"
#include "server/files/auth/authorization.hpp"
#include "server/files/http/call.hpp"
#include "server/http/message.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server::files {

/// No request has a longer body: ranges are written in pieces of 4 MiB.
inline constexpr std::uint64_t kLargestBody = 4ULL << 20U;

/// The service's answer to what the listener refuses by itself, without a look at the signature.
Response listener_refusal(int status, std::string_view message);

/// Azure Files over plain folders: the share is the folder `root/<account>/<share>`, in which jobs read and write at
/// the same time. Thread-safe.
///
/// Made for blobs, it only reads single blobs for holders of a SAS: the folders are
/// `root/<account>/<container>`.
///
/// A bearer token allows the same as the account key.
///
/// Not served: CORS preflights, NFS, and handles, which only SMB has. Permissions (SDDL) are stored and
/// returned, and have no effect. Leases and quotas apply to requests, not to jobs.
class FilesApi {
 public:
  /// `clock` is used to check signatures and has to outlive this object. `report` is called for what could not be
  /// removed; one sentence each, from another thread. Without `bearer` no token is accepted.
  FilesApi(
      const std::filesystem::path& root, AccountLookup accounts, const Clock& clock,
      signing::SasService service = signing::SasService::File,
      std::function<void(const std::string&)> report = [](const std::string&) {}, BearerTokens bearer = {});
  FilesApi(const FilesApi&) = delete;
  FilesApi& operator=(const FilesApi&) = delete;

  /// Answers every request, errors included; only failures of the system are thrown.
  Response handle(const Request& request) const;
  /// The answer to a request that is refused because of its head. Nothing for others.
  std::optional<Response> turn_away(const Request& request) const;

  /// The shares that it serves, for use without a request.
  const Shares& shares() const noexcept { return backend_.shares; }
  const Snapshots& snapshots() const noexcept { return backend_.snapshots; }

  /// Moves all shares of an account that is being deleted away; they are removed in the background.
  void remove_account(const std::string& account) const;

 private:
  /// The target and the caller of a request, once it is authorized.
  struct Authorized {
    Address address;
    Principal principal;
    Operation operation;
  };

  Response answered(const Request& request, const std::function<Response()>& work) const;
  Authorized authorize(const Request& request) const;
  Response answer(const Request& request) const;

  Backend backend_;
};

}  // namespace batchai::server::files

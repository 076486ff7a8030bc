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
/// Made for blobs, it reads single blobs for who has a SAS of them, and that is all: the folders are
/// `root/<account>/<container>`.
///
/// Who has a bearer token may do what who has the account key may do.
///
/// Not served: CORS preflights, NFS, and handles, which only SMB has. Permissions (SDDL) are kept and
/// given back without consequences. Leases and quotas bind requests, not jobs.
class FilesApi {
 public:
  /// `clock` decides about signatures and has to outlive this object. `report` is told about what could not be removed;
  /// one sentence each, from another thread. Without `bearer` no token is accepted.
  FilesApi(
      const std::filesystem::path& root, AccountLookup accounts, const Clock& clock,
      signing::SasService service = signing::SasService::File,
      std::function<void(const std::string&)> report = [](const std::string&) {}, BearerTokens bearer = {});
  FilesApi(const FilesApi&) = delete;
  FilesApi& operator=(const FilesApi&) = delete;

  /// Answers every request, errors included; only failures of the system get out as exceptions.
  Response handle(const Request& request) const;
  /// The answer to a request that is not allowed, as its head alone shows. Nothing for others.
  std::optional<Response> turn_away(const Request& request) const;

  /// What it serves, for who works on shares without a request.
  const Shares& shares() const noexcept { return backend_.shares; }
  const Snapshots& snapshots() const noexcept { return backend_.snapshots; }

  /// Takes all shares of an account that is being deleted out of sight; they are removed in the background.
  void remove_account(const std::string& account) const;

 private:
  /// What a request is about and who asks, once that is proved and allowed.
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

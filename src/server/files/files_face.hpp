#pragma once

#include "batchai/core/clock.hpp"
#include "server/files/authorization.hpp"
#include "server/files/call.hpp"
#include "server/http/message.hpp"

#include <filesystem>

namespace batchai::server::files {

/// Azure Files over plain folders: the share is the folder `root/<account>/<share>`, in which jobs read and write at
/// the same time. Thread-safe.
///
/// Not served: bearer tokens, CORS preflights, NFS, and handles, which only SMB has. Permissions (SDDL) are kept and
/// given back without consequences. Leases and quotas bind requests, not jobs.
class FilesFace {
 public:
  /// `clock` decides about signatures and has to outlive this object.
  FilesFace(const std::filesystem::path& root, AccountLookup accounts, const Clock& clock);
  FilesFace(const FilesFace&) = delete;
  FilesFace& operator=(const FilesFace&) = delete;

  /// Answers every request, errors included; only failures of the system get out as exceptions.
  Response handle(const Request& request) const;

 private:
  Response answer(const Request& request) const;

  Backend backend_;
};

}  // namespace batchai::server::files

#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/pageable.hpp"
#include "batchai/files/smb.hpp"
#include "files/connection.hpp"

#include <memory>
#include <string>

/// Facts: learn.microsoft.com/rest/api/storageservices/list-handles and force-close-handles.
namespace batchai::inline v1::files {

/// In place of the id of a handle.
inline constexpr const char* kAllHandles = "*";

/// Those of the file or directory at `url`.
Pageable<SmbHandle> list_handles(const std::shared_ptr<const Connection>& connection, const Url& url, bool recursive,
                                 const CallContext& context);

/// The same, of which `id` is closed. Asks again as long as the service says that there are more.
ClosedHandles close_handles(const Connection& connection, const Url& url, const std::string& id, bool recursive,
                            const CallContext& context);

}  // namespace batchai::inline v1::files

#pragma once

#include "batchai/core/error.hpp"
#include "batchai/files/share_client.hpp"
#include "cli/app/context.hpp"
#include "cli/files/storage.hpp"

#include <optional>
#include <string>

namespace batchai::cli {

enum class RemoteKind { File, Directory, Either };

/// What a command expects a path to be, and what to do where it is of the other kind.
struct ExpectedRemote {
  const files::ShareClient& share;
  const RemotePath& remote;
  RemoteKind kind = RemoteKind::Either;
  std::string hint = {};
};

/// What the service's refusal means for the path: that it, or a part of it, is missing or of the other kind. Asks the
/// service again to find out. Nothing for any other refusal.
std::optional<CommandError> explain_refusal(const ServiceError& error, const ExpectedRemote& expected,
                                            const Context& context);

/// Makes requests about a path and throws the explanation of their refusal, if there is one, instead of it.
template <class Requests>
auto explaining_refusal(const ExpectedRemote& expected, const Context& context, const Requests& requests) {
  try {
    return requests();
  } catch (const ServiceError& error) {
    if (const auto explained = explain_refusal(error, expected, context)) {
      throw CommandError(*explained);
    }
    throw;
  }
}

}  // namespace batchai::cli

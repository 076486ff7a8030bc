#pragma once

#include "batchai/core/error.hpp"
#include "batchai/files/share_client.hpp"
#include "cli/app/context.hpp"
#include "cli/files/storage.hpp"

#include <optional>
#include <string>

namespace batchai::cli {

enum class RemoteKind { File, Directory, Either };

/// What a command takes a place for, and what to do where it is of the other kind.
struct ExpectedRemote {
  const files::ShareClient& share;
  const RemotePath& remote;
  RemoteKind kind = RemoteKind::Either;
  std::string hint = {};
};

/// What the service's refusal means for the place: that it, or a part of the way there, is missing or of the other
/// kind. Looks at the service again for it. Nothing for any other refusal.
std::optional<CommandError> explain_refusal(const ServiceError& error, const ExpectedRemote& expected,
                                            const Context& context);

/// Makes requests about a place and throws the explanation of their refusal, if there is one, in its stead.
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

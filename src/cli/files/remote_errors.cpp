#include "cli/files/remote_errors.hpp"

#include "batchai/files/directory_client.hpp"
#include "batchai/files/file_client.hpp"

namespace batchai::cli {
namespace {

std::string quoted(const RemotePath& remote) { return "'" + remote.to_string() + "'"; }

/// The first directory of the path that is a file.
std::optional<RemotePath> file_above(const files::ShareClient& share, const RemotePath& remote,
                                     const Context& context) {
  for (std::size_t slash = remote.path.find('/'); slash != std::string::npos;
       slash = remote.path.find('/', slash + 1)) {
    RemotePath above{.share = remote.share, .path = remote.path.substr(0, slash)};
    if (share.file(above.path).exists(context.call())) {
      return above;
    }
  }
  return std::nullopt;
}

std::optional<CommandError> explain_kind(const ExpectedRemote& expected, const Context& context) {
  const RemotePath& remote = expected.remote;
  if (remote.path.empty()) {
    return std::nullopt;
  }
  if (expected.kind == RemoteKind::File && expected.share.directory(remote.path).exists(context.call())) {
    return UsageError(quoted(remote) + " is a directory", expected.hint);
  }
  if (expected.kind == RemoteKind::Directory && expected.share.file(remote.path).exists(context.call())) {
    return UsageError(quoted(remote) + " is a file", expected.hint);
  }
  return std::nullopt;
}

const char* name_of(RemoteKind kind) {
  switch (kind) {
    case RemoteKind::File:
      return "file ";
    case RemoteKind::Directory:
      return "directory ";
    case RemoteKind::Either:
      break;
  }
  return "file or directory ";
}

std::optional<CommandError> explain(const ServiceError& error, const ExpectedRemote& expected, const Context& context) {
  const bool wrong_kind = error.code() == "ResourceTypeMismatch";
  if (wrong_kind || error.code() == "ParentNotFound") {
    if (const auto above = file_above(expected.share, expected.remote, context)) {
      return CommandError(wrong_kind ? kFailed : kNotFound, quoted(*above) + " is a file: nothing is below it");
    }
  }
  if (auto other_kind = explain_kind(expected, context)) {
    return other_kind;
  }
  if (error.status() == 404) {
    return CommandError(kNotFound, std::string("there is no ") + name_of(expected.kind) + quoted(expected.remote));
  }
  return std::nullopt;
}

}  // namespace

std::optional<CommandError> explain_refusal(const ServiceError& error, const ExpectedRemote& expected,
                                            const Context& context) {
  if (error.code() == "ShareNotFound") {
    return CommandError(kNotFound, "there is no share '" + expected.remote.share + "'",
                        "see 'batchai files share list', or make it with 'batchai files share create'");
  }
  if (error.code() == "AccountNotFound") {
    return std::nullopt;  // it says so itself
  }
  if (error.code() == "DirectoryNotEmpty") {
    return CommandError(kFailed, "the directory " + quoted(expected.remote) + " is not empty",
                        "'batchai files delete -r' deletes it with all in it");
  }
  try {
    return explain(error, expected, context);
  } catch (const ServiceError&) {
    return std::nullopt;
  }
}

}  // namespace batchai::cli

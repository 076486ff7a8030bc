#include "cli/files/remote_errors.hpp"

#include "batchai/files/directory_client.hpp"
#include "batchai/files/file_client.hpp"

namespace batchai::cli {
namespace {

std::string quoted(const RemotePlace& place) { return "'" + place.to_string() + "'"; }

/// The first directory on the way to the place that is a file.
std::optional<RemotePlace> file_above(const files::ShareClient& share, const RemotePlace& place,
                                      const Context& context) {
  for (std::size_t slash = place.path.find('/'); slash != std::string::npos; slash = place.path.find('/', slash + 1)) {
    RemotePlace above{.share = place.share, .path = place.path.substr(0, slash)};
    if (share.file(above.path).exists(context.call())) {
      return above;
    }
  }
  return std::nullopt;
}

std::optional<CommandError> explain_kind(const ExpectedPlace& expected, const Context& context) {
  const RemotePlace& place = expected.place;
  if (place.path.empty()) {
    return std::nullopt;
  }
  if (expected.kind == PlaceKind::File && expected.share.directory(place.path).exists(context.call())) {
    return UsageError(quoted(place) + " is a directory", expected.hint);
  }
  if (expected.kind == PlaceKind::Directory && expected.share.file(place.path).exists(context.call())) {
    return UsageError(quoted(place) + " is a file", expected.hint);
  }
  return std::nullopt;
}

const char* name_of(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::File:
      return "file ";
    case PlaceKind::Directory:
      return "directory ";
    case PlaceKind::Either:
      break;
  }
  return "file or directory ";
}

std::optional<CommandError> explain(const ServiceError& error, const ExpectedPlace& expected, const Context& context) {
  const bool wrong_kind = error.code() == "ResourceTypeMismatch";
  if (wrong_kind || error.code() == "ParentNotFound") {
    if (const auto above = file_above(expected.share, expected.place, context)) {
      return CommandError(wrong_kind ? kFailed : kNotFound, quoted(*above) + " is a file: nothing is below it");
    }
  }
  if (auto other_kind = explain_kind(expected, context)) {
    return other_kind;
  }
  if (error.status() == 404) {
    return CommandError(kNotFound, std::string("there is no ") + name_of(expected.kind) + quoted(expected.place));
  }
  return std::nullopt;
}

}  // namespace

std::optional<CommandError> explain_refusal(const ServiceError& error, const ExpectedPlace& expected,
                                            const Context& context) {
  if (error.code() == "ShareNotFound") {
    return CommandError(kNotFound, "there is no share '" + expected.place.share + "'",
                        "see 'batchai files share list', or make it with 'batchai files share create'");
  }
  if (error.code() == "AccountNotFound") {
    return std::nullopt;  // it says so itself
  }
  if (error.code() == "DirectoryNotEmpty") {
    return CommandError(kFailed, "the directory " + quoted(expected.place) + " is not empty",
                        "'batchai files delete -r' deletes it with all in it");
  }
  try {
    return explain(error, expected, context);
  } catch (const ServiceError&) {
    return std::nullopt;
  }
}

}  // namespace batchai::cli

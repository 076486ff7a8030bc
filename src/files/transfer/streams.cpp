#include "batchai/files/streams.hpp"

#include "files/transfer/plan.hpp"
#include "files/transfer/run_alone.hpp"
#include "files/transfer/stream_download.hpp"
#include "files/transfer/stream_upload.hpp"

#include <algorithm>
#include <istream>
#include <ostream>

namespace batchai::inline v1::files {
namespace {

UploadedFile run_upload(const StreamUploadPlan& plan, const TransferOptions& options, const CallContext& context) {
  UploadedFile result;
  run_alone({.source = "the stream",
             .target = shown_place(plan.target),
             .size = plan.size.value_or(0),
             .make = [&](Engine& engine, bool) { return std::make_unique<StreamUploadJob>(engine, plan, result); }},
            options, context);
  return result;
}

/// Gives what is in memory, piece by piece.
PullBytes pull_from(std::span<const std::byte> content) {
  return [content](std::span<std::byte> into) mutable {
    const auto next = content.first(std::min(into.size(), content.size()));
    std::copy(next.begin(), next.end(), into.begin());
    content = content.subspan(next.size());
    return next.size();
  };
}

}  // namespace

UploadedFile upload_bytes(std::span<const std::byte> content, const FileClient& target, const TransferOptions& options,
                          const CreateFileOptions& properties, const CallContext& context) {
  return run_upload(
      {.pull = pull_from(content), .size = content.size(), .target = once(target), .properties = properties}, options,
      context);
}

UploadedFile upload_stream(std::istream& content, const FileClient& target, const TransferOptions& options,
                           const CreateFileOptions& properties, const CallContext& context) {
  const auto refuse = [] { throw Error("the stream that is uploaded cannot be read"); };
  if (!content) {  // a file that could not be opened, for one
    refuse();
  }
  const auto pull = [&](std::span<std::byte> into) {
    content.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    if (content.bad() || (content.fail() && !content.eof())) {
      refuse();
    }
    return static_cast<std::size_t>(content.gcount());
  };
  return upload_pulled(pull, target, options, properties, context);
}

UploadedFile upload_pulled(const PullBytes& pull, const FileClient& target, const TransferOptions& options,
                           const CreateFileOptions& properties, const CallContext& context) {
  return run_upload({.pull = pull, .target = once(target), .properties = properties}, options, context);
}

FileProperties download_bytes(const FileClient& source, std::span<std::byte> into, const TransferOptions& options,
                              const CallContext& context) {
  FileProperties properties = source.get_properties(context);
  if (properties.size > into.size()) {
    throw InvalidArgument("'" + source.name() + "' has " + std::to_string(properties.size) +
                          " bytes, and there is room for " + std::to_string(into.size()));
  }
  const auto take = [&into](const std::string& bytes) {
    const auto raw = std::as_bytes(std::span(bytes));
    std::copy(raw.begin(), raw.end(), into.begin());
    into = into.subspan(raw.size());
  };
  download_in_order({once(source), properties, take}, options, context);
  return properties;
}

std::vector<std::byte> download_bytes(const FileClient& source, const TransferOptions& options,
                                      const CallContext& context) {
  std::vector<std::byte> content;
  FileProperties properties = source.get_properties(context);
  content.reserve(properties.size);
  const auto take = [&content](const std::string& bytes) {
    const auto raw = std::as_bytes(std::span(bytes));
    content.insert(content.end(), raw.begin(), raw.end());
  };
  download_in_order({once(source), std::move(properties), take}, options, context);
  return content;
}

FileProperties download_stream(const FileClient& source, std::ostream& into, const TransferOptions& options,
                               const CallContext& context) {
  FileProperties properties = source.get_properties(context);
  const auto take = [&into](const std::string& bytes) {
    if (!into.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
      throw Error("the stream for a download cannot be written");
    }
  };
  download_in_order({once(source), properties, take}, options, context);
  return properties;
}

}  // namespace batchai::inline v1::files

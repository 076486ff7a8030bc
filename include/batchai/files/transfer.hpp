#pragma once

#include "batchai/core/context.hpp"
#include "batchai/files/file_client.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace batchai::files {

struct TransferProgress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

struct TransferOptions {
  /// Pieces under way at the same time. Memory needed: this many times kLargestPiece.
  unsigned concurrency = 4;
  /// Called after every piece, by one thread at a time.
  std::function<void(const TransferProgress&)> on_progress = {};
};

/// Copies a local file to the share; an existing one is overwritten. Throws InvalidArgument when the local file cannot
/// be read, Error when it changes meanwhile, else as a request does. After an error the remote file is incomplete.
void upload_file(const std::filesystem::path& source, const FileClient& target, const TransferOptions& options = {},
                 const CreateFileOptions& properties = {}, const CallContext& context = {});

/// Copies a file of the share to `target`, which appears complete or not at all. Throws Error when the remote file
/// changes meanwhile, InvalidArgument when the target cannot be written, else as a request does.
void download_file(const FileClient& source, const std::filesystem::path& target, const TransferOptions& options = {},
                   const CallContext& context = {});

}  // namespace batchai::files

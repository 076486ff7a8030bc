#include "batchai/files/transfer.hpp"

#include "batchai/core/error.hpp"
#include "files/local_file.hpp"
#include "files/pieces.hpp"

#include <algorithm>

namespace batchai::files {
namespace {

bool is_zero(const std::string& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

void upload_piece(const LocalSource& source, const FileClient& target, const FileRange& piece,
                  const CallContext& context) {
  std::string bytes = source.read(piece.first, piece.length());
  // A new file reads as zeros already.
  if (!is_zero(bytes)) {
    target.put_range(piece.first, std::move(bytes), context);
  }
}

/// Asks for the rest again as long as answers break off in the middle.
void download_piece(const FileClient& source, const LocalTarget& target, FileRange piece,
                    const FileProperties& expected, const CallContext& context) {
  while (piece.first <= piece.last) {
    const FilePiece answer = source.get_range(piece, context);
    if (answer.etag != expected.etag || answer.file_size != expected.size) {
      throw Error("'" + source.name() + "' changed while it was being downloaded; download it again");
    }
    if (answer.bytes.empty() || answer.bytes.size() > piece.length()) {
      throw ProtocolError("the storage service answered with " + std::to_string(answer.bytes.size()) +
                          " bytes instead of " + std::to_string(piece.length()));
    }
    target.write(piece.first, answer.bytes);
    piece.first += answer.bytes.size();
  }
}

}  // namespace

void upload_file(const std::filesystem::path& source, const FileClient& target, const TransferOptions& options,
                 const CreateFileOptions& properties, const CallContext& context) {
  const LocalSource local(source);
  target.create(local.size(), properties, context);
  for_each_piece(local.size(), options, context,
                 [&](const FileRange& piece) { upload_piece(local, target, piece, context); });
  local.require_unchanged();
}

void download_file(const FileClient& source, const std::filesystem::path& target, const TransferOptions& options,
                   const CallContext& context) {
  const FileProperties properties = source.get_properties(context);
  LocalTarget local(target, properties.size);
  for_each_piece(properties.size, options, context,
                 [&](const FileRange& piece) { download_piece(source, local, piece, properties, context); });
  local.commit();
}

}  // namespace batchai::files

#include "cli/files/print_file.hpp"

#include "cli/frame/printable_stream.hpp"
#include "signing/encoding.hpp"
#include "signing/running_md5.hpp"

#include <algorithm>
#include <ostream>

namespace batchai::cli {

void print_file(const files::FileClient& file, const files::FileProperties& properties, const Context& context) {
  const std::string remote = "'" + file.share_name() + "/" + file.path() + "'";
  std::ostream& out = behind_filter(context.io.out);  // the file's own bytes are what was asked for, as of cat
  signing::RunningMd5 md5;
  bool changed = false;
  for (std::uint64_t offset = 0; offset < properties.size;) {
    const std::uint64_t length = std::min(properties.size - offset, files::kLargestPiece);
    const files::FilePiece piece = file.get_range({offset, length}, {}, context.call());
    if (piece.bytes.empty()) {
      throw CommandError(kFailed, remote + " became shorter while it was read");
    }
    out.write(piece.bytes.data(), static_cast<std::streamsize>(piece.bytes.size()));
    md5.add(piece.bytes);
    changed = changed || piece.file.etag != properties.etag;
    offset += piece.bytes.size();
  }
  // A file without an MD5 may well be one that grows.
  if (properties.content_md5.empty() || signing::base64_encode(md5.finish()) == properties.content_md5) {
    return;
  }
  out.flush();
  throw changed ? CommandError(kFailed, remote + " changed while it was read", "try again")
                : CommandError(kFailed, "what was printed of " + remote +
                                            " is not what its Content-MD5 says: it is damaged, or "
                                            "its upload is not complete");
}

}  // namespace batchai::cli

#include "files/transfer/unchanged.hpp"

namespace batchai::files {

bool may_lack_content(const FileProperties& file) {
  return file.size > 0 && file.size <= kLargestPiece && (!file.changed || file.changed == file.last_write);
}

std::optional<FileProperties> look_at(Engine& engine, const FileClient& file, const Listed& listed,
                                      SkipUnchanged mode) {
  if (listed.known && !listed.entry) {
    return std::nullopt;
  }
  if (listed.known && mode == SkipUnchanged::BySizeAndTime) {
    return FileProperties{.size = listed.entry->size,
                          .etag = listed.entry->etag,
                          .last_write = listed.entry->last_write,
                          .changed = listed.entry->changed};
  }
  try {
    return engine.call("looking at " + file.url().path(),
                       [&](const CallContext& context) { return file.get_properties(context); });
  } catch (const ServiceError& error) {
    if (error.status() != 404) {
      throw;
    }
    return std::nullopt;
  }
}

}  // namespace batchai::files

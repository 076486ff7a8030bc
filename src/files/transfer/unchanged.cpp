#include "files/transfer/unchanged.hpp"

namespace batchai::files {

std::optional<FileProperties> look_at(Engine& engine, const FileClient& file, const Listed& listed,
                                      SkipUnchanged mode) {
  if (listed.known && !listed.entry) {
    return std::nullopt;
  }
  if (listed.known && mode == SkipUnchanged::BySizeAndTime) {
    return FileProperties{
        .size = listed.entry->size, .etag = listed.entry->etag, .last_write = listed.entry->last_write};
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

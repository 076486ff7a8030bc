#include "files/transfer/unchanged.hpp"

namespace batchai::inline v1::files {
namespace {

/// Files that jobs write may have it, too.
bool has_mark(const FileProperties& file) {
  return file.size > 0 && file.size <= kLargestPiece && file.changed && file.changed == file.last_write;
}

FileProperties properties_of(const DirectoryEntry& entry) {
  return {.size = entry.size, .etag = entry.etag, .last_write = entry.last_write, .changed = entry.changed};
}

/// Nothing when there is no file.
std::optional<FileProperties> look_at(Engine& engine, const FileClient& file) {
  try {
    return engine.call("looking at " + file.url().path(),
                       [&](const CallContext& context) { return file.get_properties(context); });
  } catch (const NotFound&) {
    return std::nullopt;
  }
}

}  // namespace

bool may_lack_content(const FileProperties& file) { return has_mark(file) && !file.content_md5.empty(); }

bool is_unchanged(Engine& engine, const FileClient& target, const Listed& listed,
                  const std::function<bool(const FileProperties&)>& is_same) {
  const SkipUnchanged mode = engine.options().skip_unchanged;
  if (mode == SkipUnchanged::Never || (listed.known && !listed.entry)) {
    return false;
  }
  if (listed.known && mode == SkipUnchanged::BySizeAndTime) {
    const FileProperties seen = properties_of(*listed.entry);
    const bool is_as_wanted = is_same(seen);
    if (!is_as_wanted || !has_mark(seen)) {
      return is_as_wanted;
    }
    // Whether there is an MD5, the listing does not say.
  }
  const auto present = look_at(engine, target);
  return present && is_same(*present) && !may_lack_content(*present);
}

}  // namespace batchai::inline v1::files

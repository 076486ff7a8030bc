#include "files/transfer/copy_job.hpp"

namespace batchai::inline v1::files {
namespace {

constexpr std::chrono::milliseconds kPoll{500};

}  // namespace

FileProperties CopyJob::look(const FileClient& file) {
  return engine_.call("looking at " + file.url().path(),
                      [&](const CallContext& context) { return file.get_properties(context); });
}

bool CopyJob::is_same(const FileProperties& source, const FileProperties& target) const {
  if (target.size != source.size) {
    return false;
  }
  return engine_.options().skip_unchanged == SkipUnchanged::ByChecksum
             ? !source.content_md5.empty() && target.content_md5 == source.content_md5
             : source.last_write.has_value() && target.last_write == source.last_write;
}

Beginning CopyJob::begin() {
  const bool by_checksum = engine_.options().skip_unchanged == SkipUnchanged::ByChecksum;
  const FileProperties source = plan_.entry && !by_checksum
                                    ? FileProperties{.size = plan_.entry->size, .last_write = plan_.entry->last_write}
                                    : look(plan_.source);
  size_ = source.size;
  if (is_unchanged(engine_, plan_.target, plan_.listed,
                   [&](const FileProperties& target) { return is_same(source, target); })) {
    return {.skipped = "unchanged", .size = size_};
  }
  return {.pieces = engine_.options().dry_run ? 0U : 1U, .size = size_};
}

void CopyJob::move_piece() {
  // Both times: a copy of a file that lacks its content has to look so, too.
  const CopyOptions kept{.keep_last_write = true, .keep_changed = true};
  CopyStatus copy = engine_.call("copying to " + plan_.target.url().path(), [&](const CallContext& context) {
    CopyStatus begun = plan_.target.copy_from(plan_.source, kept, context);
    engine_.carried(size_);
    return begun;
  });
  while (copy.status == "pending") {
    engine_.clock().sleep_for(kPoll, engine_.context().cancellation);
    require_going_on(engine_.context(), engine_.clock());
    const FileProperties target = look(plan_.target);
    if (target.copy_id != copy.id) {
      throw Error("another copy to '" + plan_.target.name() + "' has replaced this one");
    }
    copy.status = target.copy_status;
  }
  if (copy.status != "success") {
    throw Error("the service ended the copy as '" + copy.status + "'");
  }
  engine_.counters().moved(size_);
}

}  // namespace batchai::inline v1::files

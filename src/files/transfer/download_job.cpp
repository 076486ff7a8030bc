#include "files/transfer/download_job.hpp"

#include "files/transfer/local_error.hpp"
#include "files/transfer/local_folder.hpp"
#include "files/transfer/local_source.hpp"
#include "files/transfer/pieces.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::inline v1::files {
namespace {

/// Identifies this boot of the machine: what a part holds was not flushed, and cannot be trusted after a power cut.
std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

/// Writes a piece into the part at its place.
class PieceSink final : public BodySink {
 public:
  PieceSink(const PartFile& part, std::uint64_t first) : part_(part), first_(first) {}
  void write(std::uint64_t offset, std::string_view bytes) override { part_.write(first_ + offset, bytes); }

 private:
  const PartFile& part_;
  const std::uint64_t first_;
};

/// Keeps a small file until it has been compared with its MD5.
class MemorySink final : public BodySink {
 public:
  void write(std::uint64_t offset, std::string_view more) override {
    bytes.resize(offset);
    bytes.append(more);
  }
  std::string bytes = {};
};

}  // namespace

std::filesystem::path DownloadPlan::path() const {
  std::filesystem::path path = root;
  for (const std::string& part : folder) {
    path /= part;
  }
  return path / name;
}

DownloadJob::DownloadJob(Engine& engine, DownloadPlan plan) : engine_(engine), plan_(std::move(plan)) {}

DownloadJob::~DownloadJob() = default;

Beginning DownloadJob::begin() {
  if (plan_.listed) {
    size_ = plan_.listed->size;
  }
  const bool dry = engine_.options().dry_run;
  if (!plan_.listed || (!dry && (!is_small() || size_ == 0))) {
    look();
  }
  if (is_unchanged()) {
    return {.skipped = "unchanged", .size = size_};
  }
  if (dry) {
    return {.size = size_};
  }
  part_.emplace(open_folder(plan_.root, plan_.folder), plan_.name, plan_.path());
  if (is_small()) {
    part_->reset(0);
    ::unlinkat(part_->folder(), journal_name().c_str(), 0);  // of a run when it was large
    return {.pieces = 1, .size = size_};
  }
  begin_pieces();
  return {.pieces = pieces_.size(), .size = size_};
}

void DownloadJob::look() {
  properties_ = call("looking at", [&](const CallContext& context) { return plan_.source.get_properties(context); });
  size_ = properties_->size;
}

bool DownloadJob::is_unchanged() {
  const SkipUnchanged mode = engine_.options().skip_unchanged;
  struct stat info {};
  const Descriptor folder = mode == SkipUnchanged::Never ? Descriptor() : find_folder(plan_.root, plan_.folder);
  if (!folder || ::fstatat(folder.get(), plan_.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) != size_) {
    return false;
  }
  if (mode == SkipUnchanged::ByChecksum) {
    if (!properties_) {
      look();
    }
    return !properties_->content_md5.empty() && properties_->content_md5 == md5_of_target();
  }
  return (properties_ ? properties_->last_write : plan_.listed->last_write) == LocalSource(plan_.path()).modified();
}

std::string DownloadJob::md5_of_target() const {
  const LocalSource file(plan_.path());
  signing::RunningMd5 md5;
  file.hash(md5, 0, file.size());
  return signing::base64_encode(md5.finish());
}

void DownloadJob::begin_pieces() {
  const Url url = plan_.source.url();
  journal_.emplace(part_->folder(), journal_name(),
                   url.origin() + url.path() + " " + properties_->etag + " " + std::to_string(size_) + " " + boot_id());
  const std::vector<FileRange> all = list_pieces();
  std::vector<FileRange> done;
  if (journal_->can_resume() && part_->size() == size_) {
    done = journal_->done();
    resumed_ = true;
  } else {
    journal_->forget();  // first, so that no run ever trusts an empty part
    part_->reset(size_);
    journal_->begin();
  }
  pieces_ = without(all, done);
  if (!properties_->content_md5.empty()) {
    md5_.emplace([this](signing::RunningMd5& md5, const FileRange& piece) { part_->hash(md5, piece); }, all);
    for (const FileRange& piece : without(all, pieces_)) {
      md5_->note(piece);
    }
  }
  counted_ = size_ - total_length(pieces_);
  engine_.counters().covered(static_cast<std::int64_t>(counted_));
}

std::string DownloadJob::journal_name() const { return part_name(plan_.name) + ".journal"; }

std::vector<FileRange> DownloadJob::list_pieces() {
  const auto ranges = call("listing", [&](const CallContext& context) { return plan_.source.list_ranges(context); });
  std::uint64_t end = 0;
  for (const FileRange& range : ranges) {
    if (range.offset < end || range.length == 0 || range.end() < range.offset) {
      throw ProtocolError("the service listed the ranges of '" + plan_.source.name() + "' out of order");
    }
    if (range.end() > size_) {
      throw source_changed();
    }
    end = range.end();
  }
  return cut_pieces(ranges);
}

void DownloadJob::move_piece() {
  const auto memory = engine_.take_memory(is_small() ? size_ : 0);
  if (is_small()) {
    fetch_whole();
  } else {
    fetch(pieces_.at(next_++));
  }
}

void DownloadJob::fetch_whole() {
  MemorySink whole;
  if (size_ > 0) {
    properties_ = receive({0, kLargestPiece}, whole).file;
    size_ = properties_->size;
  }
  if (whole.bytes.size() < size_) {
    throw SourceChanged("'" + plan_.source.name() + "' became longer while it was being downloaded");
  }
  if (whole.bytes.size() > size_) {
    throw ProtocolError("the service answered with " + std::to_string(whole.bytes.size()) + " bytes of a file of " +
                        std::to_string(size_));
  }
  if (!properties_->content_md5.empty()) {
    require_digest(signing::base64_encode(signing::md5(whole.bytes)));
  }
  part_->write(0, whole.bytes);
  counted_ = size_;
  engine_.counters().moved(size_);
}

/// Asks for the rest again as long as answers break off in the middle.
void DownloadJob::fetch(FileRange piece) {
  const FileRange whole = piece;
  while (piece.length > 0) {
    PieceSink sink(*part_, piece.offset);
    const ReceivedPiece answer = receive(piece, sink);
    require_same_source(answer.file);
    if (answer.length == 0) {
      throw ProtocolError("the service answered with 0 bytes instead of " + std::to_string(piece.length));
    }
    piece = {piece.offset + answer.length, piece.length - answer.length};
  }
  part_->flush_soon(whole);
  journal_->note_piece(whole);
  counted_ += whole.length;
  engine_.counters().moved(whole.length);
  if (md5_) {
    md5_->advance(whole);
  }
}

ReceivedPiece DownloadJob::receive(const FileRange& piece, BodySink& into) {
  constexpr int kBeyondTheEnd = 416;
  const GetRangeOptions options{.validate = engine_.options().validate_pieces};
  try {
    return call("reading", [&](const CallContext& context) {
      ReceivedPiece answer = plan_.source.get_range(piece, into, options, context);
      engine_.carried(answer.length);
      return answer;
    });
  } catch (const ServiceError& error) {
    if (error.status() == kBeyondTheEnd) {
      throw source_changed();
    }
    throw;
  }
}

SourceChanged DownloadJob::source_changed() const {
  return SourceChanged("'" + plan_.source.name() + "' changed while it was being downloaded");
}

void DownloadJob::require_same_source(const FileProperties& file) const {
  if (file.etag != properties_->etag || file.size != properties_->size) {
    throw source_changed();
  }
}

void DownloadJob::require_digest(const std::string& md5) const {
  if (properties_->content_md5 != md5) {
    throw DamagedContent("the content of '" + plan_.source.name() + "' is not what its Content-MD5 says: it was " +
                         "damaged, or its upload is not complete");
  }
}

void DownloadJob::finish() {
  if (!part_) {
    return;  // a dry run
  }
  if (!is_small() && pieces_.empty()) {
    // No answer has confirmed yet that the list of ranges belongs to this content.
    require_same_source(
        call("looking at", [&](const CallContext& context) { return plan_.source.get_properties(context); }));
  }
  if (md5_) {
    const std::string md5 = md5_->finish(size_);
    if (resumed_ && md5 != properties_->content_md5) {
      journal_->remove();
      throw SourceChanged("what an earlier run left of '" + plan_.path().string() + "' is damaged");
    }
    require_digest(md5);
  }
  part_->commit(properties_->last_write, !is_small());
  if (journal_) {
    journal_->remove();
  }
}

void DownloadJob::give_up() {
  if (journal_) {
    journal_->remove();
  }
  if (part_) {
    part_->discard();
  }
}

}  // namespace batchai::inline v1::files

#include "files/transfer/upload_job.hpp"

#include "files/transfer/pieces.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"
#include "signing/running_md5.hpp"

#include <algorithm>

#include <fcntl.h>

namespace batchai::inline v1::files {
namespace {

/// Stands in the journal for the MD5 of a target that gets none.
constexpr const char* kNoMd5 = "-";

/// How far back the time lies by which the run finds out whether marks are kept: far enough that the service does not
/// set the same by itself.
constexpr std::chrono::hours kBeforeNow{1};

/// Longer than one tick of the clock by which local files get their times.
constexpr std::chrono::milliseconds kTick{10};

bool is_zero(const std::string& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

/// A piece of a local file.
class PieceSource final : public BodySource {
 public:
  PieceSource(const LocalSource& file, const FileRange& piece) : file_(file), piece_(piece) { file.expect(piece); }
  std::uint64_t size() const override { return piece_.length; }
  void read(std::uint64_t offset, std::span<char> into) const override { file_.read(piece_.offset + offset, into); }

 private:
  const LocalSource& file_;
  const FileRange piece_;
};

std::string md5_of(const LocalSource& source) {
  signing::RunningMd5 md5;
  source.hash(md5, 0, source.size());
  return signing::base64_encode(md5.finish());
}

}  // namespace

UploadJob::UploadJob(Engine& engine, UploadPlan plan) : engine_(engine), plan_(std::move(plan)) {}

UploadJob::~UploadJob() = default;

bool UploadJob::is_small() const { return source_->size() <= kLargestPiece; }

/// TLS verifies what is sent; where there is none, the digest has to.
bool UploadJob::stores_md5() const {
  return engine_.options().skip_unchanged == SkipUnchanged::ByChecksum || plan_.target.url().scheme() != "https";
}

std::string UploadJob::shown() const { return plan_.target.url().path(); }

std::uint64_t UploadJob::counted() const { return counted_; }

Beginning UploadJob::begin() {
  open_source();
  Beginning beginning{.size = source_->size()};
  if (is_unchanged(engine_, plan_.target, plan_.listed,
                   [this](const FileProperties& present) { return is_same(present); })) {
    beginning.skipped = "unchanged";
    return beginning;
  }
  if (engine_.options().dry_run) {
    return beginning;
  }
  if (is_small()) {
    beginning.pieces = 1;
    return beginning;
  }
  open_journal();
  const std::vector<FileRange> all = cut_pieces(source_->data_ranges());
  if (stores_md5()) {
    md5_.emplace(
        [this](signing::RunningMd5& md5, const FileRange& piece) { source_->hash(md5, piece.offset, piece.end()); },
        all);
  }
  if (can_go_on()) {
    pieces_ = without(all, journal_->done());
    note_done(all);
  } else {
    noting([&] { journal_->begin(); });
    create_target();
    pieces_ = all;
  }
  counted_ = source_->size() - total_length(pieces_);
  engine_.counters().covered(static_cast<std::int64_t>(counted_));
  beginning.pieces = complete_ ? 0 : pieces_.size();
  return beginning;
}

/// What was written a moment ago may be written again without another time of writing, while pieces of it are read
/// twice: the clock of the files has ticks.
void UploadJob::open_source() {
  source_.emplace(plan_.source);
  const auto age = engine_.clock().now() - source_->modified();
  if (!is_small() && age >= age.zero() && age < kTick) {
    engine_.clock().sleep_for(std::chrono::ceil<Duration>(kTick), engine_.context().cancellation);
    source_.emplace(plan_.source);
  }
}

bool UploadJob::is_same(const FileProperties& present) const {
  if (present.size != source_->size()) {
    return false;
  }
  return engine_.options().skip_unchanged == SkipUnchanged::ByChecksum
             ? !present.content_md5.empty() && present.content_md5 == md5_of(*source_)
             : present.last_write == source_->modified();
}

void UploadJob::open_journal() {
  const std::filesystem::path folder = engine_.options().journal_folder;
  if (!folder.empty()) {
    const std::string places = std::filesystem::absolute(plan_.source).string() + " -> " + plan_.target.url().origin() +
                               plan_.target.url().path();
    const std::string name = signing::hex_encode(signing::sha256(places)).substr(0, 40) + ".journal";
    try {
      std::filesystem::create_directories(folder);
      journal_.emplace(AT_FDCWD, (folder / name).string(), places + " " + source_->state());
      return;
    } catch (const TransferredElsewhere&) {
      throw;
    } catch (const std::exception& error) {
      warn_of_journal(error);
    }
  }
  journal_.emplace();
}

/// A journal that cannot be written is no reason not to upload.
void UploadJob::noting(const std::function<void()>& note) {
  try {
    note();
  } catch (const Error& error) {
    journal_->remove();
    warn_of_journal(error);
  }
}

void UploadJob::warn_of_journal(const std::exception& error) {
  engine_.counters().log(LogLevel::Warning, std::string("cannot note how far an upload is: ") + error.what());
}

bool UploadJob::can_go_on() {
  if (!journal_->can_resume()) {
    return false;
  }
  try {
    const FileProperties there = engine_.call(
        "looking at " + shown(), [&](const CallContext& context) { return plan_.target.get_properties(context); });
    const bool has_all = is_complete(there);
    complete_ = has_all && !(stores_md5() && journal_->digest() == kNoMd5);
    created_ = there.size == source_->size() && there.content_md5 == journal_->session();
    return has_all || created_;
  } catch (const ServiceError& error) {
    if (error.status() != 404 && error.status() != 403) {  // 403: the signature does not allow to look
      throw;
    }
    return false;
  }
}

bool UploadJob::is_complete(const FileProperties& there) const {
  const std::string& md5 = journal_->digest();
  if (there.size != source_->size() || md5.empty()) {
    return false;
  }
  return md5 == kNoMd5 ? there.content_md5.empty() && there.last_write == last_write() : there.content_md5 == md5;
}

/// Of an earlier run.
void UploadJob::note_done(const std::vector<FileRange>& all) {
  if (md5_) {
    for (const FileRange& piece : without(all, pieces_)) {
      md5_->note(piece);
    }
  }
}

CreatedFile UploadJob::create_target(std::optional<Timestamp> mark) {
  CreateFileOptions options = plan_.properties;
  options.content.md5 = journal_->session();
  options.smb.attributes.reset();  // one that is read-only could not be written
  options.smb.last_write = mark;
  options.smb.changed = mark;
  return create(options);
}

CreatedFile UploadJob::create(const CreateFileOptions& options) {
  CreatedFile made = engine_.call("creating " + shown(), [&](const CallContext& context) {
    return plan_.target.create(source_->size(), options, context);
  });
  created_ = true;
  return made;
}

void UploadJob::complete(const std::string& md5) {
  SetFilePropertiesOptions options{.content = plan_.properties.content, .smb = plan_.properties.smb};
  options.content.md5 = md5;
  if (options.content.type.empty()) {
    options.content.type = "application/octet-stream";  // what it was created with; without, it would have none
  }
  options.smb.last_write = last_write();
  engine_.call("completing " + shown(),
               [&](const CallContext& context) { plan_.target.set_properties(options, context); });
}

Timestamp UploadJob::last_write() const { return plan_.properties.smb.last_write.value_or(source_->modified()); }

void UploadJob::move_piece() {
  const auto memory = engine_.take_memory(is_small() ? source_->size() : 0);
  if (is_small()) {
    send_whole();
    return;
  }
  const FileRange piece = pieces_.at(next_++);
  // A new file reads as zeros already.
  if (source_->is_zero(piece)) {
    engine_.counters().covered(static_cast<std::int64_t>(piece.length));
  } else {
    send(piece, PieceSource(*source_, piece));
    engine_.counters().moved(piece.length);
  }
  counted_ += piece.length;
  noting([&] { journal_->note_piece(piece); });
  if (md5_) {
    md5_->advance(piece);
  }
}

void UploadJob::send_whole() {
  const std::uint64_t size = source_->size();
  const std::string bytes = size == 0 ? std::string() : source_->read({0, size});
  source_->require_unchanged();
  whole_md5_ = signing::base64_encode(signing::md5(bytes));
  if (is_zero(bytes)) {
    create(final_properties());
  } else if (!plan_.properties.smb.attributes && engine_.marks().are_kept(plan_.target.url().origin())) {
    create_marked();
    send({0, size}, bytes);
  } else {
    send_by_session(bytes);
  }
  counted_ = size;
  engine_.counters().moved(size);
}

void UploadJob::send_by_session(const std::string& bytes) {
  const std::string service = plan_.target.url().origin();
  std::optional<Timestamp> mark;
  if (engine_.marks().asks(service)) {
    mark = engine_.clock().now() - kBeforeNow;
  }
  journal_.emplace();
  journal_->begin();
  const CreatedFile made = create_target(mark);
  send({0, bytes.size()}, bytes);
  if (mark && made.changed == mark && made.last_write == mark && has_lost(*mark)) {
    engine_.marks().note_kept(service);
  }
  complete(whole_md5_);
}

bool UploadJob::has_lost(Timestamp mark) {
  const auto there = look();
  return there && there->last_write == mark && there->changed && there->changed != mark;
}

CreateFileOptions UploadJob::final_properties() const {
  CreateFileOptions options = plan_.properties;
  options.content.md5 = whole_md5_;
  options.smb.last_write = last_write();
  return options;
}

/// Writing the content takes the mark away: the service sets the time of the last change.
void UploadJob::create_marked() {
  CreateFileOptions options = final_properties();
  options.smb.changed = options.smb.last_write;
  create(options);
}

template <class Bytes>
void UploadJob::send(const FileRange& piece, const Bytes& bytes) {
  const PutRangeOptions options{.validate = engine_.options().validate_pieces, .keep_last_write = true};
  engine_.call("writing " + shown(), [&](const CallContext& context) {
    plan_.target.put_range(piece.offset, bytes, options, context);
    engine_.carried(piece.length);
  });
}

void UploadJob::finish() {
  if (is_small() || engine_.options().dry_run) {
    return;
  }
  source_->require_unchanged();
  if (!complete_) {
    const std::string md5 = md5_ ? md5_->finish(source_->size()) : "";
    source_->require_unchanged();
    require_own_target();
    noting([&] { journal_->note_digest(md5.empty() ? kNoMd5 : md5); });
    complete(md5);
  }
  journal_->remove();
}

std::optional<FileProperties> UploadJob::look() {
  try {
    return engine_.call("looking at " + shown(),
                        [&](const CallContext& context) { return plan_.target.get_properties(context); });
  } catch (const ServiceError& error) {
    if (error.status() != 403) {
      throw;
    }
    return std::nullopt;
  }
}

/// Where a signature does not allow looking, it is taken to be our own.
bool UploadJob::is_own_target() {
  const auto there = look();
  if (!there || (journal_ && is_complete(*there))) {
    return true;
  }
  return journal_ ? there->content_md5 == journal_->session()
                  : there->content_md5 == whole_md5_ && may_lack_content(*there);
}

void UploadJob::require_own_target() {
  if (!is_own_target()) {
    created_ = false;
    throw Error("somebody else has replaced '" + plan_.target.name() + "' while it was being uploaded");
  }
}

void UploadJob::give_up() {
  if (journal_) {
    journal_->remove();
  }
  if (created_ && is_own_target()) {
    plan_.target.remove(engine_.context());
  }
}

}  // namespace batchai::inline v1::files

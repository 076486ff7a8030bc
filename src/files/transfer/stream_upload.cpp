#include "files/transfer/stream_upload.hpp"

#include "signing/encoding.hpp"
#include "signing/random_bytes.hpp"

#include <algorithm>

namespace batchai::inline v1::files {
namespace {

constexpr std::size_t kSessionBytes = 16;
/// What a file of unknown size begins with.
constexpr std::uint64_t kFirstRoom = 16 * kLargestPiece;
/// What a file can have (learn.microsoft.com/azure/storage/files/storage-files-scale-targets).
constexpr std::uint64_t kLargestFile = 4ULL << 40U;

/// A piece in memory.
class BlockSource final : public BodySource {
 public:
  explicit BlockSource(const std::string& bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<char> into) const override {
    bytes_.copy(into.data(), into.size(), offset);
  }

 private:
  const std::string& bytes_;
};

bool has_only_zeros(const std::string& bytes) { return bytes.find_first_not_of('\0') == std::string::npos; }

}  // namespace

StreamUploadJob::StreamUploadJob(Engine& engine, const StreamUploadPlan& plan, UploadedFile& result)
    : engine_(engine), plan_(plan), result_(result) {}

Beginning StreamUploadJob::begin() {
  first_ = pull_block();
  room_ = plan_.size.value_or(first_->size() < kLargestPiece ? first_->size() : kFirstRoom);
  session_ = signing::base64_encode(signing::random_bytes(kSessionBytes));
  CreateFileOptions options = plan_.properties;
  options.content.md5 = session_;
  options.smb.attributes.reset();  // one that is read-only could not be written
  engine_.call("creating " + shown(),
               [&](const CallContext& context) { plan_.target.create(room_, options, context); });
  created_ = true;
  return {.pieces = lanes(), .size = plan_.size.value_or(0)};
}

std::size_t StreamUploadJob::lanes() const {
  const std::uint64_t pieces = room_ / kLargestPiece + (room_ % kLargestPiece == 0 ? 0 : 1);
  return static_cast<std::size_t>(std::min<std::uint64_t>(pieces, std::max(engine_.options().max_connections, 1U)));
}

std::string StreamUploadJob::pull_block() const {
  std::string bytes(kLargestPiece, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto into = std::as_writable_bytes(std::span(bytes).subspan(filled));
    const std::size_t count = plan_.pull(into);
    if (count > into.size()) {
      throw InvalidArgument("the source of an upload says that it gave " + std::to_string(count) +
                            " bytes where there was room for " + std::to_string(into.size()));
    }
    if (count == 0) {
      break;
    }
    filled += count;
  }
  bytes.resize(filled);
  return bytes;
}

StreamUploadJob::Block StreamUploadJob::take_block() {
  const std::lock_guard lock(reading_);
  if (at_end_ || failed_) {
    return {};
  }
  Block block{size_, first_ ? std::move(*first_) : pull_block()};
  first_.reset();
  at_end_ = block.bytes.size() < kLargestPiece;
  md5_.add(block.bytes);
  size_ += block.bytes.size();
  return block;
}

void StreamUploadJob::move_piece() {
  try {
    const auto memory = engine_.take_memory(kLargestPiece);
    for (Block block = take_block(); !block.bytes.empty(); block = take_block()) {
      make_room(block.offset + block.bytes.size());
      send(block);
    }
  } catch (...) {
    failed_ = true;
    throw;
  }
}

void StreamUploadJob::make_room(std::uint64_t end) {
  const std::lock_guard lock(growing_);
  if (end <= room_) {
    return;
  }
  SetFilePropertiesOptions options = with_md5(session_);
  const auto make = [&](std::uint64_t room) {
    options.size = room;
    engine_.call("making room in " + shown(),
                 [&](const CallContext& context) { plan_.target.set_properties(options, context); });
    room_ = room;
  };
  const std::uint64_t room = std::max(end, std::min(2 * room_, kLargestFile));
  try {
    make(room);
  } catch (const ServiceError&) {
    if (room == end) {
      throw;
    }
    make(end);  // a share may have room for what there is, and not for what may follow
  }
}

void StreamUploadJob::send(const Block& block) {
  // A new file reads as zeros already.
  if (has_only_zeros(block.bytes)) {
    engine_.counters().covered(static_cast<std::int64_t>(block.bytes.size()));
  } else {
    const PutRangeOptions options{.validate = engine_.options().validate_pieces};
    engine_.call("writing " + shown(), [&](const CallContext& context) {
      plan_.target.put_range(block.offset, BlockSource(block.bytes), options, context);
      engine_.carried(block.bytes.size());
    });
    engine_.counters().moved(block.bytes.size());
  }
  counted_ += block.bytes.size();
}

SetFilePropertiesOptions StreamUploadJob::with_md5(const std::string& md5) const {
  SetFilePropertiesOptions options{.content = plan_.properties.content};
  options.content.md5 = md5;
  if (options.content.type.empty()) {
    options.content.type = "application/octet-stream";  // what it was created with; without, it would have none
  }
  return options;
}

void StreamUploadJob::finish() {
  if (!is_own_target()) {
    created_ = false;
    throw Error("somebody else has replaced '" + plan_.target.name() + "' while it was being uploaded");
  }
  result_.size = size_;
  result_.content_md5 = signing::base64_encode(md5_.finish());
  SetFilePropertiesOptions options = with_md5(result_.content_md5);
  options.smb = plan_.properties.smb;
  if (size_ != room_) {
    options.size = size_;
  }
  static_cast<WriteResult&>(result_) = engine_.call("completing " + shown(), [&](const CallContext& context) {
    return plan_.target.set_properties(options, context);
  });
}

/// Where a signature does not allow to look, it is taken to be our own.
bool StreamUploadJob::is_own_target() const {
  try {
    return engine_.call("looking at " + shown(), [&](const CallContext& context) {
      return plan_.target.get_properties(context).content_md5 == session_;
    });
  } catch (const ServiceError& error) {
    if (error.status() != 403) {
      throw;
    }
    return true;
  }
}

void StreamUploadJob::give_up() {
  if (created_ && is_own_target()) {
    plan_.target.remove(engine_.context());
  }
}

}  // namespace batchai::inline v1::files

#include "files/transfer/stream_download.hpp"

#include "files/transfer/plan.hpp"
#include "files/transfer/run_alone.hpp"
#include "signing/encoding.hpp"

#include <algorithm>

namespace batchai::inline v1::files {
namespace {

/// Puts a part of a piece to its place.
class BlockSink final : public BodySink {
 public:
  BlockSink(std::string& bytes, std::uint64_t at) : bytes_(bytes), at_(at) {}
  void write(std::uint64_t offset, std::string_view more) override { bytes_.replace(at_ + offset, more.size(), more); }

 private:
  std::string& bytes_;
  const std::uint64_t at_;
};

std::uint64_t count_pieces(std::uint64_t size) { return size / kLargestPiece + (size % kLargestPiece == 0 ? 0 : 1); }

}  // namespace

Beginning StreamDownloadJob::begin() {
  const std::uint64_t lanes =
      std::min<std::uint64_t>(count_pieces(size()), std::max(engine_.options().max_connections, 1U));
  return {.pieces = static_cast<std::size_t>(lanes), .size = size()};
}

void StreamDownloadJob::move_piece() {
  try {
    const auto memory = engine_.take_memory(kLargestPiece);
    const std::uint64_t pieces = count_pieces(size());
    for (std::uint64_t index = next_++; index < pieces && hand_on(index, fetch(index)); index = next_++) {
    }
  } catch (...) {
    fail();
    throw;
  }
}

/// Asks for the rest again as long as answers break off in the middle.
std::string StreamDownloadJob::fetch(std::uint64_t index) {
  const std::uint64_t first = index * kLargestPiece;
  std::string bytes(std::min(kLargestPiece, size() - first), '\0');
  for (std::uint64_t there = 0; there < bytes.size();) {
    BlockSink sink(bytes, there);
    const ReceivedPiece answer = receive(first + there, bytes.size() - there, sink);
    if (answer.file.etag != plan_.properties.etag || answer.file.size != size()) {
      throw changed();
    }
    if (answer.length == 0) {
      throw ProtocolError("the service answered with 0 bytes instead of " + std::to_string(bytes.size() - there));
    }
    there += answer.length;
  }
  return bytes;
}

ReceivedPiece StreamDownloadJob::receive(std::uint64_t first, std::uint64_t length, BodySink& into) {
  constexpr int kBeyondTheEnd = 416;
  const GetRangeOptions options{.validate = engine_.options().validate_pieces};
  try {
    return engine_.call("reading " + plan_.source.url().path(), [&](const CallContext& context) {
      ReceivedPiece answer = plan_.source.get_range({first, length}, into, options, context);
      engine_.carried(answer.length);
      return answer;
    });
  } catch (const ServiceError& error) {
    if (error.status() == kBeyondTheEnd) {
      throw changed();
    }
    throw;
  }
}

bool StreamDownloadJob::hand_on(std::uint64_t index, std::string bytes) {
  std::unique_lock lock(handing_);
  turn_.wait(lock, [&] { return failed_ || handed_ == index; });
  if (failed_) {
    return false;
  }
  const std::uint64_t length = bytes.size();
  md5_.add(bytes);
  plan_.take(std::move(bytes));
  counted_ += length;
  engine_.counters().moved(length);
  ++handed_;
  turn_.notify_all();
  return true;
}

void StreamDownloadJob::fail() {
  const std::lock_guard lock(handing_);
  failed_ = true;
  turn_.notify_all();
}

Error StreamDownloadJob::changed() const {
  return Error("'" + plan_.source.name() + "' changed while it was being downloaded");
}

void StreamDownloadJob::finish() {
  const std::string& expected = plan_.properties.content_md5;
  if (!expected.empty() && signing::base64_encode(md5_.finish()) != expected) {
    throw DamagedContent("the content of '" + plan_.source.name() + "' is not what its Content-MD5 says: it was " +
                         "damaged, or its upload is not complete");
  }
}

void download_in_order(const StreamDownloadPlan& plan, const TransferOptions& options, const CallContext& context) {
  run_alone({.source = shown_place(plan.source),
             .target = "the stream",
             .size = plan.properties.size,
             .make = [&](Engine& engine, bool) { return std::make_unique<StreamDownloadJob>(engine, plan); }},
            options, context);
}

}  // namespace batchai::inline v1::files

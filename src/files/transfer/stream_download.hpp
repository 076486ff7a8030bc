#pragma once

#include "batchai/files/streams.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/file_job.hpp"
#include "signing/running_md5.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace batchai::inline v1::files {

/// The input of a download to memory or a stream.
struct StreamDownloadPlan {
  /// Repeats nothing itself.
  FileClient source;
  /// As it was at the beginning.
  FileProperties properties;
  /// Is given the content in order, from several threads, by one at a time. May wait.
  std::function<void(std::string bytes)> take;
};

/// Fetches pieces in a few lanes, each of which hands on its piece when all before it have been.
class StreamDownloadJob final : public FileJob {
 public:
  StreamDownloadJob(Engine& engine, const StreamDownloadPlan& plan) : engine_(engine), plan_(plan) {}

  Beginning begin() override;
  /// A whole lane.
  void move_piece() override;
  void finish() override;
  std::uint64_t counted() const override { return counted_; }

 private:
  std::uint64_t size() const noexcept { return plan_.properties.size; }
  std::string fetch(std::uint64_t index);
  ReceivedPiece receive(std::uint64_t first, std::uint64_t length, BodySink& into);
  /// False when another lane has failed.
  bool hand_on(std::uint64_t index, std::string bytes);
  void fail();
  Error changed() const;

  Engine& engine_;
  const StreamDownloadPlan& plan_;
  std::atomic<std::uint64_t> next_ = 0;

  std::mutex handing_;
  std::condition_variable turn_;
  /// How many pieces have been handed on.
  std::uint64_t handed_ = 0;
  bool failed_ = false;
  signing::RunningMd5 md5_;

  std::atomic<std::uint64_t> counted_ = 0;
};

/// Gives all of a file to StreamDownloadPlan::take. Throws what that throws, and as download_bytes().
void download_in_order(const StreamDownloadPlan& plan, const TransferOptions& options, const CallContext& context);

}  // namespace batchai::inline v1::files

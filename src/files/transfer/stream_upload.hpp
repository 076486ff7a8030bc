#pragma once

#include "batchai/files/streams.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/file_job.hpp"
#include "signing/running_md5.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace batchai::inline v1::files {

/// The input of an upload from memory or a stream.
struct StreamUploadPlan {
  PullBytes pull;
  /// Absent: as much as `pull` gives.
  std::optional<std::uint64_t> size = {};
  /// Repeats nothing itself.
  FileClient target;
  CreateFileOptions properties = {};
};

/// Sends what is given in order, and cannot be given again. Each of a few lanes takes the next piece and sends it. The
/// MD5 of the target is a random value until everything is there, as that of UploadJob.
class StreamUploadJob final : public FileJob {
 public:
  /// `result` is filled at the end.
  StreamUploadJob(Engine& engine, const StreamUploadPlan& plan, UploadedFile& result);

  Beginning begin() override;
  /// A whole lane.
  void move_piece() override;
  void finish() override;
  void give_up() override;
  std::uint64_t counted() const override { return counted_; }

 private:
  struct Block {
    std::uint64_t offset = 0;
    std::string bytes = {};
  };

  /// The next one; empty at the end.
  Block take_block();
  std::string pull_block() const;
  std::size_t lanes() const;
  /// Makes the target so large that it has room for what ends there.
  void make_room(std::uint64_t end);
  void send(const Block& block);
  SetFilePropertiesOptions with_md5(const std::string& md5) const;
  bool is_own_target() const;
  std::string shown() const { return plan_.target.url().path(); }

  Engine& engine_;
  const StreamUploadPlan& plan_;
  UploadedFile& result_;
  std::string session_;
  bool created_ = false;

  std::mutex reading_;
  std::optional<std::string> first_;
  std::uint64_t size_ = 0;
  bool at_end_ = false;
  signing::RunningMd5 md5_;

  std::mutex growing_;
  /// The size of the target as it is.
  std::uint64_t room_ = 0;

  std::atomic<bool> failed_ = false;
  std::atomic<std::uint64_t> counted_ = 0;
};

}  // namespace batchai::inline v1::files

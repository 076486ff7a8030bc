#pragma once

#include "batchai/files/file_client.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/file_job.hpp"
#include "files/transfer/unchanged.hpp"

namespace batchai::inline v1::files {

/// The input of a copy within the service. The clients repeat nothing themselves.
struct CopyPlan {
  FileClient source;
  FileClient target;
  /// What a listing says about the source; absent: there was no listing.
  std::optional<DirectoryEntry> entry = {};
  Listed listed = {};
};

/// Lets the service copy a file, and waits until it has.
class CopyJob final : public FileJob {
 public:
  CopyJob(Engine& engine, CopyPlan plan) : engine_(engine), plan_(std::move(plan)) {}
  Beginning begin() override;
  void move_piece() override;
  std::uint64_t counted() const override { return 0; }

 private:
  FileProperties look(const FileClient& file);
  /// Whether the copy is there, by the options of the run.
  bool is_same(const FileProperties& source, const FileProperties& target) const;

  Engine& engine_;
  const CopyPlan plan_;
  std::uint64_t size_ = 0;
};

}  // namespace batchai::inline v1::files

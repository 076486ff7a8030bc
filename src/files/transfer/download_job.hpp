#pragma once

#include "batchai/files/file_client.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/file_job.hpp"
#include "files/transfer/journal.hpp"
#include "files/transfer/ordered_md5.hpp"
#include "files/transfer/part_file.hpp"

#include <atomic>
#include <filesystem>
#include <optional>

namespace batchai::inline v1::files {

/// The input of a download.
struct DownloadPlan {
  /// Repeats nothing itself.
  FileClient source;
  /// The folder that nothing is written outside of, and the path below it.
  std::filesystem::path root;
  std::vector<std::string> folder;
  std::string name;
  /// As a listing says; absent: there was no listing.
  std::optional<DirectoryEntry> listed = {};

  std::filesystem::path path() const;
};

/// Fetches a file. Small ones come in one request, others piece by piece into a part with a journal.
class DownloadJob final : public FileJob {
 public:
  DownloadJob(Engine& engine, DownloadPlan plan);
  ~DownloadJob() override;

  Beginning begin() override;
  void move_piece() override;
  void finish() override;
  void give_up() override;
  std::uint64_t counted() const override { return counted_; }

 private:
  bool is_small() const { return size_ <= kLargestPiece; }
  void look();
  bool is_unchanged();
  std::string md5_of_target() const;
  void begin_pieces();
  std::string journal_name() const;
  /// Throws SourceChanged or ProtocolError unless they are ranges of the file as it was looked at.
  std::vector<FileRange> list_pieces();
  void fetch_whole();
  void fetch(FileRange piece);
  ReceivedPiece receive(const FileRange& piece, BodySink& into);
  SourceChanged source_changed() const;
  void require_same_source(const FileProperties& file) const;
  void require_digest(const std::string& md5) const;
  template <class Request>
  auto call(const char* what, const Request& request) {
    return engine_.call(std::string(what) + " " + plan_.source.url().path(), request);
  }

  Engine& engine_;
  const DownloadPlan plan_;
  /// As the listing says, as long as `properties_` are not known.
  std::uint64_t size_ = 0;
  std::optional<FileProperties> properties_;
  std::optional<PartFile> part_;
  std::optional<Journal> journal_;
  bool resumed_ = false;
  std::vector<FileRange> pieces_;
  std::optional<OrderedMd5> md5_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::uint64_t> counted_ = 0;
};

}  // namespace batchai::inline v1::files

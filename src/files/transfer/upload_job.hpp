#pragma once

#include "batchai/files/file_client.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/file_job.hpp"
#include "files/transfer/journal.hpp"
#include "files/transfer/local_source.hpp"
#include "files/transfer/ordered_md5.hpp"
#include "files/transfer/unchanged.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>

namespace batchai::inline v1::files {

/// The input of an upload.
struct UploadPlan {
  std::filesystem::path source;
  /// Repeats nothing itself.
  FileClient target;
  CreateFileOptions properties = {};
  Listed listed = {};
};

/// Sends a local file. Its MD5 is a random value that names the session until everything is there; only then the target
/// gets its own MD5, or none, and the time by which later runs recognise unchanged files. Small files are sent in one
/// piece, and marked in another way as soon as the run knows that the service keeps the mark.
class UploadJob final : public FileJob {
 public:
  UploadJob(Engine& engine, UploadPlan plan);
  ~UploadJob() override;

  Beginning begin() override;
  void move_piece() override;
  void finish() override;
  void give_up() override;
  std::uint64_t counted() const override;

 private:
  void open_source();
  bool is_small() const;
  /// Whether the MD5 of a file of several pieces is computed.
  bool stores_md5() const;
  /// Whether what is at the target is the source, by the options of the run.
  bool is_same(const FileProperties& present) const;
  void open_journal();
  /// Whether the target is as the journal left it.
  bool can_go_on();
  void note_done(const std::vector<FileRange>& all);
  bool is_complete(const FileProperties& there) const;
  /// With the session in place of the MD5. `mark`: its times of the last write and of the last change.
  CreatedFile create_target(std::optional<Timestamp> mark = {});
  /// Of a small file, with everything but the content, and the mark that the content is missing: see
  /// may_lack_content().
  void create_marked();
  CreateFileOptions final_properties() const;
  CreatedFile create(const CreateFileOptions& options);
  void complete(const std::string& md5);
  Timestamp last_write() const;
  /// Nothing where a signature does not allow to look.
  std::optional<FileProperties> look();
  /// Whether the target is still the one that this session made.
  bool is_own_target();
  void require_own_target();
  void noting(const std::function<void()>& note);
  void warn_of_journal(const std::exception& error);
  void send_whole();
  /// Of a small file, with the session in place of the MD5 until it is there. The first one of a run finds out whether
  /// the service keeps marks.
  void send_by_session(const std::string& bytes);
  /// Whether writing has taken `mark` away from the time of the last change, and from nothing else.
  bool has_lost(Timestamp mark);
  /// From where it is: the local file, or memory.
  template <class Bytes>
  void send(const FileRange& piece, const Bytes& bytes);
  std::string shown() const;

  Engine& engine_;
  const UploadPlan plan_;
  std::optional<LocalSource> source_;
  std::optional<Journal> journal_;
  std::vector<FileRange> pieces_;
  bool created_ = false;
  bool complete_ = false;
  /// Of a small file.
  std::string whole_md5_;

  std::atomic<std::size_t> next_ = 0;
  std::optional<OrderedMd5> md5_;

  std::atomic<std::uint64_t> counted_ = 0;
};

}  // namespace batchai::inline v1::files

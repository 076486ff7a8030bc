#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/core/url.hpp"
#include "batchai/files/models.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::files {

class Connection;

/// Largest piece that one put_range() takes, and the size of pieces in transfers.
inline constexpr std::uint64_t kLargestPiece = 4ULL * 1024 * 1024;

/// One file. Thread-safe, cheap to copy.
class FileClient {
 public:
  FileClient(std::shared_ptr<const Connection> connection, std::string share, std::vector<std::string> path);
  /// A file behind a URL that carries its own signature, as listOutputFiles gives. Throws InvalidArgument for plain
  /// http to another machine.
  static FileClient from_sas_url(const Url& url, const ClientOptions& options = {});

  /// Last part of the path.
  std::string name() const;
  /// Without any signature.
  Url url() const;

  /// Makes the file, `size` zero bytes long; an existing one is overwritten. 404 ParentNotFound when its directory is
  /// missing.
  void create(std::uint64_t size, const CreateFileOptions& options = {}, const CallContext& context = {}) const;
  FileProperties get_properties(const CallContext& context = {}) const;
  bool exists(const CallContext& context = {}) const;
  void remove(const CallContext& context = {}) const;
  /// Changes the size; a longer file is filled with zeros. The other properties become those of `options`.
  void set_properties(std::uint64_t size, const CreateFileOptions& options = {}, const CallContext& context = {}) const;

  /// Writes `bytes` (at most kLargestPiece, else InvalidArgument) at `offset`, inside the file's size.
  void put_range(std::uint64_t offset, std::string bytes, const CallContext& context = {}) const;
  /// Makes a range read as zeros.
  void clear_range(const FileRange& range, const CallContext& context = {}) const;
  /// The answer is shorter than the range when the file ends within it. 416 InvalidRange when it starts behind the end.
  FilePiece get_range(const FileRange& range, const CallContext& context = {}) const;
  /// The ranges that hold data, in order.
  std::vector<FileRange> list_ranges(const CallContext& context = {}) const;

  /// Asks the service to copy a file it can read into this one; `pending` copies show in get_properties().
  CopyStatus copy_from(const Url& source, const CallContext& context = {}) const;
  /// The same for a file of the same account.
  CopyStatus copy_from(const FileClient& source, const CallContext& context = {}) const;

  /// A URL that opens the file without further credentials. It is a secret. Needs the account key, else throws
  /// InvalidArgument.
  Url sas_url(const SasOptions& options) const;

 private:
  std::shared_ptr<const Connection> connection_;
  std::string share_;
  std::vector<std::string> path_;
};

}  // namespace batchai::files

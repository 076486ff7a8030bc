#pragma once

#include "batchai/core/error.hpp"
#include "batchai/core/time.hpp"
#include "batchai/files/smb.hpp"
#include "batchai/version.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

BATCHAI_NAMESPACE_BEGIN
namespace files {

/// Content that is not what its MD5 says.
class DamagedContent : public ProtocolError {
 public:
  using ProtocolError::ProtocolError;
};

/// User-defined name-value pairs. Names are C# identifiers, values ASCII.
using Metadata = std::map<std::string, std::string>;

/// What the service says about a change that it has made.
struct WriteResult {
  /// Of what was changed, as it is now; empty where there is none, as after a removal.
  std::string etag = {};
  /// The same.
  std::optional<Timestamp> last_modified = {};
  /// Names the request in the service's logs (`x-ms-request-id`).
  std::string request_id = {};
};

/// One line of a list of shares.
struct ShareItem {
  std::string name;
  /// In GiB.
  std::int64_t quota = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
  /// When it was made, if this is a snapshot of the share: what ShareClient::at_snapshot takes.
  std::string snapshot = {};
  Metadata metadata = {};
};

/// A policy stored with a share, which shared access signatures can name instead of bringing their own terms.
struct AccessPolicy {
  /// At most 64 characters.
  std::string id;
  /// Out of `rcwdl`; empty: the signature says.
  std::string permissions = {};
  std::optional<Timestamp> start = {};
  std::optional<Timestamp> expiry = {};
};

/// What the service keeps with a share.
struct ShareProperties {
  /// In GiB.
  std::int64_t quota = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
  Metadata metadata = {};
};

/// One line of a directory listing.
struct DirectoryEntry {
  /// As it is on disk, which need not be UTF-8.
  std::string name;
  bool is_directory = false;
  /// In bytes; 0 for directories.
  std::uint64_t size = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
  std::optional<Timestamp> created = {};
  /// When its content was last written, as its writer says; uploads keep the local file's time here.
  std::optional<Timestamp> last_write = {};
  /// When anything about it was last changed, as far as the service says.
  std::optional<Timestamp> changed = {};
  /// The same for as long as it exists, under whatever name.
  std::string file_id = {};
  /// With ListDirectoryOptions::smb.
  std::optional<SmbAttributes> attributes = {};
  /// The same; what ShareClient::get_permission takes.
  std::string permission_key = {};
};

/// What the service keeps with a directory.
struct DirectoryProperties {
  std::string etag;
  std::optional<Timestamp> last_modified = {};
  Metadata metadata = {};
  std::optional<Timestamp> created = {};
  std::optional<Timestamp> last_write = {};
  std::optional<Timestamp> changed = {};
  SmbAttributes attributes = SmbAttributes::None;
  /// What ShareClient::get_permission takes.
  std::string permission_key = {};
  std::string file_id = {};
  /// Of the directory that it is in.
  std::string parent_id = {};
};

/// What the service keeps with a file.
struct FileProperties {
  /// In bytes.
  std::uint64_t size = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
  std::string content_type = {};
  std::string content_encoding = {};
  std::string content_language = {};
  std::string content_disposition = {};
  std::string cache_control = {};
  /// Base64, as the user stored it; the service does not compute it.
  std::string content_md5 = {};
  /// `success`, `pending`, `aborted` or `failed` of the last copy into this file; empty when there was none.
  std::string copy_status = {};
  std::string copy_id = {};
  Metadata metadata = {};
  std::optional<Timestamp> created = {};
  /// When its content was last written, as its writer says; uploads keep the local file's time here.
  std::optional<Timestamp> last_write = {};
  /// When anything about it was last changed, as far as the service says.
  std::optional<Timestamp> changed = {};
  SmbAttributes attributes = SmbAttributes::None;
  /// What ShareClient::get_permission takes.
  std::string permission_key = {};
  /// The same for as long as it exists, under whatever name.
  std::string file_id = {};
  /// Of the directory that it is in.
  std::string parent_id = {};
};

/// What the service keeps with a file for its readers.
struct ContentHeaders {
  std::string type = {};
  std::string encoding = {};
  std::string language = {};
  std::string disposition = {};
  std::string cache_control = {};
  /// Base64 of the MD5 of the whole content.
  std::string md5 = {};
};

/// What a file is created with.
struct CreateFileOptions {
  ContentHeaders content = {};
  Metadata metadata = {};
  /// Times that are absent are the service's present one.
  SmbSettings smb = {};
};

/// What a directory is created with.
struct CreateDirectoryOptions {
  Metadata metadata = {};
  SmbSettings smb = {};
};

/// What the answer says about a file that has been made.
struct CreatedFile : WriteResult {
  std::optional<Timestamp> last_write = {};
  std::optional<Timestamp> changed = {};
  /// The same for as long as it exists, under whatever name.
  std::string file_id = {};
};

/// What is changed of a file.
struct SetFilePropertiesOptions {
  /// Those left empty are cleared.
  ContentHeaders content = {};
  /// A longer file is filled with zeros. Absent: it stays as it is.
  std::optional<std::uint64_t> size = {};
  SmbSettings smb = {};
};

/// How bytes are written.
struct PutRangeOptions {
  /// Sends the MD5 of the bytes too, so that the service refuses bytes that arrive damaged.
  bool validate = true;
  /// Leaves the file's time of the last write as it is.
  bool keep_last_write = false;
};

/// How bytes are read.
struct GetRangeOptions {
  /// Asks for the MD5 of the bytes and throws DamagedContent when they are not what arrived. For at most kLargestPiece.
  bool validate = false;
};

/// `length` bytes from `offset` on. What takes a range throws InvalidArgument for one without bytes (an empty file has
/// none to ask for) and for one that ends beyond what 64 bits count.
struct FileRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  /// The offset behind the last byte.
  [[nodiscard]] std::uint64_t end() const noexcept { return offset + length; }
  friend bool operator==(const FileRange&, const FileRange&) = default;
};

/// A piece of a file and what the answer said about the file it is from.
struct FilePiece {
  std::string bytes;
  FileProperties file;
};

/// The same for bytes that went to a sink.
struct ReceivedPiece {
  std::uint64_t length = 0;
  FileProperties file;
};

/// How a copy is made.
struct CopyOptions {
  /// Those of the source when empty.
  Metadata metadata = {};
  /// The copy keeps the source's time of the last write.
  bool keep_last_write = false;
  /// The copy keeps the source's time of the last change.
  bool keep_changed = false;
};

/// How something is renamed.
struct RenameOptions {
  /// Whether a file that has the new name is replaced; 409 ResourceAlreadyExists otherwise.
  bool replace = false;
};

/// How far a copy is.
struct CopyStatus : WriteResult {
  std::string id;
  /// `success` or `pending`.
  std::string status;
};

/// What a shared access signature allows. What makes one throws InvalidArgument for terms that no service takes.
struct SasOptions {
  /// Out of `rcwd` for a file, `rcwdl` for a share; empty: the policy says.
  std::string permissions = "r";
  /// When it ends. Needed, unless the policy says.
  std::optional<Timestamp> expiry = {};
  std::optional<Timestamp> start = {};
  /// `https` or `https,http`; empty: both.
  std::string protocols = {};
  /// Address or range `a.b.c.d-e.f.g.h`; empty: any.
  std::string ip_range = {};
  /// Id of a policy stored with the share, for what is left out here.
  std::string policy = {};
};

/// What a shared access signature for a whole account allows; as SasOptions.
struct AccountSasOptions {
  /// Out of `rwdlc`.
  std::string permissions = "rl";
  /// Out of `s` (the account itself), `c` (shares), `o` (directories and files).
  std::string resource_types = "sco";
  /// When it ends. Needed.
  std::optional<Timestamp> expiry = {};
  std::optional<Timestamp> start = {};
  /// `https` or `https,http`; empty: both.
  std::string protocols = {};
  /// Address or range `a.b.c.d-e.f.g.h`; empty: any.
  std::string ip_range = {};
};

}  // namespace files
BATCHAI_NAMESPACE_END

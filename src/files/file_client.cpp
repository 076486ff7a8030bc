#include "batchai/files/file_client.hpp"

#include "batchai/core/error.hpp"
#include "core/joined.hpp"
#include "core/random.hpp"
#include "files/answers.hpp"
#include "files/connection.hpp"
#include "files/exists.hpp"
#include "files/handles.hpp"
#include "files/requests.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"
#include "signing/running_md5.hpp"

#include <algorithm>
#include <optional>

namespace batchai::inline v1::files {
namespace {

constexpr int kPartialContent = 206;
constexpr std::uint64_t kHashBlock = 1U << 16U;

void require_piece(std::uint64_t length) {
  if (length == 0 || length > kLargestPiece) {
    throw InvalidArgument("a range to write has 1 byte to 4 MiB; this one has " + std::to_string(length) + " bytes");
  }
}

HttpRequest range_request(Url url, const char* write, const FileRange& range) {
  return {.method = "PUT",
          .url = url.add_query("comp", "range"),
          .headers = {{"x-ms-write", write}, {"x-ms-range", format_range(range)}}};
}

HttpRequest get_request(Url url, const FileRange& range, const GetRangeOptions& options) {
  HttpRequest request{.method = "GET", .url = std::move(url), .headers = {{"x-ms-range", format_range(range)}}};
  if (options.validate) {
    request.headers.set("x-ms-range-get-content-md5", "true");
  }
  return request;
}

/// Answers with a range have its MD5; that of an answer with the whole file is the stored one.
void require_undamaged(const HttpResponse& response, const std::string& md5, const std::string& name) {
  const std::string expected = response.headers.get("Content-MD5");
  if (response.status == kPartialContent && !expected.empty() && expected != signing::base64_encode(md5)) {
    throw DamagedContent("a piece of '" + name + "' arrived damaged: its MD5 is not the one that the service sent");
  }
}

std::string md5_of(const BodySource& source) {
  signing::RunningMd5 md5;
  std::string block;
  for (std::uint64_t at = 0; at < source.size(); at += block.size()) {
    block.resize(std::min(kHashBlock, source.size() - at));
    source.read(at, block);
    md5.add(block);
  }
  return md5.finish();
}

/// Of a file that is in nobody's way, where something else is to be told.
void try_to_remove(const FileClient& file) {
  try {
    file.remove();
  } catch (const Error&) {
  }
}

bool has_id(const FileClient& file, const std::string& id, const CallContext& context) {
  try {
    return !id.empty() && file.get_properties(context).file_id == id;
  } catch (const NotFound&) {
    return false;
  }
}

/// Gives the file with that id the name of `target`; false where another one has it. A rename that has been carried
/// out, but whose answer was lost, is sent again and refused.
bool rename_unless_there(const FileClient& file, const std::string& id, const FileClient& target,
                         const CallContext& context) {
  try {
    file.rename_to(target.path(), {}, context);
    return true;
  } catch (const ServiceError& error) {
    const bool there = error.code() == "ResourceAlreadyExists";
    if ((there || error.code() == "ResourceNotFound") && has_id(target, id, context)) {
      return true;
    }
    if (!there) {
      throw;
    }
    return false;
  }
}

/// Hands on what belongs to the range, and hashes it on the way.
class RangeSink final : public BodySink {
 public:
  RangeSink(BodySink& into, std::uint64_t length, bool hashes) : into_(into), length_(length), hashes_(hashes) {}

  void write(std::uint64_t offset, std::string_view bytes) override {
    if (offset > length_ || bytes.size() > length_ - offset) {
      throw ProtocolError("the service answered with more than the " + std::to_string(length_) +
                          " bytes that were asked for");
    }
    if (hashes_) {
      if (offset == 0) {
        md5_.emplace();
      }
      md5_->add(bytes);
    }
    into_.write(offset, bytes);
  }
  std::string md5() { return md5_ ? md5_->finish() : std::string(); }

 private:
  BodySink& into_;
  const std::uint64_t length_;
  const bool hashes_;
  std::optional<signing::RunningMd5> md5_;
};

}  // namespace

FileClient::FileClient(std::shared_ptr<const Connection> connection, std::string share, std::vector<std::string> path)
    : connection_(std::move(connection)), share_(std::move(share)), path_(std::move(path)) {}

FileClient FileClient::from_sas_url(const Url& url, const ClientOptions& options) {
  SignedUrl place = SignedUrl::parse(url);
  if (place.path.empty()) {
    throw InvalidArgument("'" + url.origin() + url.path() + "' is no URL of a file in a share");
  }
  return {std::make_shared<const Connection>(std::move(place.account), options), std::move(place.share),
          checked_path(place.path)};
}

std::string FileClient::path() const { return joined(path_, "/"); }

std::string FileClient::name() const { return path_.back(); }

Url FileClient::url() const { return connection_->path_url(share_, path_); }

FileClient FileClient::with_retry(const RetryOptions& retry) const {
  return {connection_->with_retry(retry), share_, path_};
}

CreatedFile FileClient::create(std::uint64_t size, const CreateFileOptions& options, const CallContext& context) const {
  require_good_names(path_);
  HttpRequest request{
      .method = "PUT", .url = url(), .headers = {{"x-ms-type", "file"}, {"x-ms-content-length", std::to_string(size)}}};
  add_content_headers(request.headers, options.content);
  add_metadata(request.headers, options.metadata);
  add_smb(request.headers, options.smb);
  return read_created_file(connection_->send(std::move(request), context));
}

bool FileClient::create_if_absent(std::uint64_t size, const CreateFileOptions& options,
                                  const CallContext& context) const {
  if (exists(context)) {
    return false;
  }
  std::vector<std::string> path = path_;
  path.back() = "." + random_guid() + ".batchai-part";
  const FileClient made_first(connection_, share_, path);
  const CreatedFile created = made_first.create(size, options, context);
  try {
    if (rename_unless_there(made_first, created.file_id, *this, context)) {
      return true;
    }
  } catch (...) {
    try_to_remove(made_first);
    throw;
  }
  try_to_remove(made_first);
  return false;
}

FileProperties FileClient::get_properties(const CallContext& context) const {
  return read_file_properties(connection_->send({.method = "HEAD", .url = url()}, context));
}

bool FileClient::exists(const CallContext& context) const {
  return found([&] { return get_properties(context); });
}

WriteResult FileClient::remove(const CallContext& context) const {
  return read_write(connection_->send({.method = "DELETE", .url = url()}, context));
}

bool FileClient::remove_if_exists(const CallContext& context) const {
  return found([&] { remove(context); });
}

WriteResult FileClient::set_properties(const SetFilePropertiesOptions& options, const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = url().add_query("comp", "properties")};
  if (options.size) {
    request.headers.set("x-ms-content-length", std::to_string(*options.size));
  }
  add_content_headers(request.headers, options.content);
  add_smb(request.headers, options.smb);
  return read_write(connection_->send(std::move(request), context));
}

WriteResult FileClient::set_metadata(const Metadata& metadata, const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = url().add_query("comp", "metadata")};
  add_metadata(request.headers, metadata);
  return read_write(connection_->send(std::move(request), context));
}

HttpRequest FileClient::put_request(std::uint64_t offset, std::uint64_t length, const PutRangeOptions& options) const {
  require_piece(length);
  HttpRequest request = range_request(url(), "update", {offset, length});
  // Named here because a transport that adds a type of its own would break the signature.
  request.headers.set("Content-Type", "application/octet-stream");
  if (options.keep_last_write) {
    request.headers.set("x-ms-file-last-write-time", "preserve");
  }
  return request;
}

WriteResult FileClient::put_range(std::uint64_t offset, std::string bytes, const PutRangeOptions& options,
                                  const CallContext& context) const {
  HttpRequest request = put_request(offset, bytes.size(), options);
  if (options.validate) {
    request.headers.set("Content-MD5", signing::base64_encode(signing::md5(bytes)));
  }
  request.body = std::move(bytes);
  return read_write(connection_->send(std::move(request), context));
}

WriteResult FileClient::put_range(std::uint64_t offset, const BodySource& bytes, const PutRangeOptions& options,
                                  const CallContext& context) const {
  HttpRequest request = put_request(offset, bytes.size(), options);
  if (options.validate) {
    request.headers.set("Content-MD5", signing::base64_encode(md5_of(bytes)));
  }
  request.source = &bytes;
  return read_write(connection_->send(std::move(request), context));
}

WriteResult FileClient::put_range_from(const Url& source, const FileRange& range, std::uint64_t offset,
                                       const CallContext& context) const {
  require_piece(range.length);
  HttpRequest request = range_request(url(), "update", {offset, range.length});
  request.headers.set("x-ms-copy-source", source.to_string());
  request.headers.set("x-ms-source-allow-trailing-dot", "true");
  request.headers.set("x-ms-source-range", format_range(range));
  return read_write(connection_->send(std::move(request), context));
}

WriteResult FileClient::clear_range(const FileRange& range, const CallContext& context) const {
  return read_write(connection_->send(range_request(url(), "clear", range), context));
}

FilePiece FileClient::get_range(const FileRange& range, const GetRangeOptions& options,
                                const CallContext& context) const {
  HttpResponse response = connection_->send(get_request(url(), range, options), context);
  if (options.validate) {
    require_undamaged(response, signing::md5(response.body), name());
  }
  return read_piece(std::move(response));
}

ReceivedPiece FileClient::get_range(const FileRange& range, BodySink& into, const GetRangeOptions& options,
                                    const CallContext& context) const {
  RangeSink sink(into, range.length, options.validate);
  HttpRequest request = get_request(url(), range, options);
  request.sink = &sink;
  HttpResponse response = connection_->send(std::move(request), context);
  if (!response.body.empty()) {  // of a transport that uses no sinks
    sink.write(0, response.body);
  }
  if (options.validate) {
    require_undamaged(response, sink.md5(), name());
  }
  const std::uint64_t length = response.sunk + response.body.size();
  return {length, read_piece(std::move(response)).file};
}

std::vector<FileRange> FileClient::list_ranges(const CallContext& context) const {
  return read_ranges(connection_->send({.method = "GET", .url = url().add_query("comp", "rangelist")}, context));
}

Pageable<SmbHandle> FileClient::list_handles(const CallContext& context) const {
  return files::list_handles(connection_, url(), false, context);
}

ClosedHandles FileClient::close_handle(const std::string& id, const CallContext& context) const {
  return close_handles(*connection_, url(), id, false, context);
}

ClosedHandles FileClient::close_all_handles(const CallContext& context) const {
  return close_handles(*connection_, url(), kAllHandles, false, context);
}

CopyStatus FileClient::copy_from(const Url& source, const CopyOptions& options, const CallContext& context) const {
  require_good_names(path_);
  HttpRequest request{
      .method = "PUT",
      .url = url(),
      .headers = {{"x-ms-copy-source", source.to_string()}, {"x-ms-source-allow-trailing-dot", "true"}}};
  add_metadata(request.headers, options.metadata);
  if (options.keep_last_write) {
    request.headers.set("x-ms-file-last-write-time", "source");
  }
  if (options.keep_changed) {
    request.headers.set("x-ms-file-change-time", "source");
  }
  const HttpResponse response = connection_->send(std::move(request), context);
  return {read_write(response), response.headers.get("x-ms-copy-id"), response.headers.get("x-ms-copy-status")};
}

CopyStatus FileClient::copy_from(const FileClient& source, const CopyOptions& options,
                                 const CallContext& context) const {
  return copy_from(source.connection_->with_own_sas(source.url()), options, context);
}

void FileClient::abort_copy(const std::string& copy_id, const CallContext& context) const {
  HttpRequest request{
      .method = "PUT", .url = url().add_query("comp", "copy"), .headers = {{"x-ms-copy-action", "abort"}}};
  request.url.add_query("copyid", copy_id);
  connection_->send(std::move(request), context);
}

FileClient FileClient::rename_to(std::string_view path, const RenameOptions& options,
                                 const CallContext& context) const {
  FileClient target(connection_, share_, checked_path(path));
  require_good_names(target.path_);
  HttpRequest request{.method = "PUT", .url = target.url().add_query("comp", "rename")};
  add_rename(request.headers, connection_->with_own_sas(url()), options);
  connection_->send(std::move(request), context);
  return target;
}

LeaseClient FileClient::lease() const { return {connection_, url()}; }

FileClient FileClient::with_lease(const std::string& id) const { return {connection_->with_lease(id), share_, path_}; }

Url FileClient::sas_url(const SasOptions& options) const { return connection_->sas_url(share_, path_, options); }

}  // namespace batchai::inline v1::files

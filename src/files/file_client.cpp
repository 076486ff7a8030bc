#include "batchai/files/file_client.hpp"

#include "batchai/core/error.hpp"
#include "files/answers.hpp"
#include "files/connection.hpp"
#include "files/endpoints.hpp"
#include "files/exists.hpp"
#include "files/requests.hpp"
#include "naming/file_names.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

namespace batchai::files {
namespace {

HttpRequest range_request(Url url, const char* write, const FileRange& range) {
  return {.method = "PUT",
          .url = url.add_query("comp", "range"),
          .headers = {{"x-ms-write", write}, {"x-ms-range", format_range(range)}}};
}

}  // namespace

FileClient::FileClient(std::shared_ptr<const Connection> connection, std::string share, std::vector<std::string> path)
    : connection_(std::move(connection)), share_(std::move(share)), path_(std::move(path)) {}

FileClient FileClient::from_sas_url(const Url& url, const ClientOptions& options) {
  std::vector<std::string> parts;
  for (const std::string& part : naming::split_path(url.path())) {
    parts.push_back(percent_decode(part).value_or(part));
  }
  const bool path_style = is_path_style_host(url.host());
  if (parts.size() < (path_style ? 3U : 2U)) {
    throw InvalidArgument("'" + url.origin() + url.path() + "' is no URL of a file in a share");
  }
  StorageAccount account{.name = path_style ? parts.front() : url.host().substr(0, url.host().find('.')),
                         .sas = Secret(url.query()),
                         .endpoint = Url::parse(url.origin())};
  if (path_style) {
    account.endpoint.append_segment(account.name);
    parts.erase(parts.begin());
  }
  std::string share = parts.front();
  parts.erase(parts.begin());
  return {std::make_shared<const Connection>(std::move(account), options), std::move(share), std::move(parts)};
}

std::string FileClient::name() const { return path_.back(); }

Url FileClient::url() const { return connection_->path_url(share_, path_); }

void FileClient::create(std::uint64_t size, const CreateFileOptions& options, const CallContext& context) const {
  HttpRequest request{
      .method = "PUT", .url = url(), .headers = {{"x-ms-type", "file"}, {"x-ms-content-length", std::to_string(size)}}};
  add_file_properties(request.headers, options);
  add_metadata(request.headers, options.metadata);
  connection_->send(std::move(request), context);
}

FileProperties FileClient::get_properties(const CallContext& context) const {
  return read_file_properties(connection_->send({.method = "HEAD", .url = url()}, context));
}

bool FileClient::exists(const CallContext& context) const {
  return found([&] { get_properties(context); });
}

void FileClient::remove(const CallContext& context) const {
  connection_->send({.method = "DELETE", .url = url()}, context);
}

void FileClient::set_properties(std::uint64_t size, const CreateFileOptions& options,
                                const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = url().add_query("comp", "properties")};
  request.headers.set("x-ms-content-length", std::to_string(size));
  add_file_properties(request.headers, options);
  connection_->send(std::move(request), context);
  HttpRequest metadata{.method = "PUT", .url = url().add_query("comp", "metadata")};
  add_metadata(metadata.headers, options.metadata);
  connection_->send(std::move(metadata), context);
}

void FileClient::put_range(std::uint64_t offset, std::string bytes, const CallContext& context) const {
  if (bytes.empty() || bytes.size() > kLargestPiece) {
    throw InvalidArgument("a range to write has 1 byte to 4 MiB; this one has " + std::to_string(bytes.size()) +
                          " bytes");
  }
  HttpRequest request = range_request(url(), "update", {offset, offset + bytes.size() - 1});
  // Named here because a transport that adds a type of its own would break the signature.
  request.headers.set("Content-Type", "application/octet-stream");
  request.headers.set("Content-MD5", signing::base64_encode(signing::md5(bytes)));
  request.body = std::move(bytes);
  connection_->send(std::move(request), context);
}

void FileClient::clear_range(const FileRange& range, const CallContext& context) const {
  connection_->send(range_request(url(), "clear", range), context);
}

FilePiece FileClient::get_range(const FileRange& range, const CallContext& context) const {
  return read_piece(
      connection_->send({.method = "GET", .url = url(), .headers = {{"x-ms-range", format_range(range)}}}, context));
}

std::vector<FileRange> FileClient::list_ranges(const CallContext& context) const {
  return read_ranges(connection_->send({.method = "GET", .url = url().add_query("comp", "rangelist")}, context));
}

CopyStatus FileClient::copy_from(const Url& source, const CallContext& context) const {
  const HttpResponse response = connection_->send(
      {.method = "PUT", .url = url(), .headers = {{"x-ms-copy-source", source.to_string()}}}, context);
  return {response.headers.get("x-ms-copy-id"), response.headers.get("x-ms-copy-status")};
}

CopyStatus FileClient::copy_from(const FileClient& source, const CallContext& context) const {
  return copy_from(source.connection_->with_own_sas(source.url()), context);
}

Url FileClient::sas_url(const SasOptions& options) const { return connection_->sas_url(share_, path_, options); }

}  // namespace batchai::files

#include "batchai/files/directory_client.hpp"

#include "batchai/core/error.hpp"
#include "batchai/files/file_client.hpp"
#include "core/joined.hpp"
#include "files/answers.hpp"
#include "files/connection.hpp"
#include "files/exists.hpp"
#include "files/handles.hpp"
#include "files/requests.hpp"

namespace batchai::inline v1::files {
namespace {

std::vector<std::string> extended(std::vector<std::string> path, std::string_view relative_path) {
  for (std::string& part : checked_path(relative_path)) {
    path.push_back(std::move(part));
  }
  return path;
}

}  // namespace

DirectoryClient::DirectoryClient(std::shared_ptr<const Connection> connection, std::string share,
                                 std::vector<std::string> path)
    : connection_(std::move(connection)), share_(std::move(share)), path_(std::move(path)) {}

DirectoryClient DirectoryClient::with_retry(const RetryOptions& retry) const {
  return {connection_->with_retry(retry), share_, path_};
}

std::string DirectoryClient::path() const { return joined(path_, "/"); }

Url DirectoryClient::url() const { return connection_->path_url(share_, path_); }

WriteResult DirectoryClient::create(const CreateDirectoryOptions& options, const CallContext& context) const {
  require_good_names(path_);
  HttpRequest request{.method = "PUT", .url = url().add_query("restype", "directory")};
  add_metadata(request.headers, options.metadata);
  add_smb(request.headers, options.smb);
  return read_write(connection_->send(std::move(request), context));
}

bool DirectoryClient::create_if_absent(const CreateDirectoryOptions& options, const CallContext& context) const {
  return made([&] { create(options, context); }, "ResourceAlreadyExists");
}

bool DirectoryClient::create_all(const CallContext& context) const {
  bool created = false;
  std::vector<std::string> path;
  for (const std::string& part : path_) {
    path.push_back(part);
    created = DirectoryClient(connection_, share_, path).create_if_absent({}, context);
  }
  return created;
}

DirectoryProperties DirectoryClient::get_properties(const CallContext& context) const {
  return read_directory_properties(
      connection_->send({.method = "GET", .url = url().add_query("restype", "directory")}, context));
}

bool DirectoryClient::exists(const CallContext& context) const {
  return found([&] { return get_properties(context); });
}

WriteResult DirectoryClient::remove(const CallContext& context) const {
  return read_write(connection_->send({.method = "DELETE", .url = url().add_query("restype", "directory")}, context));
}

bool DirectoryClient::remove_if_exists(const CallContext& context) const {
  return found([&] { remove(context); });
}

WriteResult DirectoryClient::set_metadata(const Metadata& metadata, const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = url().add_query("restype", "directory").add_query("comp", "metadata")};
  add_metadata(request.headers, metadata);
  return read_write(connection_->send(std::move(request), context));
}

WriteResult DirectoryClient::set_properties(const SmbSettings& settings, const CallContext& context) const {
  HttpRequest request{.method = "PUT", .url = url().add_query("restype", "directory").add_query("comp", "properties")};
  add_smb(request.headers, settings);
  return read_write(connection_->send(std::move(request), context));
}

DirectoryClient DirectoryClient::rename_to(std::string_view path, const RenameOptions& options,
                                           const CallContext& context) const {
  DirectoryClient target(connection_, share_, checked_path(path));
  require_good_names(target.path_);
  HttpRequest request{.method = "PUT",
                      .url = target.url().add_query("restype", "directory").add_query("comp", "rename")};
  add_rename(request.headers, connection_->with_own_sas(url()), options);
  connection_->send(std::move(request), context);
  return target;
}

Pageable<DirectoryEntry> DirectoryClient::list(const ListDirectoryOptions& options, const CallContext& context) const {
  require_page_size(options.page_size);
  return Pageable<DirectoryEntry>(
      [connection = connection_, base = url(), options, context](const std::string& marker) {
        HttpRequest request{.method = "GET", .url = base, .headers = {{"x-ms-file-extended-info", "true"}}};
        request.url.add_query("restype", "directory").add_query("comp", "list");
        request.url.add_query("include", options.smb ? "Timestamps,Etag,Attributes,PermissionKey" : "Timestamps,Etag");
        if (!options.prefix.empty()) {
          request.url.add_query("prefix", options.prefix);
        }
        if (!marker.empty()) {
          request.url.add_query("marker", marker);
        }
        add_page_size(request.url, options.page_size);
        return read_entries(connection->send(std::move(request), context));
      });
}

Pageable<SmbHandle> DirectoryClient::list_handles(bool recursive, const CallContext& context) const {
  return files::list_handles(connection_, url(), recursive, context);
}

ClosedHandles DirectoryClient::close_handle(const std::string& id, const CallContext& context) const {
  return close_handles(*connection_, url(), id, false, context);
}

ClosedHandles DirectoryClient::close_all_handles(bool recursive, const CallContext& context) const {
  return close_handles(*connection_, url(), kAllHandles, recursive, context);
}

DirectoryClient DirectoryClient::directory(std::string_view relative_path) const {
  return {connection_, share_, extended(path_, relative_path)};
}

FileClient DirectoryClient::file(std::string_view relative_path) const {
  auto path = extended(path_, relative_path);
  if (path.empty()) {
    throw InvalidArgument("a file needs a name: the path is empty");
  }
  return {connection_, share_, std::move(path)};
}

}  // namespace batchai::inline v1::files

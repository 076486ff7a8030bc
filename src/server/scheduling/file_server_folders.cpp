#include "server/scheduling/file_server_folders.hpp"

#include "batchai/models/file_server.hpp"
#include "server/records/file_server_lookup.hpp"
#include "server/records/operations.hpp"
#include "server/records/record.hpp"
#include "server/records/request_body.hpp"

#include <system_error>
#include <vector>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

// The mount point that Batch AI shows for each of them.
constexpr const char* kMountPoint = "/data";

bool is_creating(const Document& file_server) {
  return provisioning_state(file_server) == ProvisioningState::kCreating;
}

}  // namespace

bool FileServerFolders::step() {
  std::vector<Document> all;
  store_.read([&](Transaction& transaction) { all = transaction.list("fileServer"); });
  bool acted = false;
  for (const auto& file_server : all) {
    if (is_creating(file_server)) {
      acted = make(file_server) || acted;
    } else if (is_deleting(file_server)) {
      acted = remove(file_server) || acted;
    }
  }
  return acted;
}

bool FileServerFolders::make(const Document& file_server) {
  const fs::path folder = file_server_folder(file_server, options_.provider);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    const std::string message =
        "The folder of the file server " + text_at(file_server.body, "name") + " could not be made: " + error.message();
    options_.report(message);
    fail(file_server, message);
  } else {
    complete(file_server);
  }
  return true;
}

bool FileServerFolders::remove(const Document& file_server) {
  const auto error = options_.trash.take(file_server_folder(file_server, options_.provider));
  // Where the data folder itself is gone, so is this one.
  if (error && error != std::errc::no_such_file_or_directory) {
    options_.report("The folder of the deleted file server " + text_at(file_server.body, "name") +
                    " could not be removed: " + error.message());
    return false;
  }
  store_.write([&](Transaction& transaction) {
    if (const auto current = transaction.get(file_server.key)) {
      erase_deleted(transaction, *current, clock_.now());
    }
  });
  return true;
}

// A delete may have come while the folder was being made: then the next step removes it.
void FileServerFolders::complete(const Document& made) {
  store_.write([&](Transaction& transaction) {
    auto current = transaction.get(made.key);
    if (!current || !is_creating(*current)) {
      return;
    }
    properties(*current)["mountSettings"] =
        model_json(MountSettings{.mount_point = kMountPoint,
                                 .file_server_public_ip = options_.public_address,
                                 .file_server_internal_ip = options_.provider.file_server_address()});
    complete_creation(transaction, *current, clock_.now());
    transaction.put(*current);
  });
}

void FileServerFolders::fail(const Document& not_made, const std::string& message) {
  store_.write([&](Transaction& transaction) {
    auto current = transaction.get(not_made.key);
    if (!current || !is_creating(*current)) {
      return;
    }
    const auto now = clock_.now();
    set_state(*current, "provisioningState", ProvisioningState::kFailed, now);
    fail_operation(transaction, now, text_at(current->hidden, "createOperation"),
                   {"FileServerCreationFailed", message, ""});
    current->hidden.erase("createOperation");
    transaction.put(*current);
  });
}

}  // namespace batchai::server

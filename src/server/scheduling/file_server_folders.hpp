#pragma once

#include "batchai/core/clock.hpp"
#include "server/records/store.hpp"
#include "server/run/node_provider.hpp"
#include "server/trash/trash.hpp"

#include <functional>
#include <string>

namespace batchai::server {

struct FileServerFoldersOptions {
  /// Both outlive everything made from these options.
  const NodeProvider& provider;
  /// Takes the folders of deleted ones.
  Trash& trash;
  /// Where users reach this machine from outside.
  std::string public_address = "127.0.0.1";
  /// Called for folders that cannot be made or removed; one sentence each.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

/// Makes the folders of file servers that are being created and removes those of deleted ones, data included. All its
/// knowledge is in the store. Not thread-safe.
class FileServerFolders {
 public:
  /// Both outlive it.
  FileServerFolders(Store& store, Clock& clock, FileServerFoldersOptions options)
      : store_(store), clock_(clock), options_(std::move(options)) {}

  /// Makes and removes what has to be. Whether there was something to do; a folder that cannot be removed is tried
  /// again next time.
  bool step();

 private:
  bool make(const Document& file_server);
  bool remove(const Document& file_server);
  void complete(const Document& made);
  void fail(const Document& not_made, const std::string& message);

  Store& store_;
  Clock& clock_;
  FileServerFoldersOptions options_;
};

}  // namespace batchai::server

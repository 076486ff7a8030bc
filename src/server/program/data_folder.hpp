#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace batchai::server {

/// Makes the service's folder (0700) with what lies in it, and returns its absolute path. Throws std::runtime_error
/// naming the folder if it cannot be made or written.
std::filesystem::path prepare_data_folder(const std::filesystem::path& folder);

/// Room on the disk that is reserved for the next start, which has to write a little before it can answer reads.
class DiskReserve {
 public:
  /// Frees the room that was reserved in this data folder.
  explicit DiskReserve(const std::filesystem::path& folder);
  /// Reserves it again. False if the disk has too little left.
  bool keep() const;

 private:
  std::filesystem::path file_;
};

/// One sentence for the folder and each one above it that other users could change or replace, as `The folder /srv
/// can be changed by others (mode 0777): …`.
std::vector<std::string> exposed_folders(const std::filesystem::path& folder);

/// For a start without `takes_over`: throws std::runtime_error where `database` is missing or empty and `folder` holds
/// what a service with a database has left behind. For a start with it: throws where there is a database.
void check_database(const std::filesystem::path& folder, const std::filesystem::path& database, bool takes_over);

}  // namespace batchai::server

#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/url.hpp"
#include "batchai/models/output_file.hpp"
#include "server/planning/job_plan.hpp"
#include "server/records/store.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

struct OutputFilesRequest {
  /// `stdouterr` or the id of an output directory.
  std::string directory_id;
  /// Below it; `.` is the directory itself.
  std::string directory = ".";
  /// 5 to 600.
  int link_expiry_minutes = 60;
  std::size_t maximum = 1000;
  /// Name after which to continue, from `OutputFilesPage::next`.
  std::string after = {};
};

struct OutputFilesPage {
  std::vector<File> files;
  std::optional<std::string> next = {};
};

/// Lists what jobs wrote, by name, with links that open one file each without further credentials.
class OutputFiles {
 public:
  /// `files_endpoint` is the base of the links, path-style: `{endpoint}/{account}/{share}/{path}`. The references
  /// outlive this object.
  OutputFiles(Store& store, Clock& clock, const std::filesystem::path& data_folder, Url files_endpoint);

  /// `job` is the stored document. Throws ServiceFault 400 for an unknown id, a directory that goes upwards, and an
  /// output directory that is not on a share of this service.
  OutputFilesPage list(const Document& job, const OutputFilesRequest& request) const;

 private:
  std::string link(const OutputLocation& location, const HostedAccount& account, const std::string& path,
                   int minutes) const;

  Clock& clock_;
  AccountResolver accounts_;
  Url files_endpoint_;
};

}  // namespace batchai::server

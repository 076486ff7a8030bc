#include "server/resources/output_files.hpp"

#include "core/joined.hpp"
#include "core/name_text.hpp"
#include "core/seconds.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/hosted_accounts.hpp"
#include "server/records/loaded_job.hpp"
#include "server/resources/share_folder.hpp"
#include "signing/sas.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>

namespace batchai::server {

namespace {

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> names;
  std::istringstream stream(path);
  for (std::string name; std::getline(stream, name, '/');) {
    if (!name.empty() && name != ".") {
      names.push_back(name);
    }
  }
  return names;
}

// `..` removes a name, but never leaves the output directory.
std::vector<std::string> normalise(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& name : split(directory)) {
    if (name != "..") {
      names.push_back(name);
    } else if (names.empty()) {
      throw bad_parameter("directory", "The directory " + directory + " leads out of the output directory");
    } else {
      names.pop_back();
    }
  }
  return names;
}

std::optional<OutputLocation> find_place(const LoadedJob& inputs, const std::string& id) {
  try {
    return output_location(inputs.input(), id);
  } catch (const std::out_of_range&) {
    throw ServiceFault(400, "InvalidOutputDirectoryId", "The job has no output directory with the id " + id,
                       "outputdirectoryid");
  }
}

}  // namespace

OutputFiles::OutputFiles(Store& store, Clock& clock, const std::filesystem::path& data_folder, Url files_endpoint)
    : clock_(clock), accounts_(hosted_accounts(store, data_folder)), files_endpoint_(std::move(files_endpoint)) {}

std::string OutputFiles::link(const OutputLocation& location, const HostedAccount& account, const std::string& path,
                              int minutes) const {
  signing::SasToken token;
  const bool blob = location.kind == StorageKind::Container;
  token.resource = blob ? "b" : "f";
  token.permissions = "rl";
  token.expiry = format_iso8601_seconds(clock_.now() + std::chrono::minutes(minutes));
  token = signing::sign_service_sas(token, blob ? signing::SasService::Blob : signing::SasService::File,
                                    {location.account, location.share, path}, account.keys.front());
  Url url = files_endpoint_;
  url.append_segment(location.account).append_segment(location.share);
  for (const auto& name : split(path)) {
    url.append_segment(name);
  }
  return url.set_query(token.to_query()).to_string();
}

OutputFilesPage OutputFiles::list(const Document& job, const OutputFilesRequest& request) const {
  const auto below = normalise(request.directory);
  const LoadedJob inputs(JobRecord(job), accounts_);
  const auto location = find_place(inputs, request.directory_id);
  const auto account = location ? accounts_(location->account) : std::nullopt;
  if (!account || account->keys.empty()) {
    throw ServiceFault(400, "InvalidOutputDirectoryId",
                       "The specified outputDirectoryId " + request.directory_id + " is not present on a mount root",
                       "outputdirectoryid");
  }
  if (!location->key_is_right) {
    throw ServiceFault(403, "InvalidAccountKey",
                       "The output directory " + request.directory_id + " is on the storage account " +
                           location->account + ", and the account key that the job was given is not one of its keys: " +
                           "it was wrong, or has been renewed since. The files can be read with the account itself",
                       "outputdirectoryid");
  }
  auto path = split(location->path);
  path.insert(path.end(), below.begin(), below.end());
  OutputFilesPage page;
  for (const auto& entry : list_share_folder(location->root, path)) {
    if (entry.name <= request.after) {
      continue;
    }
    if (page.files.size() == request.maximum) {
      page.next = page.files.back().real_name();
      break;
    }
    NameText name = to_name_text(entry.name);
    File file{.name = std::move(name.text), .file_type = entry.is_folder ? FileType::kDirectory : FileType::kFile};
    if (name.encoded) {
      file.encoded = true;
    }
    if (!entry.is_folder) {
      auto names = path;
      names.push_back(entry.name);
      file.download_url = link(*location, *account, joined(names, "/"), request.link_expiry_minutes);
      file.last_modified = std::chrono::floor<std::chrono::seconds>(entry.modified);
      file.content_length = entry.length;
    }
    page.files.push_back(std::move(file));
  }
  return page;
}

}  // namespace batchai::server

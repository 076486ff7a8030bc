#include "batchai/batchai/file_servers.hpp"

#include "batchai/paths.hpp"

namespace batchai::inline v1 {

FileServer FileServersClient::get(std::string_view group, std::string_view workspace, std::string_view file_server,
                                  const CallContext& context) const {
  return call<FileServer>(channel_, make_request("GET", file_server_url(channel_, group, workspace, file_server)),
                          context);
}

Pageable<FileServer> FileServersClient::list(std::string_view group, std::string_view workspace,
                                             const ListOptions& options, const CallContext& context) const {
  Url url = workspace_url(channel_, group, workspace).append_segment("fileServers");
  add_page_size(url, options.page_size);
  return batchai::list<FileServer>(channel_, make_request("GET", std::move(url)), context);
}

Operation<FileServer> FileServersClient::start_create(std::string_view group, std::string_view workspace,
                                                      std::string_view file_server,
                                                      const FileServerCreateParameters& parameters,
                                                      const CallContext& context) const {
  return start<FileServer>(
      channel_, make_request("PUT", file_server_url(channel_, group, workspace, file_server), request_body(parameters)),
      context);
}

Operation<std::monostate> FileServersClient::start_remove(std::string_view group, std::string_view workspace,
                                                          std::string_view file_server,
                                                          const CallContext& context) const {
  return start<std::monostate>(
      channel_, make_request("DELETE", file_server_url(channel_, group, workspace, file_server)), context);
}

}  // namespace batchai::inline v1

#include "batchai/batchai/experiments.hpp"

#include "batchai/paths.hpp"

namespace batchai::inline v1 {

Experiment ExperimentsClient::get(std::string_view group, std::string_view workspace, std::string_view experiment,
                                  const CallContext& context) const {
  return call<Experiment>(channel_, make_request("GET", experiment_url(channel_, group, workspace, experiment)),
                          context);
}

Pageable<Experiment> ExperimentsClient::list(std::string_view group, std::string_view workspace,
                                             const ListOptions& options, const CallContext& context) const {
  Url url = workspace_url(channel_, group, workspace).append_segment("experiments");
  add_page_size(url, options.page_size);
  return batchai::list<Experiment>(channel_, make_request("GET", std::move(url)), context);
}

Operation<Experiment> ExperimentsClient::start_create(std::string_view group, std::string_view workspace,
                                                      std::string_view experiment, const CallContext& context) const {
  return start<Experiment>(channel_, make_request("PUT", experiment_url(channel_, group, workspace, experiment)),
                           context);
}

Experiment ExperimentsClient::create(std::string_view group, std::string_view workspace, std::string_view experiment,
                                     const CallContext& context) const {
  return start_create(group, workspace, experiment, context).wait({}, context);
}

Operation<std::monostate> ExperimentsClient::start_remove(std::string_view group, std::string_view workspace,
                                                          std::string_view experiment,
                                                          const CallContext& context) const {
  return start<std::monostate>(channel_, make_request("DELETE", experiment_url(channel_, group, workspace, experiment)),
                               context);
}

}  // namespace batchai::inline v1

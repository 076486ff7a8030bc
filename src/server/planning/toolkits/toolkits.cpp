#include "server/planning/toolkits/toolkits.hpp"

#include "server/faults/refusal.hpp"

#include <algorithm>

namespace batchai::server {

// Each in a file of its name; compiled together with some of these, which makes their declarations redundant.
// NOLINTBEGIN(readability-redundant-declaration)
Toolkit cntk_toolkit();
Toolkit pytorch_toolkit();
Toolkit tensorflow_toolkit();
Toolkit caffe_toolkit();
Toolkit caffe2_toolkit();
Toolkit chainer_toolkit();
Toolkit custom_toolkit();
Toolkit custom_mpi_toolkit();
Toolkit horovod_toolkit();
// NOLINTEND(readability-redundant-declaration)

const std::vector<Toolkit>& toolkits() {
  static const std::vector<Toolkit> all{cntk_toolkit(),   pytorch_toolkit(),    tensorflow_toolkit(),
                                        caffe_toolkit(),  caffe2_toolkit(),     chainer_toolkit(),
                                        custom_toolkit(), custom_mpi_toolkit(), horovod_toolkit()};
  return all;
}

namespace {

/// `cntkSettings, pyTorchSettings … and horovodSettings`
std::string all_members() {
  std::string text;
  for (const Toolkit& toolkit : toolkits()) {
    text += text.empty() ? "" : &toolkit == &toolkits().back() ? " and " : ", ";
    text += toolkit.member;
  }
  return text;
}

const Toolkit& requested_toolkit(const JobCreateParameters& job) {
  return *std::ranges::find_if(toolkits(), [&](const Toolkit& toolkit) { return toolkit.is_requested(job); });
}

}  // namespace

void complete_toolkit(JobCreateParameters& job, int gpus_per_node) {
  const auto count =
      std::ranges::count_if(toolkits(), [&](const Toolkit& toolkit) { return toolkit.is_requested(job); });
  if (count != 1) {
    throw invalid_content("properties",
                          "properties: exactly one of " + all_members() + " is needed, found " + std::to_string(count));
  }
  requested_toolkit(job).complete(job, gpus_per_node);
}

std::string tool_type(const JobCreateParameters& job) { return std::string(requested_toolkit(job).tool_type); }

ToolkitPlan plan_toolkit(const Job& job, const ToolkitContext& context) {
  for (const Toolkit& toolkit : toolkits()) {
    if (toolkit.is_of(job)) {
      return toolkit.plan(job, context);
    }
  }
  throw JobPlanError("InvalidJob", "The job has no toolkit settings.");
}

}  // namespace batchai::server

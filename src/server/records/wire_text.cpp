#include "server/records/wire_text.hpp"

#include "batchai/models/cluster.hpp"
#include "batchai/models/experiment.hpp"
#include "batchai/models/file_server.hpp"
#include "batchai/models/job.hpp"
#include "batchai/models/workspace.hpp"
#include "models/member_order.hpp"

#include <array>
#include <utility>

namespace batchai::server {

namespace {

using Writer = nlohmann::ordered_json (*)(const nlohmann::json&);

constexpr std::array<std::pair<std::string_view, Writer>, 5> kWriters = {{{"job", &in_order<Job>},
                                                                          {"experiment", &in_order<Experiment>},
                                                                          {"cluster", &in_order<Cluster>},
                                                                          {"fileServer", &in_order<FileServer>},
                                                                          {"workspace", &in_order<Workspace>}}};

}  // namespace

std::string wire_text(const Document& document) {
  for (const auto& [kind, write] : kWriters) {
    if (kind == document.kind) {
      return write(document.body).dump();
    }
  }
  return document.body.dump();
}

}  // namespace batchai::server

#pragma once

#include "cli/frame/arguments.hpp"
#include "cli/frame/command.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

class Services;

/// --ids in place of names: a call for each of the ids.
class CallsByIds {
 public:
  /// One call of the command.
  struct Call {
    std::string id;
    std::string subscription;
    Arguments arguments;
  };

  /// Parses all ids before anything is done. Throws UsageError for names beside the ids, for text that is not an id,
  /// and for an id of another type: the id of a job must not be used for its experiment.
  CallsByIds(const std::vector<OptionSpec>& options, const Arguments& arguments);

  const std::vector<Call>& all() const noexcept { return calls_; }

 private:
  std::vector<Call> calls_;
};

/// The options that have to be given beside --ids, too.
std::vector<OptionSpec> options_beside_ids(const std::vector<OptionSpec>& options);

/// A full id as value of --workspace becomes group, name and subscription. Throws UsageError if it is the id of
/// something else, or if the command line names another group.
void resolve_workspace_id(Arguments& arguments, Services& services);

}  // namespace batchai::cli

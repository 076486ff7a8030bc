#include "cli/app/waiting/outage.hpp"

namespace batchai::cli {

OutageOptions outage_options(const Context& context) {
  if (!context.io.err_terminal && !context.options.verbose) {
    return {};
  }
  return {.on_outage = [&context](const Error& error) { context.warn(std::string(error.what()) + "; trying again"); },
          .on_recovery = [&context] { context.warn("the service answers again"); }};
}

}  // namespace batchai::cli

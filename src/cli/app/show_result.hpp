#pragma once

#include "cli/app/context.hpp"
#include "cli/app/query.hpp"
#include "cli/app/result.hpp"

#include <optional>
#include <ostream>

namespace batchai::cli {

/// How the result of a command is shown.
struct Showing {
  const CommandSpec& command;
  const Arguments& arguments;
  const GlobalOptions& globals;
  const std::optional<Query>& query;
  std::ostream& out;
  /// Where colours may go; null for none.
  std::ostream* coloured = nullptr;
  /// Of the terminal that `out` is on.
  std::optional<std::size_t> width = {};
  /// What ages end with.
  Timestamp now = {};
};

/// The format of a result for which none was chosen: a list of a command that has columns, on a terminal, is a table;
/// all else is JSON.
std::string format_for(const Result& result, const Showing& showing);

/// Prints a result. The pages of a list are fetched now: each is printed when it is there, unless the query needs the
/// whole list, and the next one is fetched meanwhile. `stop` ends a fetch that is under way. Throws what fetching
/// throws; what has been printed stays then. Returns whether there was something to print, even in format `none`: false
/// for a list without items.
bool show_result(const Result& result, const Showing& showing, const std::function<void()>& stop);

}  // namespace batchai::cli

#pragma once

#include <istream>
#include <memory>
#include <ostream>
#include <string>

namespace batchai::cli {

/// Where a command reads and writes, and what is known of the terminal behind it.
struct Streams {
  std::istream& in;
  /// Results only.
  std::ostream& out;
  /// Everything else.
  std::ostream& err;
  bool in_terminal = false;
  bool out_terminal = false;
  bool err_terminal = false;
  std::size_t width = 80;
  /// Whether colour is welcome: not with NO_COLOR or TERM=dumb.
  bool colour = false;
};

/// A stream on a file descriptor; writing throws OutputError when the descriptor takes no more.
std::unique_ptr<std::ostream> make_output_stream(int descriptor);

/// The process's own streams. `no_colour`: NO_COLOR is set or TERM is dumb. `columns`: the variable COLUMNS, or empty.
Streams process_streams(std::ostream& out, std::ostream& err, bool no_colour, const std::string& columns);

/// One line without its line end from a terminal, with echo switched off. Empty at the end of input.
std::string read_hidden_line(Streams& io, const std::string& prompt);

}  // namespace batchai::cli

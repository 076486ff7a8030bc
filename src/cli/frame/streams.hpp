#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>

namespace batchai::cli {

struct TerminalSize {
  std::size_t columns = 100;
  std::size_t lines = 24;
};

/// A line on stderr that is rewritten in place. While there is one, other lines go above it. Thread-safe.
class StatusLine {
 public:
  virtual ~StatusLine() = default;
  /// `line` has no line end.
  virtual void print_above(const std::string& line) = 0;
};

/// Where a command reads and writes, and what is known of the terminal.
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
  /// Whether the terminal can move its cursor: not with TERM=dumb.
  bool moves_cursor = false;
  /// The terminal's size of this moment.
  std::function<TerminalSize()> size = [] { return TerminalSize(); };
  /// Whether nobody reads `out` any more.
  std::function<bool()> out_closed = [] { return false; };
  /// The one that is drawn now, or null.
  StatusLine* status = nullptr;

  /// A line on `err`, above the status line.
  void print_line(const std::string& line);
};

/// A stream on a file descriptor; writing throws OutputError when the descriptor takes no more.
std::unique_ptr<std::ostream> make_output_stream(int descriptor);

/// The process's own streams. `no_colour`: NO_COLOR is set or TERM is dumb. `columns`: the variable COLUMNS, or empty.
Streams process_streams(std::ostream& out, std::ostream& err, bool no_colour, const std::string& columns);

/// Of the terminal that standard output, else standard error, is on.
TerminalSize process_terminal_size();

/// Whether standard output is a pipe that nobody reads any more.
bool process_output_closed();

/// One line without its line end from a terminal, with echo switched off. Empty at the end of input.
std::string read_hidden_line(Streams& io, const std::string& prompt);

}  // namespace batchai::cli

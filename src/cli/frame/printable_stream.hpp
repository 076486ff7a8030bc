#pragma once

#include "cli/frame/streams.hpp"

#include <memory>
#include <ostream>

namespace batchai::cli {

/// Passes on to `target`, which has to outlive it, what is written, made printable(). Bytes of one character may come
/// in several writes. Throws what writing to `target` throws.
std::unique_ptr<std::ostream> make_printable_stream(std::ostream& target);

/// The target of such a stream, for the control sequences of this program itself, and for bytes that the user asked to
/// see as they are; any other stream itself.
std::ostream& behind_filter(std::ostream& stream);

/// Streams with one filter for all commands: control sequences are shown instead of obeyed on `err`, and on `out`
/// where that is a terminal. A pipe gets results as their format has them.
class PrintableStreams {
 public:
  /// `given` has to outlive it.
  explicit PrintableStreams(const Streams& given);
  Streams& streams() noexcept { return streams_; }

 private:
  std::unique_ptr<std::ostream> out_;
  std::unique_ptr<std::ostream> err_;
  Streams streams_;
};

}  // namespace batchai::cli

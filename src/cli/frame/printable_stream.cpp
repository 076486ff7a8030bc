#include "cli/frame/printable_stream.hpp"

#include "core/printable.hpp"

#include <algorithm>
#include <streambuf>
#include <string>

namespace batchai::cli {
namespace {

bool is_plain(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; }

std::size_t length_of_character(unsigned char lead) {
  return lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
}

/// How many bytes at the end are the beginning of a character whose rest may still come.
std::size_t unfinished(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(3, text.size()); ++length) {
    const auto byte = static_cast<unsigned char>(text[text.size() - length]);
    if ((byte & 0xc0U) != 0x80U) {
      return length_of_character(byte) > length ? length : 0;
    }
  }
  return 0;
}

class PrintableBuffer final : public std::streambuf {
 public:
  explicit PrintableBuffer(std::streambuf& target) : target_(target) {}

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    const std::string_view added(text, static_cast<std::size_t>(size));
    if (begun_.empty() && std::all_of(added.begin(), added.end(), is_plain)) {
      return target_.sputn(text, size);
    }
    const std::string all = begun_.append(added);
    begun_ = all.substr(all.size() - unfinished(all));
    put(printable(std::string_view(all).substr(0, all.size() - begun_.size())));
    return size;
  }

  int_type overflow(int_type c) override {
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
      const char text = traits_type::to_char_type(c);
      xsputn(&text, 1);
    }
    return traits_type::not_eof(c);
  }

  int sync() override {
    put(printable(begun_));
    begun_.clear();
    return target_.pubsync();
  }

 private:
  void put(const std::string& text) { target_.sputn(text.data(), static_cast<std::streamsize>(text.size())); }

  std::streambuf& target_;
  /// Of a character that is not complete.
  std::string begun_;
};

class PrintableStream final : public std::ostream {
 public:
  explicit PrintableStream(std::ostream& target) : std::ostream(nullptr), target_(target), buffer_(*target.rdbuf()) {
    rdbuf(&buffer_);
    exceptions(badbit);  // so that what the target throws reaches the caller
  }
  std::ostream& target() const noexcept { return target_; }

 private:
  std::ostream& target_;
  PrintableBuffer buffer_;
};

}  // namespace

std::unique_ptr<std::ostream> make_printable_stream(std::ostream& target) {
  return std::make_unique<PrintableStream>(target);
}

std::ostream& behind_filter(std::ostream& stream) {
  const auto* filter = dynamic_cast<const PrintableStream*>(&stream);
  return filter == nullptr ? stream : filter->target();
}

PrintableStreams::PrintableStreams(const Streams& given)
    : out_(given.out_terminal ? make_printable_stream(given.out) : nullptr),
      err_(make_printable_stream(given.err)),
      streams_{.in = given.in,
               .out = out_ != nullptr ? *out_ : given.out,
               .err = *err_,
               .in_terminal = given.in_terminal,
               .out_terminal = given.out_terminal,
               .err_terminal = given.err_terminal,
               .width = given.width,
               .colour = given.colour,
               .moves_cursor = given.moves_cursor,
               .size = given.size,
               .out_closed = given.out_closed} {}

}  // namespace batchai::cli

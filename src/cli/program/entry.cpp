#include "cli/program/entry.hpp"

#include "cli/app/run.hpp"
#include "cli/complete/completer.hpp"
#include "cli/frame/failure.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/manual/pages.hpp"
#include "cli/program/tree.hpp"

#include <ostream>

namespace batchai::cli {
namespace {

int write_manual(const std::vector<std::string>& words, Host& host) {
  try {
    if (words.size() != 3 || (words[1] != "markdown" && words[1] != "man")) {
      throw UsageError("say what to write and where: __docs markdown|man FOLDER");
    }
    const auto pages = words[1] == "man" ? man_pages : markdown_pages;
    write_pages(pages(command_tree(), global_options()), words[2]);
    return kDone;
  } catch (const std::exception& error) {
    const Failure failure = describe_failure(error);
    host.io.err << "batchai: error: " << failure.message << std::endl;
    return failure.exit_code;
  }
}

}  // namespace

int run_batchai(const std::vector<std::string>& words, Host& given) {
  PrintableStreams printable(given.io);
  Host host{.io = printable.streams(),
            .environment = given.environment,
            .clock = given.clock,
            .make_transport = given.make_transport,
            .interruption = given.interruption,
            .executable = given.executable};
  const std::string first = words.empty() ? "" : words.front();
  if (first == "__complete") {
    print_completion(command_tree(), {words.begin() + 1, words.end()}, host);
    return kDone;
  }
  return first == "__docs" ? write_manual(words, host) : run_program(command_tree(), words, host);
}

}  // namespace batchai::cli

#include "support/process.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace batchai::test {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "batchai-process-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  return name;
}

std::vector<std::string> make_environment(const std::map<std::string, std::string>& extra) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    if (!name.starts_with("AZURE_") && !name.starts_with("BATCHAI_") && !extra.contains(name)) {
      all.push_back(text);
    }
  }
  for (const auto& [name, value] : extra) {
    all.push_back(name + "=" + value);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

void redirect(const std::filesystem::path& file, int flags, int target) {
  const int descriptor = ::open(file.c_str(), flags, 0600);
  ::dup2(descriptor, target);
  ::close(descriptor);
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
                 const std::string& input)
    : folder_(make_folder()) {
  std::ofstream(folder_ / "in", std::ios::binary) << input;
  std::vector<std::string> texts = arguments;
  std::vector<std::string> variables = make_environment(environment);
  const std::vector<char*> argv = pointers(texts);
  const std::vector<char*> envp = pointers(variables);
  const std::filesystem::path in = folder_ / "in";
  const std::filesystem::path out = folder_ / "out";
  const std::filesystem::path err = folder_ / "err";
  pid_ = ::fork();
  if (pid_ == 0) {
    redirect(in, O_RDONLY, STDIN_FILENO);
    redirect(out, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
    redirect(err, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

ProcessResult Process::wait(std::chrono::seconds at_most) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd event{handle, POLLIN, 0};
  if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(at_most).count())) == 0) {
    ADD_FAILURE() << "process still running after " << at_most.count() << " s; output:\n"
                  << out() << "\nerrors:\n"
                  << read_file(folder_ / "err");
    ::kill(pid_, SIGKILL);
  }
  ::close(handle);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return collect(status);
}

ProcessResult Process::collect(int status) {
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, out(), read_file(folder_ / "err")};
}

void Process::signal(int number) const { ::kill(pid_, number); }

std::string Process::out() const { return read_file(folder_ / "out"); }
std::string Process::err() const { return read_file(folder_ / "err"); }

ProcessResult run_process(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment, const std::string& input) {
  return Process(arguments, environment, input).wait();
}

}  // namespace batchai::test

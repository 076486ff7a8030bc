#include "server/program/memory_policy.hpp"
#include "server/program/principal_command.hpp"
#include "server/program/server_options.hpp"
#include "server/program/service.hpp"
#include "server/program/stop_signals.hpp"
#include "server/store/integrity_check.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <string_view>
#include <system_error>

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

bool is_shortage_of_threads(const std::system_error& error) {
  return error.code() == std::errc::resource_unavailable_try_again;
}

int fail(const std::system_error& error, const char* advice) {
  std::cerr << "batchai-server: " << error.what() << advice << '\n';
  return kFailed;
}

int fail(const std::exception& error, int code) {
  std::cerr << "batchai-server: " << error.what() << '\n';
  return code;
}

void check_database(const std::filesystem::path& file) {
  batchai::server::check_completely(file);
  std::cout << file.string() << " is sound\n";
}

}  // namespace

int main(int count, char** words) {
  batchai::server::return_large_blocks();
  try {
    if (count > 1 && std::string_view(words[1]) == "principal") {
      return batchai::server::run_principal_command(count - 1, words + 1);
    }
    const auto options = batchai::server::read_server_options(count, words);
    if (!options) {
      return 0;
    }
    if (options->check_database) {
      check_database(options->data_dir / "batchai.db");
      return 0;
    }
    batchai::server::StopSignals signals;
    batchai::server::Service service(*options);
    service.start();
    std::cout << "ready management=" << service.management_url() << " files=" << service.files_url() << std::endl;
    signals.run(service, !options->log.file.empty());
    return 0;
  } catch (const std::bad_alloc&) {
    std::cerr
        << "batchai-server: the system gives the service no more memory: raise the limit (ulimit -v, MemoryMax=)\n";
    return kFailed;
  } catch (const std::system_error& error) {
    return fail(error, is_shortage_of_threads(error)
                           ? " (the system gives the service no more threads: raise the limit "
                             "of processes or of memory; ulimit -u and -v, TasksMax=)"
                           : "");
  } catch (const batchai::server::UsageError& error) {
    return fail(error, kUsage);
  } catch (const std::exception& error) {
    return fail(error, kFailed);
  }
}

#pragma once

#include "batchai/core/transport.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {

/// `batchai-server` itself, on free ports, without TLS, over a data folder of its own.
class ServerTest : public ::testing::Test {
 protected:
  /// `batchai-server --data-dir … ARGUMENTS…`.
  std::vector<std::string> command(const std::vector<std::string>& arguments = {}) const;
  /// Starts it and waits until it is ready. `before` is put in front of the command.
  void start(const std::vector<std::string>& arguments = {}, const std::vector<std::string>& before = {});
  /// Runs one that is expected to end by itself.
  ProcessResult run(const std::vector<std::string>& arguments) const;
  /// SIGTERM, and what it left behind.
  ProcessResult stop();
  /// SIGKILL.
  void kill();

  /// The data folder as it can be seen from here: the server may have mounts of its own.
  std::filesystem::path data() const;
  nlohmann::json endpoints() const;
  std::uint16_t port() const;
  std::string token() const;
  HttpResponse send(const std::string& method, const std::string& path, Headers headers = {},
                    std::string body = {}) const;
  HttpResponse get(const std::string& path, Headers headers = {}) const {
    return send("GET", path, std::move(headers));
  }
  HttpResponse put_group(const std::string& token, const std::string& name) const;
  HttpResponse get_group(const std::string& token, const std::string& name) const;

  TemporaryFolder folder_;
  std::filesystem::path data_ = folder_.path() / "data";
  std::unique_ptr<Process> server_;

 private:
  std::string group_path(const std::string& name) const;

  nlohmann::json endpoints_;
  std::shared_ptr<Transport> transport_ = make_network_transport({});
};

}  // namespace batchai::test

#pragma once

#include "server/program/server_options.hpp"

#include <memory>
#include <string>

namespace batchai::server {

/// The whole service, wired.
class Service {
 public:
  /// Opens the data folder, does what a first start has to do, and takes the two ports. Throws std::exception with a
  /// sentence that names what failed.
  explicit Service(const ServerOptions& options);
  /// As stop().
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Serves requests, watches the jobs that still run, and writes `endpoints.json`.
  void start();
  /// Accepts no more connections, lets running requests finish; jobs go on. Idempotent.
  void stop();
  /// Aborts the requests that a stop() in another thread waits for.
  void abort_requests();
  /// For logrotate.
  void reopen_log();

  std::string management_url() const;
  std::string files_url() const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace batchai::server

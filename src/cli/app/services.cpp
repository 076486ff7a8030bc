#include "cli/app/services.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/batchai/client.hpp"
#include "cli/app/credential.hpp"
#include "cli/app/dry_run/dry_run.hpp"
#include "cli/app/waiting/interruptible.hpp"
#include "cli/app/waiting/wait_notice.hpp"

#include <mutex>
#include <ostream>

namespace batchai::cli {
namespace {

/// Lines of the library on stderr.
LogSink make_log(Streams& io) {
  auto mutex = std::make_shared<std::mutex>();
  return [&io, mutex](LogLevel level, std::string_view line) {
    const std::lock_guard lock(*mutex);
    io.print_line(std::string(level == LogLevel::Debug ? "batchai: debug: " : "batchai: ").append(line));
  };
}

}  // namespace

Services::Services(Host& host, Settings& settings, const GlobalOptions& options, bool moves_files)
    : host_(host),
      settings_(settings),
      options_(options),
      moves_files_(moves_files),
      subscription_(options.subscription) {}

Services::~Services() = default;

const Endpoints& Services::endpoints() {
  if (!endpoints_) {
    endpoints_ = settings_.endpoints();
  }
  return *endpoints_;
}

std::shared_ptr<Transport> Services::transport() {
  if (!transport_) {
    host_.interruption();  // before any thread of the transport exists, so that none of them gets signals
    TransportOptions options = TransportOptions::from_environment();
    options.ca_bundle = endpoints().ca_bundle;
    if (!moves_files_) {
      options.threads = 1;  // there is one request at a time
    }
    transport_ =
        with_wait_notices(std::make_shared<InterruptibleTransport>(host_.make_transport(options)), host_.io, options_);
    if (options_.dry_run) {
      dry_run_ = std::make_shared<DryRunTransport>(transport_, host_.io.out);
      transport_ = dry_run_;
    }
  }
  return transport_;
}

ClientOptions Services::client_options() {
  ClientOptions options{.transport = transport(),
                        .clock = with_wait_notices(host_.clock, host_.io, options_),
                        .application = "batchai-cli"};
  if (options_.verbose) {
    options.log = make_log(host_.io);
    options.log_level = options_.debug ? LogLevel::Debug : LogLevel::Info;  // requests for --debug only
  }
  return options;
}

std::shared_ptr<TokenCredential> Services::credential_of(const Identity& identity) {
  CredentialOptions options{.authority = endpoints().authority, .client = client_options()};
  if (const ConfigPaths* paths = options_.dry_run ? nullptr : settings_.find_paths()) {
    options.token_cache_file = paths->token_cache;
  }
  return make_credential(identity, options, settings_.environment());
}

std::shared_ptr<TokenCredential> Services::credential() {
  if (!credential_) {
    credential_ = credential_of(settings_.identity());
  }
  return credential_;
}

std::string Services::subscription() {
  if (!subscription_) {
    subscription_ = settings_.subscription(std::nullopt);
  }
  return *subscription_;
}

void Services::use_subscription(const std::string& id) {
  if (subscription_ != id) {
    subscription_ = id;
    batchai_.reset();
    arm_.reset();
  }
}

const Client& Services::batchai() {
  if (!batchai_) {
    batchai_ = std::make_unique<Client>(
        credential(), subscription(),
        ManagementOptions{endpoints().resource_manager, endpoints().audience, client_options()});
  }
  return *batchai_;
}

const ArmClient& Services::arm() {
  if (!arm_) {
    arm_ = std::make_unique<ArmClient>(
        credential(), subscription(),
        ManagementOptions{endpoints().resource_manager, endpoints().audience, client_options()});
  }
  return *arm_;
}

}  // namespace batchai::cli

#include "server/scheduling/operation_retention.hpp"

#include <exception>
#include <utility>
#include <vector>

namespace batchai::server {

namespace {

constexpr std::size_t kPage = 200;
constexpr std::chrono::minutes kPause{10};

}  // namespace

OperationPruner::OperationPruner(Store& store, const Clock& clock, const OperationRetention& retention,
                                 std::function<void(const std::string&)> report)
    : store_(store), clock_(clock), retention_(retention), report_(std::move(report)) {}

std::size_t OperationPruner::prune(const std::stop_token& token) { return prune_old(token) + prune_surplus(token); }

// An operation that has ended stays ended, so that a later write may erase what a read has found.
std::size_t OperationPruner::walk(const Judge& judge, const std::stop_token& token) {
  std::size_t erased = 0;
  std::int64_t after = 0;
  bool more = true;
  while (more && !token.stop_requested()) {
    std::vector<Document> page;
    store_.read([&](Transaction& transaction) { page = transaction.list(kOperationKind, {}, after, kPage); });
    more = page.size() == kPage;
    std::vector<std::string> keys;
    for (const auto& document : page) {
      after = document.sequence;
      const Verdict verdict = judge(operation_of(document));
      if (verdict == Verdict::Stop) {
        more = false;
        break;
      }
      if (verdict == Verdict::Erase) {
        keys.push_back(document.key);
      }
    }
    if (!keys.empty()) {
      store_.write([&](Transaction& transaction) {
        for (const auto& key : keys) {
          transaction.erase(key);
        }
      });
      erased += keys.size();
    }
  }
  return erased;
}

std::size_t OperationPruner::prune_old(const std::stop_token& token) {
  const Timestamp limit = clock_.now() - retention_.keep;
  return walk(
      [limit](const OperationRecord& record) {
        if (record.ended && *record.ended < limit) {
          return Verdict::Erase;
        }
        // Nothing ends before it starts, and the later ones started later.
        return record.started < limit ? Verdict::Keep : Verdict::Stop;
      },
      token);
}

std::size_t OperationPruner::prune_surplus(const std::stop_token& token) {
  std::int64_t surplus = 0;
  store_.read([&](Transaction& transaction) { surplus = transaction.count(kOperationKind) - retention_.most; });
  if (surplus <= 0) {
    return 0;
  }
  return walk(
      [&surplus](const OperationRecord& record) {
        if (surplus == 0) {
          return Verdict::Stop;
        }
        surplus -= record.done() ? 1 : 0;
        return record.done() ? Verdict::Erase : Verdict::Keep;
      },
      token);
}

void OperationPruner::start() {
  thread_ = std::jthread([this](const std::stop_token& token) { run(token); });
}

void OperationPruner::stop() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void OperationPruner::run(const std::stop_token& token) {
  while (!token.stop_requested()) {
    try {
      prune(token);
    } catch (const std::exception& error) {
      report_("Old operations could not be taken away, which will be tried again: " + std::string(error.what()));
    }
    std::unique_lock lock(mutex_);
    waiting_.wait_for(lock, token, kPause, [] { return false; });
  }
}

}  // namespace batchai::server

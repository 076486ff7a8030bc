#include "server/http/awaited_changes.hpp"

#include <utility>
#include <vector>

namespace batchai::server {

class AwaitedChanges::Awaited final : public AwaitedChange {
 public:
  Awaited(AwaitedChanges& owner, const std::string& key) : owner_(owner), entry_(owner.awaited_.emplace(key, this)) {}
  ~Awaited() override {
    const std::lock_guard lock(owner_.mutex_);
    owner_.awaited_.erase(entry_);
  }
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;

  void on_change(std::function<void()> wake) override {
    {
      const std::lock_guard lock(owner_.mutex_);
      if (!has_come_) {
        wake_ = std::move(wake);
        return;
      }
    }
    wake();
  }

  /// What is to be called. Called with the lock.
  std::function<void()> come() {
    has_come_ = true;
    return std::exchange(wake_, nullptr);
  }

 private:
  AwaitedChanges& owner_;
  std::multimap<std::string, Awaited*>::iterator entry_;
  bool has_come_ = false;
  std::function<void()> wake_;
};

std::shared_ptr<AwaitedChange> AwaitedChanges::next(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return awaited_.size() < most_ ? std::make_shared<Awaited>(*this, key) : nullptr;
}

void AwaitedChanges::note(const std::string& key) {
  std::vector<std::function<void()>> calls;
  {
    const std::lock_guard lock(mutex_);
    const auto [begin, end] = awaited_.equal_range(key);
    for (auto entry = begin; entry != end; ++entry) {
      if (auto wake = entry->second->come()) {
        calls.push_back(std::move(wake));
      }
    }
  }
  // Outside the lock: they may end what awaits.
  for (const auto& wake : calls) {
    wake();
  }
}

std::size_t AwaitedChanges::size() const {
  const std::lock_guard lock(mutex_);
  return awaited_.size();
}

}  // namespace batchai::server

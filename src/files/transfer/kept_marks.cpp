#include "files/transfer/kept_marks.hpp"

namespace batchai::inline v1::files {

bool KeptMarks::asks(const std::string& service) {
  const std::lock_guard lock(mutex_);
  return worth_asking_ && kept_.try_emplace(service, false).second;
}

void KeptMarks::note_kept(const std::string& service) {
  const std::lock_guard lock(mutex_);
  kept_[service] = true;
}

bool KeptMarks::are_kept(const std::string& service) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(service);
  return found != kept_.end() && found->second;
}

}  // namespace batchai::inline v1::files

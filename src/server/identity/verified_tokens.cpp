#include "server/identity/verified_tokens.hpp"

namespace batchai::server {

std::shared_ptr<const TokenClaims> VerifiedTokens::find(const std::string& digest) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(digest);
  return found == known_.end() ? nullptr : found->second;
}

void VerifiedTokens::add(const std::string& digest, std::shared_ptr<const TokenClaims> claims) {
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMost) {
    known_.clear();
  }
  known_.insert_or_assign(digest, std::move(claims));
}

std::size_t VerifiedTokens::size() const {
  const std::lock_guard lock(mutex_);
  return known_.size();
}

}  // namespace batchai::server

#pragma once

#include "batchai/core/clock.hpp"
#include "server/records/store.hpp"
#include "server/store/sqlite.hpp"

#include <memory>

namespace batchai::server::sqlite {

/// Reads and writes documents over an open transaction of `connection`.
class DocumentTransaction final : public Transaction {
 public:
  /// Without a clock it only reads.
  DocumentTransaction(Connection& connection, const Clock* clock) : connection_(connection), clock_(clock) {}

  std::optional<Document> get(std::string_view key) override;
  Document put(Document document) override;
  bool erase(std::string_view key) override;
  std::vector<Document> list(std::string_view kind, std::optional<std::string_view> parent, std::int64_t after_sequence,
                             std::size_t limit) override;
  std::int64_t count(std::string_view kind) override;

 private:
  void require_writable() const;
  Timestamp next_change();

  Connection& connection_;
  const Clock* clock_;
};

}  // namespace batchai::server::sqlite

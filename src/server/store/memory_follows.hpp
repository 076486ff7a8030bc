#pragma once

#include "server/records/active_jobs.hpp"
#include "server/store/group_transaction.hpp"
#include "server/store/sqlite_transaction.hpp"

#include <cstddef>

namespace batchai::server::sqlite {

/// Lets what is kept in memory beside the database follow what becomes of the writes to it.
class MemoryFollows final : public WriteEvents {
 public:
  /// `writer` is the connection of the groups. Both outlive it.
  MemoryFollows(Connection& writer, const WriteState& state) : writer_(writer), state_(state) {}

  void begun() override { mark_ = state_.active_jobs.mark(); }
  void undone() override { undo_to(mark_); }
  void committing() override { state_.times.save(writer_); }
  void committed() override { state_.active_jobs.keep(); }
  void failed() override { undo_to(0); }

 private:
  void undo_to(std::size_t mark) {
    state_.active_jobs.undo_to(mark);
    state_.parsed.clear();
  }

  Connection& writer_;
  const WriteState& state_;
  std::size_t mark_ = 0;
};

}  // namespace batchai::server::sqlite

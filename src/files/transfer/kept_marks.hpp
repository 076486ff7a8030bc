#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace batchai::inline v1::files {

/// Of which services a run knows that they keep the mark of a file without content (see may_lack_content()), and take
/// it away when the content is written. One small file of the run finds it out; services are named by their origin.
/// Thread-safe.
class KeptMarks {
 public:
  /// How many files the run has: for a single one there is nothing to be found out.
  void expect(std::size_t files) { worth_asking_ = files > 1; }
  /// Whether the caller is to find it out: true at most once for each service.
  bool asks(const std::string& service);
  /// The caller has found that marks are kept, and taken away.
  void note_kept(const std::string& service);
  bool are_kept(const std::string& service) const;

 private:
  bool worth_asking_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, bool> kept_;
};

}  // namespace batchai::inline v1::files

#include "server/store/sqlite_store.hpp"
#include "support/temporary_folder.hpp"

#include <memory>
#include <string>

#include <benchmark/benchmark.h>

/// Reads and durable writes of the store, over the number of documents in it.
namespace batchai::server::bench {
namespace {

constexpr const char* kParent = "/workspaces/w/experiments/e";

std::string key_of(std::int64_t number) { return kParent + ("/jobs/j" + std::to_string(number)); }

/// As large as a usual job.
Document job(std::int64_t number) {
  return {.key = key_of(number),
          .kind = "job",
          .parent = kParent,
          .body = {{"id", key_of(number)},
                   {"name", "j" + std::to_string(number)},
                   {"properties", {{"executionState", "queued"}, {"commandLine", std::string(1200, 'x')}}}},
          .hidden = {{"parameters", {{"commandLine", std::string(600, 'x')}}}}};
}

/// A store that holds as many jobs as the benchmark says. The last one stays for the next benchmark of that size.
class Filled {
 public:
  static Filled& with(std::int64_t count) {
    static std::unique_ptr<Filled> last;
    if (!last || last->count_ != count) {
      last.reset();
      last.reset(new Filled(count));
    }
    return *last;
  }

  SqliteStore& store() { return store_; }
  /// The number of one of the jobs, always another one.
  std::int64_t any() { return next_ = (next_ * 7919 + 1) % count_; }

 private:
  explicit Filled(std::int64_t count) : count_(count) {
    store_.write([&](Transaction& transaction) {
      for (std::int64_t i = 0; i < count; ++i) {
        transaction.put(job(i));
      }
    });
  }

  std::int64_t count_;
  std::int64_t next_ = 0;
  batchai::test::TemporaryFolder folder_;
  SqliteStore store_{folder_ / "batchai.db", system_clock()};
};

void put(benchmark::State& state) {
  Filled& filled = Filled::with(state.range(0));
  for (auto each : state) {
    filled.store().write([&](Transaction& transaction) { transaction.put(job(filled.any())); });
  }
  state.SetComplexityN(state.range(0));
}

void get(benchmark::State& state) {
  Filled& filled = Filled::with(state.range(0));
  for (auto each : state) {
    filled.store().read(
        [&](Transaction& transaction) { benchmark::DoNotOptimize(transaction.get(key_of(filled.any()))); });
  }
  state.SetComplexityN(state.range(0));
}

void list_page(benchmark::State& state) {
  Filled& filled = Filled::with(state.range(0));
  for (auto each : state) {
    filled.store().read([&](Transaction& transaction) {
      benchmark::DoNotOptimize(transaction.list("job", kParent, state.range(0) / 2, 100));
    });
  }
  state.SetComplexityN(state.range(0));
}

void count_kind(benchmark::State& state) {
  Filled& filled = Filled::with(state.range(0));
  for (auto each : state) {
    filled.store().read([](Transaction& transaction) { benchmark::DoNotOptimize(transaction.count("job")); });
  }
  state.SetComplexityN(state.range(0));
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(10)->Range(100, 100'000)->Complexity()->UseRealTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK(put)->Apply(sizes);
BENCHMARK(get)->Apply(sizes);
BENCHMARK(list_page)->Apply(sizes);
BENCHMARK(count_kind)->Apply(sizes);

}  // namespace
}  // namespace batchai::server::bench

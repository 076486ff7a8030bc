#include "server/store/sqlite.hpp"
#include "server/store/sqlite_store.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>

/// Reads and durable writes of the store, over the number of documents in it, and the same of bare SQLite.
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

/// A database with as many jobs. The last one stays for the next benchmark of that size.
template <class Filled>
Filled& filled_with(std::int64_t count) {
  static std::unique_ptr<Filled> last;
  if (!last || last->count() != count) {
    last.reset();
    last = std::make_unique<Filled>(count);
  }
  return *last;
}

/// The numbers of the jobs in a database.
class Numbers {
 public:
  explicit Numbers(std::int64_t count) : count_(count) {}
  std::int64_t count() const { return count_; }
  /// One of them, always another one.
  std::int64_t any() { return next_ = (next_ * 7919 + 1) % count_; }

 private:
  std::int64_t count_;
  std::int64_t next_ = 0;
};

class FilledStore : public Numbers {
 public:
  explicit FilledStore(std::int64_t count) : Numbers(count) {
    store_.write([&](Transaction& transaction) {
      for (std::int64_t i = 0; i < count; ++i) {
        transaction.put(job(i));
      }
    });
  }

  SqliteStore& store() { return store_; }

 private:
  batchai::test::TemporaryFolder folder_;
  SqliteStore store_{folder_ / "batchai.db", system_clock()};
};

/// The same texts in a table of bare SQLite, with the store's settings.
class FilledTable : public Numbers {
 public:
  explicit FilledTable(std::int64_t count) : Numbers(count) {
    database_.execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN;"
        "CREATE TABLE t (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL)");
    for (std::int64_t i = 0; i < count; ++i) {
      put(i);
    }
    database_.execute("COMMIT");
  }

  /// Something else each time: SQLite writes nothing where nothing changes.
  void put(std::int64_t number) {
    const Document document = job(number);
    sqlite::Statement(database_, "INSERT INTO t (key, body) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = ?2")
        .bind(1, document.key)
        .bind(2, std::to_string(1'000'000'000 + ++puts_) + document.body.dump() + document.hidden.dump())
        .step();
  }
  std::string get(std::int64_t number) {
    sqlite::Statement row(database_, "SELECT body FROM t WHERE key = ?1");
    row.bind(1, key_of(number)).step();
    return row.text(0);
  }
  std::vector<std::string> list(std::int64_t after) {
    sqlite::Statement row(database_, "SELECT body FROM t WHERE n > ?1 ORDER BY n LIMIT 100");
    row.bind(1, after);
    std::vector<std::string> bodies;
    while (row.step()) {
      bodies.push_back(row.text(0));
    }
    return bodies;
  }

 private:
  static std::filesystem::path made(const std::filesystem::path& file) {
    std::ofstream(file).close();
    return file;
  }

  batchai::test::TemporaryFolder folder_;
  sqlite::Connection database_{made(folder_ / "bare.db")};
  std::int64_t puts_ = 0;
};

void put(benchmark::State& state) {
  auto& filled = filled_with<FilledStore>(state.range(0));
  for (auto each : state) {
    filled.store().write([&](Transaction& transaction) { transaction.put(job(filled.any())); });
  }
  state.SetComplexityN(state.range(0));
}

void get(benchmark::State& state) {
  auto& filled = filled_with<FilledStore>(state.range(0));
  for (auto each : state) {
    filled.store().read(
        [&](Transaction& transaction) { benchmark::DoNotOptimize(transaction.text(key_of(filled.any()))); });
  }
  state.SetComplexityN(state.range(0));
}

void list_page(benchmark::State& state) {
  auto& filled = filled_with<FilledStore>(state.range(0));
  for (auto each : state) {
    filled.store().read([&](Transaction& transaction) {
      benchmark::DoNotOptimize(transaction.list_texts("job", kParent, state.range(0) / 2, 100));
    });
  }
  state.SetComplexityN(state.range(0));
}

void count_kind(benchmark::State& state) {
  auto& filled = filled_with<FilledStore>(state.range(0));
  for (auto each : state) {
    filled.store().read([](Transaction& transaction) { benchmark::DoNotOptimize(transaction.count("job")); });
  }
  state.SetComplexityN(state.range(0));
}

void bare_put(benchmark::State& state) {
  auto& filled = filled_with<FilledTable>(state.range(0));
  for (auto each : state) {
    filled.put(filled.any());
  }
  state.SetComplexityN(state.range(0));
}

void bare_get(benchmark::State& state) {
  auto& filled = filled_with<FilledTable>(state.range(0));
  for (auto each : state) {
    benchmark::DoNotOptimize(filled.get(filled.any()));
  }
  state.SetComplexityN(state.range(0));
}

void bare_list_page(benchmark::State& state) {
  auto& filled = filled_with<FilledTable>(state.range(0));
  for (auto each : state) {
    benchmark::DoNotOptimize(filled.list(state.range(0) / 2));
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
BENCHMARK(bare_put)->Apply(sizes);
BENCHMARK(bare_get)->Apply(sizes);
BENCHMARK(bare_list_page)->Apply(sizes);

}  // namespace
}  // namespace batchai::server::bench

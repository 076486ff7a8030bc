#include "server/store/sqlite_store.hpp"
#include "support/service_fixture.hpp"

#include <memory>
#include <string>

#include <benchmark/benchmark.h>

/// Passes of the reconciler over a real store and an engine that runs nothing, over the number of waiting jobs.
namespace batchai::server::bench {
namespace {

constexpr const char* kTemplate = "template-job";

std::string replaced(std::string text, const std::string& name) {
  for (auto at = text.find(kTemplate); at != std::string::npos; at = text.find(kTemplate, at + name.size())) {
    text.replace(at, std::string_view(kTemplate).size(), name);
  }
  return text;
}

Document renamed(const Document& document, const std::string& name) {
  Document copy = document;
  copy.key = replaced(document.key, name);
  copy.body = nlohmann::json::parse(replaced(document.body.dump(), name));
  return copy;
}

/// A service with one cluster, for which as many jobs wait as the benchmark says.
class Waiting {
 public:
  Waiting(std::int64_t count, const nlohmann::json& scale) {
    fixture_.limits.active_jobs = limits_.active_jobs;
    fixture_.create_cluster("c", scale);
    fixture_.create_job(kTemplate, fixture_.job_body());
    copy_template(count - 1);
    fixture_.restart();
    fixture_.settle();
  }

  test::ServiceFixture& fixture() { return fixture_; }

  void submit() {
    const auto body = read_body<JobCreateParameters>(fixture_.job_body().dump());
    jobs_.create({fixture_.exp, "more-" + std::to_string(++submitted_)}, body);
  }

 private:
  // Submitting each of them would take longer than what is measured.
  void copy_template(std::int64_t count) {
    store_.write([&](Transaction& transaction) {
      std::vector<Document> documents;
      for (const char* kind : {"job", "activeJob"}) {
        const auto found = transaction.list(kind);
        documents.insert(documents.end(), found.begin(), found.end());
      }
      for (std::int64_t i = 0; i < count; ++i) {
        for (const auto& document : documents) {
          transaction.put(renamed(document, "copy-" + std::to_string(i)));
        }
      }
    });
  }

  static UsageLimits generous() {
    UsageLimits limits;
    limits.active_jobs = 10'000'000;
    return limits;
  }

  batchai::test::TemporaryFolder folder_;
  SqliteStore store_{folder_ / "batchai.db", system_clock()};
  test::ServiceFixture fixture_{&store_};
  UsageLimits limits_ = generous();
  Jobs jobs_{RulesContext{.store = store_, .clock = fixture_.clock, .limits = limits_}, "127.0.0.1"};
  int submitted_ = 0;
};

/// Nothing has changed since the last pass.
void idle_pass(benchmark::State& state) {
  Waiting waiting(state.range(0), test::ServiceFixture::manual(0));
  for (auto each : state) {
    waiting.fixture().reconciler->reconcile_once();
  }
  state.SetComplexityN(state.range(0));
}

/// One more job is submitted, and the pass after it.
void submission(benchmark::State& state) {
  Waiting waiting(state.range(0), test::ServiceFixture::manual(0));
  for (auto each : state) {
    waiting.submit();
    waiting.fixture().settle();
  }
  state.SetComplexityN(state.range(0));
}

/// The job on the cluster's only node ends, and the next one gets the node.
void next_job(benchmark::State& state) {
  Waiting waiting(state.range(0), test::ServiceFixture::manual(1));
  auto& fixture = waiting.fixture();
  for (auto each : state) {
    fixture.engine.end(fixture.engine.going().at(0), {.kind = RunOutcome::Kind::Exited, .exit_code = 0});
    fixture.settle();
  }
  state.SetComplexityN(state.range(0));
}

/// A cluster that would grow if it might: all jobs behind the first one count for its size.
void autoscale_pass(benchmark::State& state) {
  Waiting waiting(state.range(0), test::ServiceFixture::auto_scale(0, 1));
  for (auto each : state) {
    waiting.fixture().reconciler->reconcile_once();
  }
  state.SetComplexityN(state.range(0));
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(10)->Range(100, 100'000)->Complexity()->UseRealTime()->Unit(benchmark::kMillisecond);
}

// Jobs are added and used up: few rounds, so that as many wait as the benchmark says.
void sizes_that_change(benchmark::internal::Benchmark* benchmark) {
  benchmark->Apply(sizes);
  benchmark->Iterations(10);
}

BENCHMARK(idle_pass)->Apply(sizes);
BENCHMARK(submission)->Apply(sizes_that_change);
BENCHMARK(next_job)->Apply(sizes_that_change);
BENCHMARK(autoscale_pass)->Apply(sizes);

}  // namespace
}  // namespace batchai::server::bench

#include "server/monitoring/metrics.hpp"

#include "support/exposition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using batchai::test::Exposition;

void count(Metrics& metrics, const std::string& method, int status, std::chrono::microseconds time) {
  const Request request{.method = method};
  const std::string principal;
  metrics.count_request("files", {.request = request,
                                  .status = status,
                                  .principal = principal,
                                  .received_bytes = 10,
                                  .sent_bytes = 100,
                                  .handling_time = time});
}

TEST(Metrics, CountRequestsByFaceMethodAndStatus) {
  Metrics metrics;
  count(metrics, "GET", 200, std::chrono::microseconds(700));
  count(metrics, "GET", 200, std::chrono::milliseconds(3));
  count(metrics, "PUT", 404, std::chrono::seconds(20));
  const Exposition shown(metrics.text({}));
  EXPECT_EQ(shown.value("batchai_http_requests_total", {{"api", "files"}, {"method", "GET"}, {"status", "200"}}), 2);
  EXPECT_EQ(shown.value("batchai_http_requests_total", {{"api", "files"}, {"method", "PUT"}, {"status", "404"}}), 1);
  EXPECT_EQ(shown.value("batchai_http_received_bytes_total", {{"api", "files"}}), 30);
  EXPECT_EQ(shown.value("batchai_http_sent_bytes_total", {{"api", "files"}}), 300);
  const std::string histogram = "batchai_http_request_duration_seconds";
  EXPECT_EQ(shown.types().at(histogram), "histogram");
  EXPECT_EQ(shown.value(histogram + "_count", {{"api", "files"}}), 3);
  EXPECT_EQ(shown.value(histogram + "_bucket", {{"api", "files"}, {"le", "0.001"}}), 1);
  EXPECT_EQ(shown.value(histogram + "_bucket", {{"api", "files"}, {"le", "0.005"}}), 2);
  EXPECT_EQ(shown.value(histogram + "_bucket", {{"api", "files"}, {"le", "10"}}), 2);
}

TEST(Metrics, LetNoPeerMakeSeriesAtWill) {
  Metrics metrics;
  for (int i = 0; i < 50; ++i) {
    count(metrics, "VERB" + std::to_string(i), 405, {});
  }
  const Exposition shown(metrics.text({}));
  EXPECT_EQ(shown.value("batchai_http_requests_total", {{"api", "files"}, {"method", "other"}, {"status", "405"}}), 50);
}

TEST(Metrics, ShowFiguresWithOddLabels) {
  const Exposition shown(
      Metrics().text({{"batchai_odd", "Help.", Metric::Kind::Gauge, {{{{"a", "q\"b\\s\nn"}}, 1.5}}}}));
  EXPECT_EQ(shown.value("batchai_odd", {{"a", R"(q\"b\\s\nn)"}}), 1.5);
  EXPECT_EQ(shown.types().at("batchai_odd"), "gauge");
}

TEST(Metrics, ShowJobEndsAndStoreErrorsBeforeTheFirstOne) {
  Metrics metrics;
  metrics.count_job_end("failed");
  metrics.count_store_error();
  metrics.count_store_write(std::chrono::milliseconds(2));
  const Exposition shown(metrics.text({}));
  EXPECT_EQ(shown.value("batchai_jobs_ended_total", {{"state", "failed"}}), 1);
  EXPECT_EQ(shown.value("batchai_jobs_ended_total", {{"state", "succeeded"}}), 0);
  EXPECT_EQ(shown.value("batchai_store_errors_total"), 1);
  EXPECT_EQ(shown.value("batchai_store_write_duration_seconds_count"), 1);
}

TEST(Metrics, ShowTheProcess) {
  const Exposition shown(Metrics().text(process_metrics()));
  EXPECT_GT(shown.value("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(shown.value("process_open_fds"), 2);
  EXPECT_GE(shown.value("process_max_fds"), shown.value("process_open_fds"));
  EXPECT_GE(shown.value("process_cpu_seconds_total"), 0);
  EXPECT_GE(shown.value("process_threads"), 1);
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_LE(shown.value("process_start_time_seconds"), now + 1);
  EXPECT_GT(shown.value("process_start_time_seconds"), now - 3600);
}

}  // namespace
}  // namespace batchai::server::test

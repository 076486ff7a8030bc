#include "e2e/server_test.hpp"
#include "e2e/service.hpp"

#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

class Durability : public ServerTest {
 protected:
  /// Puts groups until the service is gone; names those that were acknowledged.
  void write_until_it_dies(const std::string& token, const std::string& prefix) {
    for (int i = 0;; ++i) {
      const std::string name = prefix + std::to_string(i);
      try {
        if (put_group(token, name).status != 201) {
          ADD_FAILURE() << name << " was refused";
          return;
        }
      } catch (const std::exception&) {
        return;
      }
      const std::lock_guard lock(mutex_);
      acknowledged_.push_back(name);
    }
  }

  std::size_t acknowledged() {
    const std::lock_guard lock(mutex_);
    return acknowledged_.size();
  }

  void write_and_kill(int round) {
    const std::string access = token();
    const std::size_t before = acknowledged();
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 3; ++writer) {
      writers.emplace_back([this, access, prefix = "g" + std::to_string(round) + "-" + std::to_string(writer) + "-"] {
        write_until_it_dies(access, prefix);
      });
    }
    eventually("some writes are acknowledged", [&] { return acknowledged() >= before + 20; });
    kill();
    for (auto& writer : writers) {
      writer.join();
    }
  }

  std::mutex mutex_;
  std::vector<std::string> acknowledged_;
};

TEST_F(Durability, LosesNothingAcknowledgedWhenKilledDuringWrites) {
  for (int round = 0; round < 4; ++round) {
    start();
    write_and_kill(round);
  }
  start();
  const std::string access = token();
  for (const std::string& name : acknowledged_) {
    EXPECT_EQ(get_group(access, name).status, 200) << name;
  }
  EXPECT_EQ(stop().exit_code, 0);
}

TEST_F(Durability, TellsOfAFullDiskAndGoesOnWhenThereIsRoom) {
  if (run_process({"unshare", "-rm", "true"}).exit_code != 0) {
    GTEST_SKIP() << "needs user namespaces, for a small disk of its own";
  }
  std::filesystem::create_directory(data_);
  start({}, {"unshare", "-rm", "sh", "-c",
             "mount -t tmpfs -o size=4m tmpfs \"$0\" && touch \"$0/mounted\" && exec \"$@\"", data_.string()});
  const std::string access = token();
  ASSERT_EQ(put_group(access, "before").status, 201);
  const auto filler = data() / "filler";
  {
    std::ofstream file(filler, std::ios::binary);
    while (file << std::string(4096, 'x') && file.flush()) {
    }
  }
  eventually("writes are refused",
             [&, number = 0]() mutable { return put_group(access, "full" + std::to_string(number++)).status == 500; });
  EXPECT_EQ(get_group(access, "before").status, 200) << "reads go on";
  eventually("it says so", [&] { return get("/healthz").status == 503; });
  EXPECT_THAT(get("/healthz").body, HasSubstr("no space is left"));
  std::filesystem::remove(filler);
  EXPECT_EQ(put_group(access, "after").status, 201);
  eventually("it is well again", [&] { return get("/healthz").status == 200; });
}

TEST_F(Durability, AcknowledgesNothingOnceTheDatabaseIsRemovedAndSavesWhatItHeld) {
  start();
  const std::string access = token();
  ASSERT_EQ(put_group(access, "before").status, 201);
  std::filesystem::remove(data_ / "batchai.db");
  EXPECT_EQ(put_group(access, "after").status, 500);
  eventually("it says so", [&] { return get("/healthz").status == 503; });
  EXPECT_THAT(get("/healthz").body, HasSubstr("batchai.db has been removed"));
  EXPECT_EQ(stop().exit_code, 0);

  const ProcessResult refused = run(command());
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("batchai.db is missing"));
  EXPECT_THAT(refused.err, HasSubstr("batchai.db.rescued"));
  for (const char* name : {"batchai.db-wal", "batchai.db-shm"}) {
    std::filesystem::remove(data_ / name);
  }
  std::filesystem::rename(data_ / "batchai.db.rescued", data_ / "batchai.db");
  start();
  EXPECT_EQ(get_group(token(), "before").status, 200);
}

TEST_F(Durability, BeginsAnewOnlyWhenToldToAndFindsTheSharesAgain) {
  start();
  const nlohmann::json first = endpoints();
  std::filesystem::create_directories(data_ / "files" / first.at("storageAccount") / "share");
  EXPECT_EQ(stop().exit_code, 0);
  std::ofstream(data_ / "batchai.db", std::ios::trunc);
  const ProcessResult refused = run(command());
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("batchai.db is empty"));
  EXPECT_EQ(std::filesystem::file_size(data_ / "batchai.db"), 0U);

  start({"--new-database"});
  const nlohmann::json second = endpoints();
  for (const char* name : {"tenantId", "subscriptionId", "storageAccount"}) {
    EXPECT_EQ(second.at(name), first.at(name));
  }
  const auto shares =
      get("/subscriptions/" + second.at("subscriptionId").get<std::string>() +
              "/resourceGroups/batchaiautostorage/providers/Microsoft.Storage/storageAccounts/" +
              second.at("storageAccount").get<std::string>() + "/fileServices/default/shares?api-version=2022-09-01",
          {{"Authorization", "Bearer " + token()}});
  EXPECT_THAT(shares.body, HasSubstr("\"name\":\"share\""));
}

TEST_F(Durability, KeepsTheAccountThatItCameWith) {
  start();
  const auto remove = [&] {
    return send("DELETE",
                "/subscriptions/" + endpoints().at("subscriptionId").get<std::string>() +
                    "/resourcegroups/batchaiautostorage?api-version=2021-04-01",
                {{"Authorization", "Bearer " + token()}});
  };
  EXPECT_EQ(remove().status, 409);
  EXPECT_THAT(remove().body, HasSubstr("ScopeLocked"));
  EXPECT_EQ(stop().exit_code, 0);
  start();
  EXPECT_EQ(remove().status, 409);
}

}  // namespace
}  // namespace batchai::test

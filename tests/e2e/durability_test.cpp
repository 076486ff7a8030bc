#include "e2e/server_test.hpp"
#include "e2e/service.hpp"

#include <atomic>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

/// A disk of 4 MiB at `folder` for processes that are started inside(); there as long as the object.
class SmallDisk {
 public:
  /// Whether this user may make one.
  static bool is_allowed() { return run_process({"unshare", "-rm", "true"}).exit_code == 0; }

  explicit SmallDisk(const std::filesystem::path& folder)
      : holder_({"unshare", "-rm", "sh", "-c",
                 "mount -t tmpfs -o size=4m,mode=700 tmpfs \"$0\" && touch \"$0/mounted\" && exec tail -f /dev/null",
                 folder.string()}),
        place_("/proc/" + std::to_string(holder_.pid()) + "/root" + folder.string()) {
    eventually("the disk is there", [this] { return std::filesystem::remove(place_ / "mounted"); });
  }

  /// What is put in front of a command.
  std::vector<std::string> inside() const {
    return {"nsenter", "--preserve-credentials", "-U", "-m", "-t", std::to_string(holder_.pid())};
  }
  /// Its folder as it can be seen from here.
  const std::filesystem::path& place() const { return place_; }

  void fill() const {
    std::ofstream file(place_ / "filler", std::ios::binary | std::ios::app);
    while (file << std::string(4096, 'x') && file.flush()) {
    }
  }
  void make_room() const { std::filesystem::remove(place_ / "filler"); }

 private:
  Process holder_;
  std::filesystem::path place_;
};

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

/// Gives the database a page that belongs to nothing: damage that only a look at all of it finds.
void damage(const std::filesystem::path& database) {
  constexpr std::streamoff kPageCount = 28;
  constexpr std::size_t kPageSize = 4096;
  const auto pages = static_cast<std::uint32_t>(std::filesystem::file_size(database) / kPageSize + 1);
  std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(kPageCount);
  for (int shift = 24; shift >= 0; shift -= 8) {
    file.put(static_cast<char>(pages >> shift));
  }
  file.seekp(0, std::ios::end);
  file << std::string(kPageSize, '\0');
}

TEST_F(Durability, TellsOfDamageThatIsFoundWhileTheServiceRuns) {
  start();
  const std::string access = token();
  ASSERT_EQ(put_group(access, "before").status, 201);
  EXPECT_EQ(stop().exit_code, 0);
  const ProcessResult sound = run(command({"--check"}));
  EXPECT_EQ(sound.exit_code, 0);
  EXPECT_THAT(sound.out, HasSubstr("batchai.db is sound"));

  damage(data_ / "batchai.db");
  const ProcessResult damaged = run(command({"--check"}));
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.err, HasSubstr("batchai.db is damaged"));
  start();
  eventually("it says so", [&] { return get("/healthz").status == 503; });
  EXPECT_THAT(get("/healthz").body, HasSubstr("is damaged"));
  EXPECT_EQ(get_group(token(), "before").status, 200) << "what can be read is";
  EXPECT_THAT(stop().err, HasSubstr("batchai.db is damaged"));
}

class FullDisk : public Durability {
 protected:
  void SetUp() override {
    if (!SmallDisk::is_allowed()) {
      GTEST_SKIP() << "needs user namespaces, for a small disk of its own";
    }
    std::filesystem::create_directory(data_);
    disk_.emplace(data_);
  }

  void expect_refused_writes(const std::string& token) {
    eventually("writes are refused",
               [&, number = 0]() mutable { return put_group(token, "full" + std::to_string(number++)).status == 500; });
  }

  /// Fills the disk for the time of a start.
  void expect_no_start() const {
    disk_->fill();
    const ProcessResult refused = run(disk_->inside() + command());
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("no space is left"));
    disk_->make_room();
  }

  std::optional<SmallDisk> disk_;
};

TEST_F(FullDisk, IsToldAndGoesOnBeingUsedWhenThereIsRoom) {
  start({}, disk_->inside());
  const std::string access = token();
  ASSERT_EQ(put_group(access, "before").status, 201);
  disk_->fill();
  expect_refused_writes(access);
  EXPECT_EQ(get_group(access, "before").status, 200) << "reads go on";
  eventually("it says so", [&] { return get("/healthz").status == 503; });
  EXPECT_THAT(get("/healthz").body, HasSubstr("no space is left"));
  disk_->make_room();
  EXPECT_EQ(put_group(access, "after").status, 201);
  eventually("it is well again", [&] { return get("/healthz").status == 200; });
}

TEST_F(FullDisk, LetsTheServiceStartAndAnswerReads) {
  start({}, disk_->inside());
  ASSERT_EQ(put_group(token(), "before").status, 201);
  EXPECT_EQ(stop().exit_code, 0);
  disk_->fill();
  start({}, disk_->inside());
  const std::string access = token();
  EXPECT_EQ(get_group(access, "before").status, 200);
  disk_->fill();
  expect_refused_writes(access);
  EXPECT_THAT(stop().err, HasSubstr("the next start may fail"));
  disk_->make_room();
  start({}, disk_->inside());
  EXPECT_EQ(put_group(token(), "after").status, 201);
}

TEST_F(FullDisk, IsNamedWhereTheServiceCannotStart) {
  expect_no_start();
  start({}, disk_->inside());
  EXPECT_EQ(stop().exit_code, 0);
  std::filesystem::remove(disk_->place() / "reserve");
  expect_no_start();
  start({}, disk_->inside());
  EXPECT_EQ(put_group(token(), "after").status, 201);
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

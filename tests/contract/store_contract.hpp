#pragma once

#include "server/records/active_jobs.hpp"
#include "server/records/store.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace batchai::server::test {

/// What every Store promises. `Maker` is default-constructible and has `std::unique_ptr<Store> make()`.
template <class Maker>
class StoreContract : public ::testing::Test {
 protected:
  Document put(const std::string& key, const std::string& kind = "thing", const std::string& parent = "",
               nlohmann::json body = nlohmann::json::object()) {
    Document stored;
    store_->write([&](Transaction& transaction) {
      stored = transaction.put({.key = key, .kind = kind, .parent = parent, .body = std::move(body)});
    });
    return stored;
  }

  std::optional<Document> get(const std::string& key) {
    std::optional<Document> found;
    store_->read([&](Transaction& transaction) { found = transaction.get(key); });
    return found;
  }

  std::vector<std::string> keys(const std::string& kind, std::optional<std::string_view> parent = {},
                                std::int64_t after = 0, std::size_t limit = 0) {
    std::vector<std::string> found;
    store_->read([&](Transaction& transaction) {
      for (const auto& document : transaction.list(kind, parent, after, limit)) {
        found.push_back(document.key);
      }
    });
    return found;
  }

  Maker maker_;
  std::unique_ptr<Store> store_ = maker_.make();
};

TYPED_TEST_SUITE_P(StoreContract);

TYPED_TEST_P(StoreContract, GivesBackWhatWasPut) {
  this->store_->write([](Transaction& transaction) {
    transaction.put({.key = "a/b",
                     .kind = "job",
                     .parent = "a",
                     .body = {{"name", "B\u00e4r"}, {"list", {1, 2.5, nullptr, true}}},
                     .hidden = {{"secret", "s"}}});
  });
  const auto found = this->get("a/b");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, "job");
  EXPECT_EQ(found->parent, "a");
  EXPECT_EQ(found->body, nlohmann::json({{"name", "B\u00e4r"}, {"list", {1, 2.5, nullptr, true}}}));
  EXPECT_EQ(found->hidden, nlohmann::json({{"secret", "s"}}));
}

TYPED_TEST_P(StoreContract, KnowsNothingOfKeysNeverPut) {
  EXPECT_FALSE(this->get("nothing"));
  EXPECT_TRUE(this->keys("thing").empty());
}

TYPED_TEST_P(StoreContract, KeepsTheSequenceOfAReplacedDocument) {
  const auto first = this->put("a");
  this->put("b");
  const auto again = this->put("a", "thing", "", {{"v", 2}});
  EXPECT_EQ(again.sequence, first.sequence);
  EXPECT_EQ(this->get("a")->body["v"], 2);
  EXPECT_EQ(this->keys("thing"), (std::vector<std::string>{"a", "b"}));
}

TYPED_TEST_P(StoreContract, NeverUsesASequenceAgain) {
  const auto first = this->put("a");
  this->store_->write([](Transaction& transaction) { EXPECT_TRUE(transaction.erase("a")); });
  EXPECT_GT(this->put("a").sequence, first.sequence);
}

TYPED_TEST_P(StoreContract, StampsEveryWriteLaterThanTheOneBefore) {
  Timestamp last{};
  for (int i = 0; i < 20; ++i) {
    const auto stored = this->put("k" + std::to_string(i % 3));
    EXPECT_GT(stored.changed, last);
    EXPECT_EQ(this->get(stored.key)->changed, stored.changed);
    last = stored.changed;
    if (i == 10) {
      this->store_->write([&](Transaction& transaction) { transaction.erase(stored.key); });
    }
  }
}

TYPED_TEST_P(StoreContract, TellsWhetherThereWasSomethingToErase) {
  this->put("a");
  this->store_->write([](Transaction& transaction) {
    EXPECT_TRUE(transaction.erase("a"));
    EXPECT_FALSE(transaction.erase("a"));
  });
  EXPECT_FALSE(this->get("a"));
}

TYPED_TEST_P(StoreContract, ListsByKindAndParentInOrderOfCreation) {
  this->put("z", "job", "e1");
  this->put("y", "job", "e2");
  this->put("x", "job", "e1");
  this->put("w", "cluster", "e1");
  EXPECT_EQ(this->keys("job"), (std::vector<std::string>{"z", "y", "x"}));
  EXPECT_EQ(this->keys("job", "e1"), (std::vector<std::string>{"z", "x"}));
  EXPECT_TRUE(this->keys("job", "").empty());
}

TYPED_TEST_P(StoreContract, ListsInPages) {
  std::vector<Document> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(this->put("k" + std::to_string(i), "thing", "p"));
  }
  EXPECT_EQ(this->keys("thing", "p", 0, 2), (std::vector<std::string>{"k0", "k1"}));
  EXPECT_EQ(this->keys("thing", "p", all[1].sequence, 2), (std::vector<std::string>{"k2", "k3"}));
  EXPECT_EQ(this->keys("thing", {}, all[3].sequence, 2), (std::vector<std::string>{"k4"}));
}

TYPED_TEST_P(StoreContract, DoesNothingOfAWriteThatThrows) {
  this->put("kept", "thing", "", {{"v", 1}});
  EXPECT_THROW(this->store_->write([](Transaction& transaction) {
    transaction.put({.key = "new", .kind = "thing"});
    transaction.put({.key = "kept", .kind = "thing", .body = {{"v", 2}}});
    transaction.erase("kept");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_FALSE(this->get("new"));
  ASSERT_TRUE(this->get("kept"));
  EXPECT_EQ(this->get("kept")->body["v"], 1);
}

// A store may keep documents of some kinds in memory for its writers.
TYPED_TEST_P(StoreContract, ShowsLaterWritesNothingOfOneThatThrew) {
  const auto version = [](Transaction& transaction, const std::string& key) {
    const auto found = transaction.get(key);
    return found ? found->body.at("v").template get<int>() : 0;
  };
  for (const std::string kind : {"resourceGroup", "workspace", "experiment", "cluster", "fileServer", "thing"}) {
    const auto expect = [&](int expected) {
      this->store_->write([&](Transaction& transaction) { EXPECT_EQ(version(transaction, kind), expected) << kind; });
    };
    const auto throwing = [&](const std::function<void(Transaction&)>& work) {
      EXPECT_THROW(this->store_->write([&](Transaction& transaction) {
        work(transaction);
        throw std::runtime_error("no");
      }),
                   std::runtime_error);
    };
    const auto put = [&](int v) {
      return [&, v](Transaction& transaction) {
        transaction.put({.key = kind, .kind = kind, .body = {{"v", v}}});
        EXPECT_EQ(version(transaction, kind), v);
      };
    };
    const auto erase = [&](Transaction& transaction) {
      EXPECT_TRUE(transaction.erase(kind));
      EXPECT_EQ(version(transaction, kind), 0);
    };
    throwing(put(1));
    expect(0);
    this->store_->write(put(2));
    throwing(put(3));
    expect(2);
    throwing(erase);
    expect(2);
    this->store_->write(put(4));
    expect(4);
    this->store_->write(erase);
    expect(0);
  }
}

TYPED_TEST_P(StoreContract, ShowsAWriteItsOwnChanges) {
  this->store_->write([](Transaction& transaction) {
    transaction.put({.key = "a", .kind = "thing"});
    EXPECT_TRUE(transaction.get("a"));
    EXPECT_EQ(transaction.list("thing").size(), 1U);
  });
}

TYPED_TEST_P(StoreContract, RefusesToChangeAnythingInARead) {
  this->put("a");
  this->store_->read([](Transaction& transaction) {
    EXPECT_THROW(transaction.put({.key = "b", .kind = "thing"}), std::logic_error);
    EXPECT_THROW(transaction.erase("a"), std::logic_error);
  });
  EXPECT_TRUE(this->get("a"));
}

TYPED_TEST_P(StoreContract, TakesTurnsBetweenThreads) {
  this->put("sum", "counter", "", {{"n", 0}});
  std::atomic<bool> torn{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        this->store_->write([&](Transaction& transaction) {
          auto sum = *transaction.get("sum");
          sum.body["n"] = sum.body["n"].template get<int>() + 1;
          transaction.put(sum);
          transaction.put({.key = std::to_string(t) + "/" + std::to_string(i), .kind = "part"});
        });
        this->store_->read([&](Transaction& transaction) {
          const auto n = transaction.get("sum")->body["n"].template get<std::size_t>();
          torn = torn || transaction.list("part").size() != n;
        });
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_FALSE(torn);
  EXPECT_EQ(this->get("sum")->body["n"], 100);
}

TYPED_TEST_P(StoreContract, KeepsWhatManyWriteAtATimeButNotWhatThrows) {
  constexpr int kThreads = 8;
  constexpr int kWrites = 30;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kWrites; ++i) {
        const std::string key = std::to_string(t) + "/" + std::to_string(i);
        const bool fails = i % 3 == 1;
        std::string caught;
        try {
          this->store_->write([&](Transaction& transaction) {
            transaction.put({.key = key, .kind = "part", .parent = std::to_string(t)});
            if (fails) {
              throw std::runtime_error(key);
            }
          });
        } catch (const std::runtime_error& error) {
          caught = error.what();
        }
        // Each gets its own exception, and sees its own write once it has returned.
        wrong += caught != (fails ? key : "") || this->get(key).has_value() == fails ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(this->keys("part").size(), static_cast<std::size_t>(kThreads * kWrites * 2 / 3));
  for (int t = 0; t < kThreads; ++t) {
    const auto parts = this->keys("part", std::to_string(t));
    EXPECT_TRUE(std::is_sorted(parts.begin(), parts.end(), [](const std::string& a, const std::string& b) {
      return std::stoi(a.substr(2)) < std::stoi(b.substr(2));
    })) << "those of one thread stay in their order";
  }
}

TYPED_TEST_P(StoreContract, CountsByKind) {
  this->put("a");
  this->put("b");
  this->put("b");
  this->put("c", "other");
  const auto count = [this](const char* kind) {
    std::int64_t number = -1;
    this->store_->read([&](Transaction& transaction) { number = transaction.count(kind); });
    return number;
  };
  EXPECT_EQ(count("thing"), 2);
  EXPECT_EQ(count("other"), 1);
  EXPECT_EQ(count("nothing"), 0);
}

/// A job of cluster `c`.
inline Document stored_job(const std::string& key, const std::string& state, int nodes = 1,
                           const std::string& priority = "normal") {
  Document job{.key = key, .kind = "job", .parent = "e"};
  job.body = {{"name", key},
              {"id", "/" + key},
              {"properties", {{"executionState", state}, {"nodeCount", nodes}, {"schedulingPriority", priority}}}};
  job.hidden = {{"cluster", "c"}};
  if (state == "running") {
    job.hidden.update({{"runId", "run-" + key}, {"started", 5}});
  }
  return job;
}

TYPED_TEST_P(StoreContract, GivesTextsInTheOrderOfTheDescription) {
  this->store_->write([](Transaction& transaction) {
    transaction.put(stored_job("a", "queued"));
    transaction.put(stored_job("b", "queued"));
    transaction.put({.key = "t", .kind = "thing", .body = {{"name", "n"}, {"id", 1}}});
  });
  this->store_->read([](Transaction& transaction) {
    const auto document = transaction.get("b");
    const auto text = transaction.text("b");
    ASSERT_TRUE(text);
    EXPECT_EQ(text->body.find(R"({"id":"/b","name":"b","properties":{)"), 0U) << text->body;
    EXPECT_EQ(nlohmann::json::parse(text->body), document->body);
    EXPECT_EQ(text->changed, document->changed);
    EXPECT_EQ(text->sequence, document->sequence);
    EXPECT_EQ(transaction.get(document->sequence)->key, "b");
    EXPECT_FALSE(transaction.get(std::int64_t{999}));
    EXPECT_FALSE(transaction.text("none"));
    EXPECT_EQ(transaction.text("t")->body, R"({"id":1,"name":"n"})");
    const auto page = transaction.list_texts("job", "e", document->sequence - 1, 1);
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].body, text->body);
  });
}

TYPED_TEST_P(StoreContract, CountsByState) {
  this->store_->write([](Transaction& transaction) {
    transaction.put(stored_job("a", "queued"));
    transaction.put(stored_job("b", "queued"));
    transaction.put(stored_job("b", "succeeded"));
    transaction.put(stored_job("c", "running"));
    transaction.erase("c");
    transaction.put({.key = "t", .kind = "thing"});
  });
  this->store_->read([](Transaction& transaction) {
    EXPECT_EQ(transaction.count_by_state("job"),
              (std::map<std::string, std::int64_t>{{"queued", 1}, {"succeeded", 1}}));
    EXPECT_EQ(transaction.count_by_state("thing"), (std::map<std::string, std::int64_t>{{"", 1}}));
    EXPECT_EQ(transaction.state("b").value().kind, "job");
    EXPECT_EQ(transaction.state("b").value().state, "succeeded");
    EXPECT_EQ(transaction.state("t").value().state, "");
    EXPECT_FALSE(transaction.state("c"));
    EXPECT_EQ(transaction.count_active_jobs("c"), 1);
    EXPECT_THROW(transaction.active_jobs(), std::logic_error);
  });
}

TYPED_TEST_P(StoreContract, KeepsTheActiveJobsUpToDate) {
  this->store_->write([](Transaction& transaction) {
    const auto first = transaction.put(stored_job("a", "queued", 2));
    transaction.put(stored_job("b", "queued"));
    EXPECT_EQ(transaction.active_jobs().first_waiting("c", 2, 1).front().sequence, first.sequence);
    transaction.put(stored_job("a", "running", 2));
    EXPECT_EQ(transaction.active_jobs().of_run("run-a")->sequence, first.sequence);
    transaction.put(stored_job("a", "succeeded", 2));
    EXPECT_EQ(transaction.active_jobs().of_run("run-a"), nullptr);
    EXPECT_EQ(transaction.active_jobs().count(), 1U);
    check_active_jobs(transaction);
  });
}

TYPED_TEST_P(StoreContract, TakesBackTheActiveJobsOfAWriteThatFailed) {
  this->store_->write([](Transaction& transaction) { transaction.put(stored_job("a", "queued")); });
  EXPECT_THROW(this->store_->write([](Transaction& transaction) {
    transaction.put(stored_job("a", "running"));
    transaction.put(stored_job("b", "queued"));
    transaction.erase("a");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  this->store_->write([](Transaction& transaction) {
    EXPECT_EQ(transaction.active_jobs().count(), 1U);
    EXPECT_EQ(transaction.active_jobs().first_waiting("c", 1, 1).size(), 1U);
    check_active_jobs(transaction);
  });
}

TYPED_TEST_P(StoreContract, ListsJobsTheNewestFirst) {
  const auto put = [&](const std::string& name, const std::string& workspace, const std::string& cluster,
                       const char* state) {
    this->store_->write([&](Transaction& transaction) {
      Document job = stored_job(workspace + "/experiments/e/jobs/" + name, state);
      job.parent = workspace + "/experiments/e";
      job.hidden["cluster"] = cluster;
      transaction.put(job);
    });
  };
  put("a", "w", "c", "queued");
  put("b", "v", "c", "succeeded");
  put("c", "w", "d", "failed");
  put("d", "w", "c", "succeeded");
  put("e", "w", "c", "failed");
  put("a", "w", "c", "succeeded");
  const auto names = [&](const JobSelection& selection, std::size_t limit = 10) {
    std::string found;
    this->store_->read([&](Transaction& transaction) {
      for (const DocumentText& job : transaction.list_jobs(selection, limit)) {
        found += job.key.back();
      }
    });
    return found;
  };
  EXPECT_EQ(names({}), "edcba");
  EXPECT_EQ(names({}, 2), "ed");
  EXPECT_EQ(names({.workspaces = {"w"}}), "edca");
  EXPECT_EQ(names({.cluster = "c"}), "edba");
  EXPECT_EQ(names({.workspaces = {"v"}, .cluster = "c"}), "b");
  EXPECT_EQ(names({.workspaces = {"w", "v"}}), "edcba");
  EXPECT_EQ(names({.workspaces = {"w", "v"}}, 3), "edc");
  EXPECT_EQ(names({.workspaces = {"w"}, .cluster = "c"}, 2), "ed");
  EXPECT_EQ(names({.states = {"failed", "queued"}}), "ec");
  EXPECT_EQ(names({.workspaces = {"w"}, .states = {"succeeded"}}), "da");
  EXPECT_EQ(names({.cluster = "d", .states = {"succeeded"}}), "");
  DocumentText third;
  this->store_->read([&](Transaction& transaction) { third = transaction.list_jobs({}, 3).back(); });
  EXPECT_EQ(names({.before = third.sequence}), "ba");
  EXPECT_EQ(names({.changed_since = third.changed}), "edca") << "the first has been written last";
  EXPECT_EQ(names({.workspaces = {"v"}, .changed_since = third.changed}), "");
  EXPECT_EQ(names({.workspaces = {"w"}, .before = third.sequence}), "a");
}

REGISTER_TYPED_TEST_SUITE_P(StoreContract, GivesBackWhatWasPut, KnowsNothingOfKeysNeverPut,
                            KeepsTheSequenceOfAReplacedDocument, NeverUsesASequenceAgain,
                            StampsEveryWriteLaterThanTheOneBefore, TellsWhetherThereWasSomethingToErase,
                            ListsByKindAndParentInOrderOfCreation, ListsInPages, CountsByKind,
                            DoesNothingOfAWriteThatThrows, ShowsLaterWritesNothingOfOneThatThrew,
                            ShowsAWriteItsOwnChanges, RefusesToChangeAnythingInARead, TakesTurnsBetweenThreads,
                            KeepsWhatManyWriteAtATimeButNotWhatThrows, GivesTextsInTheOrderOfTheDescription,
                            CountsByState, KeepsTheActiveJobsUpToDate, TakesBackTheActiveJobsOfAWriteThatFailed,
                            ListsJobsTheNewestFirst);

}  // namespace batchai::server::test

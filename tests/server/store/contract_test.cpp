#include "contract/store_contract.hpp"
#include "server/store/sqlite_store.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_store.hpp"
#include "support/temporary_folder.hpp"

namespace batchai::server::test {
namespace {

struct SqliteMaker {
  batchai::test::TemporaryFolder folder;
  std::unique_ptr<Store> make() {
    return std::make_unique<SqliteStore>(folder.path() / "batchai.db", std::make_shared<batchai::test::FakeClock>());
  }
};

struct MemoryMaker {
  std::unique_ptr<Store> make() { return std::make_unique<MemoryStore>(); }
};

using Makers = ::testing::Types<SqliteMaker, MemoryMaker>;
INSTANTIATE_TYPED_TEST_SUITE_P(Stores, StoreContract, Makers);

}  // namespace
}  // namespace batchai::server::test

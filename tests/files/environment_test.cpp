#include "batchai/core/error.hpp"
#include "batchai/files/storage_account.hpp"
#include "support/variables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::files::test {
namespace {

using batchai::test::Variables;
using ::testing::StartsWith;

StorageAccount account_of(const std::map<std::string, std::string>& environment) {
  const Variables variables(environment);
  return StorageAccount::from_environment();
}

std::string failure(const std::map<std::string, std::string>& environment) {
  try {
    return account_of(environment).name;
  } catch (const InvalidArgument& error) {
    return error.what();
  }
}

TEST(StorageAccountFromEnvironment, PrefersTheConnectionString) {
  const StorageAccount account = account_of(
      {{"AZURE_STORAGE_CONNECTION_STRING", "AccountName=acct1;AccountKey=QUJD;FileEndpoint=http://127.0.0.1:5/acct1"},
       {"AZURE_STORAGE_ACCOUNT", "other"},
       {"AZURE_STORAGE_KEY", "REVG"}});
  EXPECT_EQ(account.name, "acct1");
  EXPECT_EQ(account.key.reveal(), "QUJD");
  EXPECT_EQ(account.endpoint.to_string(), "http://127.0.0.1:5/acct1");
}

TEST(StorageAccountFromEnvironment, TakesNameKeyAndEndpoint) {
  const StorageAccount account = account_of({{"AZURE_STORAGE_ACCOUNT", "acct1"},
                                             {"AZURE_STORAGE_KEY", "QUJD"},
                                             {"BATCHAI_FILES_ENDPOINT", "http://127.0.0.1:5"}});
  EXPECT_EQ(account.key.reveal(), "QUJD");
  EXPECT_EQ(account.endpoint.to_string(), "http://127.0.0.1:5/acct1");
}

TEST(StorageAccountFromEnvironment, TakesASignatureInACloud) {
  const StorageAccount account = account_of({{"AZURE_STORAGE_ACCOUNT", "acct1"},
                                             {"AZURE_STORAGE_SAS_TOKEN", "sv=1&sig=x"},
                                             {"BATCHAI_CLOUD", "AzureChinaCloud"}});
  EXPECT_EQ(account.sas.reveal(), "sv=1&sig=x");
  EXPECT_EQ(account.endpoint.host(), "acct1.file.core.chinacloudapi.cn");
}

TEST(StorageAccountFromEnvironment, SaysWhichVariableIsNotSet) {
  EXPECT_THAT(failure({}), StartsWith("AZURE_STORAGE_ACCOUNT is not set; "));
  EXPECT_THAT(failure({{"AZURE_STORAGE_ACCOUNT", "acct1"}}), StartsWith("AZURE_STORAGE_KEY is not set; "));
}

}  // namespace
}  // namespace batchai::files::test

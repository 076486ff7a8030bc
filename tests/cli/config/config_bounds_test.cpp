#include "cli/cli_fixture.hpp"
#include "cli/config/settings.hpp"

// What the configuration refuses, and the order in which its parts count.
namespace batchai::cli::test {
namespace {

using ::testing::HasSubstr;

template <class Call>
std::string refusal_of(const Call& call) {
  try {
    call();
    return "";
  } catch (const CommandError& error) {
    return error.what();
  }
}

TEST(Ini, ReadsSectionsAndKeysWithBlanksAroundThem) {
  const Ini ini = Ini::parse("# c\n; c\n\n  [ a ] \r\n x =  y = z \r\n[b]\nx=\nw = #1\n[a]\nv=2", "f");
  EXPECT_EQ(ini.find("a", "x"), "y = z");
  EXPECT_EQ(ini.find("a", "v"), "2");
  EXPECT_EQ(ini.find("b", "w"), "#1");
  EXPECT_EQ(ini.find("b", "x"), std::nullopt) << "empty is not there";
  EXPECT_EQ(ini.find("c", "x"), std::nullopt);
  EXPECT_EQ(Ini::parse(ini.to_text(), "f").to_text(), ini.to_text());
}

TEST(Ini, LocatesALineThatIsNeither) {
  for (const char* text : {"a\n=b", "a=b\n[c", "\nb]", "\n= ", "x=1\nword"}) {
    EXPECT_THAT(refusal_of([&] { Ini::parse(text, "file"); }), HasSubstr("file:")) << text;
  }
  EXPECT_EQ(refusal_of([] { Ini::parse("a=b\n\nnonsense\n", "file"); }),
            "file:3: expected '[section]' or 'key = value'");
}

TEST(Ini, KeepsOnlyWhatItCanGiveBack) {
  Ini ini;
  for (const char* value : {"a\nb", "a\rb", "\n"}) {
    EXPECT_EQ(refusal_of([&] { ini.set("s", "k", value); }), "the value of 'k' must be one line");
  }
  for (const char* value : {" a", "a ", "\ta", "a\t", " "}) {
    EXPECT_EQ(refusal_of([&] { ini.set("s", "k", value); }), "the value of 'k' must not begin or end with a blank");
  }
  ini.set("s", "k", "a b");
  EXPECT_EQ(ini.to_text(), "[s]\nk = a b\n");
  ini.set("s", "k", "");
  EXPECT_EQ(ini.to_text(), "");
}

class Profiles : public CliTest {
 protected:
  Settings settings(std::optional<std::string> profile = {}) const {
    return Settings(Environment::of(variables_), std::move(profile));
  }
  void save_profile(const std::string& text) const {
    write_file("config/profiles/p.ini", text);
    write_file("config/config.ini", "[core]\nprofile = p\n");
  }
};

TEST_F(Profiles, HaveNamesThatLeadNowhereElse) {
  const ProfileStore store(folder_);
  for (const std::string& name : {std::string(64, 'a'), std::string("a.b-c_D9")}) {
    EXPECT_EQ(store.load(name), std::nullopt);
  }
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string(".a"), std::string("a/b"), std::string("../a"),
        std::string("a b"), std::string("ä"), std::string(65, 'a')}) {
    EXPECT_THAT(refusal_of([&] { store.load(name); }), HasSubstr("'" + name + "' is no profile name")) << name;
  }
}

TEST_F(Profiles, LieWhereAbsoluteVariablesSay) {
  variables_ = {{"HOME", "/h"}, {"XDG_CONFIG_HOME", "relative"}, {"XDG_CACHE_HOME", "/c"}};
  EXPECT_EQ(settings().paths().config, "/h/.config/batchai");
  EXPECT_EQ(settings().paths().token_cache, "/c/batchai/tokens.json");
  variables_.erase("HOME");
  EXPECT_EQ(settings().find_paths(), nullptr);
  variables_["XDG_CONFIG_HOME"] = "/x";
  EXPECT_EQ(settings().find_paths(), nullptr) << "one of three is missing";
  variables_["XDG_DATA_HOME"] = "/d";
  ASSERT_NE(settings().find_paths(), nullptr);
  EXPECT_EQ(settings().paths().local_data, "/d/batchai");
}

TEST_F(Profiles, ThatAreRemovedAreNoDefaultAnyMore) {
  const ProfileStore store(folder_ / "config");
  write_file("config/profiles/q.ini", "");
  save_profile("[profile]\n");
  EXPECT_FALSE(store.remove("none"));
  EXPECT_TRUE(store.remove("q"));
  EXPECT_EQ(store.default_name(), "p");
  EXPECT_TRUE(store.remove("p"));
  EXPECT_EQ(store.default_name(), "");
}

TEST_F(Profiles, GiveTheirKeyToTheirAccountOnly) {
  save_profile("[storage]\naccount = Mine\nkey = c3RvcmVk\n");
  const auto key = [this](std::optional<std::string> profile = {}) {
    const auto storage = settings(std::move(profile)).storage();
    return storage.key.reveal();
  };
  EXPECT_EQ(key(), "c3RvcmVk");
  variables_["AZURE_STORAGE_ACCOUNT"] = "mine";
  EXPECT_EQ(key(), "c3RvcmVk");
  variables_["AZURE_STORAGE_SAS_TOKEN"] = "sig=x";
  EXPECT_EQ(key(), "") << "the environment has a way of its own";
  EXPECT_EQ(settings().storage().sas_token, Secret("sig=x"));
  EXPECT_EQ(key("p"), "c3RvcmVk") << "a named profile is stronger";
  EXPECT_EQ(settings("p").storage().sas_token, Secret(""));
  variables_["AZURE_STORAGE_KEY"] = "ZW52";
  EXPECT_EQ(key(), "ZW52");
  variables_["AZURE_STORAGE_ACCOUNT"] = "other";
  EXPECT_EQ(settings("p").storage().account, "Mine");
  variables_["AZURE_STORAGE_CONNECTION_STRING"] = "x";
  EXPECT_EQ(settings().storage().connection_string, Secret("x"));
  EXPECT_EQ(settings("p").storage().connection_string, Secret(""));
}

TEST_F(Profiles, AreSilentBesideAWholeIdentityOfTheEnvironment) {
  save_profile("[profile]\ntenant = t\nclient_id = stored\nclient_secret = s\n");
  variables_.erase("BATCHAI_ACCESS_TOKEN");
  EXPECT_EQ(settings().identity().client_id, "stored");
  variables_["AZURE_CLIENT_ID"] = "env";
  EXPECT_THAT(refusal_of([this] { settings().identity(); }),
              HasSubstr("AZURE_CLIENT_ID is set but AZURE_TENANT_ID is not"));
  variables_["AZURE_TENANT_ID"] = "t";
  EXPECT_THAT(refusal_of([this] { settings().identity(); }), HasSubstr("none of AZURE_CLIENT_SECRET"));
  variables_["AZURE_FEDERATED_TOKEN_FILE"] = "/token";
  EXPECT_EQ(settings().identity().kind, IdentityKind::FederatedToken);
  variables_["AZURE_CLIENT_CERTIFICATE_PATH"] = "/cert";
  EXPECT_EQ(settings().identity().kind, IdentityKind::Certificate);
  variables_["AZURE_CLIENT_SECRET"] = "x";
  EXPECT_EQ(settings().identity().kind, IdentityKind::ClientSecret);
  EXPECT_EQ(settings().identity().client_id, "env");
  EXPECT_EQ(settings("p").identity().client_id, "stored");
  variables_["BATCHAI_ACCESS_TOKEN"] = "token";
  EXPECT_EQ(settings().identity().kind, IdentityKind::AccessToken);
}

TEST_F(Profiles, SignInAtTheAddressOfALocalServiceUnlessToldOtherwise) {
  const auto authority = [this] { return settings().endpoints().authority; };
  const std::string azure = "https://login.microsoftonline.com";
  EXPECT_EQ(authority(), azure);
  variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "https://127.0.0.1:1";
  EXPECT_EQ(authority(), "https://127.0.0.1:1");
  variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "https://localhost:2";
  EXPECT_EQ(authority(), "https://localhost:2");
  for (const char* elsewhere : {"https://127.0.0.1.example", "https://10.0.0.1", "nonsense"}) {
    variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = elsewhere;
    EXPECT_EQ(authority(), azure) << elsewhere;
  }
  variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "https://127.0.0.1:1";
  variables_["AZURE_AUTHORITY_HOST"] = "https://authority.example";
  EXPECT_EQ(authority(), "https://authority.example");
}

TEST_F(Profiles, SecretsThatAreEmptyAreRefusedBeforeAnythingIsSent) {
  const std::string empty = write_file("empty", "\n\r\n");
  for (const std::string& given : {std::string(), std::string("-"), "@" + empty}) {
    input_ = "\n";
    expect_error({"login", "--service-principal", "-u", "a", "-t", "t", "-p", given}, 2,
                 "batchai: error: -p: the secret is empty");
  }
  expect_error({"login", "--service-principal", "-u", "a", "-t", "t", "-p", "@" + empty + "x"}, 2,
               "batchai: error: -p: there is no file '" + empty + "x'");
  expect_error({"login", "--service-principal", "-u", "a", "-t", "t", "--certificate", ""}, 2,
               "batchai: error: the name of a file is empty");
  EXPECT_THAT(transport_->requests(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace batchai::cli::test

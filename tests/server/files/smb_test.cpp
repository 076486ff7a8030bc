#include "server/files/api_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace batchai::server::files::test {
namespace {

const std::string kTime = "2020-01-02T03:04:05.6789012Z";

/// What SMB knows of files and directories, over HTTP.
class SmbTest : public FaceTest {
 protected:
  std::string header(const std::string& path, const char* name) {
    return send("HEAD", "/acct1/share1/" + path).headers.get(name);
  }
};

TEST_F(SmbTest, KeepsTimesAndFlagsOfAFile) {
  const Response created = create_file("f", 5,
                                       {{"x-ms-file-attributes", "hidden|ReadOnly"},
                                        {"x-ms-file-creation-time", kTime},
                                        {"x-ms-file-last-write-time", kTime},
                                        {"x-ms-file-change-time", kTime}});
  for (const Response& response : {created, send("HEAD", "/acct1/share1/f")}) {
    EXPECT_EQ(response.headers.get("x-ms-file-attributes"), "ReadOnly | Hidden | Archive");
    EXPECT_EQ(response.headers.get("x-ms-file-creation-time"), kTime);
    EXPECT_EQ(response.headers.get("x-ms-file-last-write-time"), kTime);
    EXPECT_EQ(response.headers.get("x-ms-file-change-time"), kTime);
  }
  EXPECT_THAT(
      send("GET", "/acct1/share1?restype=directory&comp=list&include=timestamps,attributes").body,
      testing::AllOf(testing::HasSubstr("<LastWriteTime>" + kTime), testing::HasSubstr("ReadOnly | Hidden | Archive")));
}

TEST_F(SmbTest, ReadsTheTimesOfAllClients) {
  create_file("f", 0, {{"x-ms-file-last-write-time", "2020-01-02T03:04:005Z"}});
  EXPECT_EQ(header("f", "x-ms-file-last-write-time"), "2020-01-02T03:04:00.0000000Z");
  create_file("f", 0, {{"x-ms-file-last-write-time", "2020-01-02T03:04:05Z"}});
  EXPECT_EQ(header("f", "x-ms-file-last-write-time"), "2020-01-02T03:04:05.0000000Z");
  EXPECT_EQ(code_of(create_file("f", 0, {{"x-ms-file-creation-time", "yesterday"}})), "InvalidHeaderValue");
  EXPECT_EQ(code_of(create_file("f", 0, {{"x-ms-file-attributes", "Directory"}})), "InvalidHeaderValue");
  EXPECT_EQ(code_of(create_file("f", 0, {{"x-ms-file-attributes", "Shiny"}})), "InvalidHeaderValue");
}

TEST_F(SmbTest, ChangesTheTimeOfWritingWithContentOnly) {
  create_file("f", 5, {{"x-ms-file-last-write-time", kTime}});
  send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-a", "b"}});
  send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-type", "text/plain"}});
  EXPECT_EQ(header("f", "x-ms-file-last-write-time"), kTime);
  put_range("f", 0, "x", {{"x-ms-file-last-write-time", "preserve"}});
  EXPECT_EQ(header("f", "x-ms-file-last-write-time"), kTime);
  const Response written = put_range("f", 0, "x");
  EXPECT_GT(written.headers.get("x-ms-file-last-write-time"), kTime);
  EXPECT_EQ(header("f", "x-ms-file-last-write-time"), written.headers.get("x-ms-file-last-write-time"));
  EXPECT_EQ(code_of(put_range("f", 0, "x", {{"x-ms-file-last-write-time", kTime}})), "InvalidHeaderValue");
}

TEST_F(SmbTest, ForgetsTheTimeOfWritingWhenAJobWrites) {
  create_file("f", 5, {{"x-ms-file-last-write-time", kTime}});
  write_as_job("f", "hello");
  EXPECT_GT(header("f", "x-ms-file-last-write-time"), kTime);
}

TEST_F(SmbTest, SetsTimesAndFlagsOrPreservesThem) {
  create_file("f", 5);
  const Headers all = {
      {"x-ms-file-attributes", "Hidden"}, {"x-ms-file-creation-time", kTime}, {"x-ms-file-last-write-time", kTime}};
  send("PUT", "/acct1/share1/f?comp=properties", all);
  send("PUT", "/acct1/share1/f?comp=properties",
       {{"x-ms-file-attributes", "Preserve"}, {"x-ms-file-creation-time", "preserve"}});
  EXPECT_EQ(header("f", "x-ms-file-attributes"), "Hidden");
  EXPECT_EQ(header("f", "x-ms-file-creation-time"), kTime);
  EXPECT_EQ(header("f", "x-ms-file-last-write-time"), kTime);
  send("PUT", "/acct1/share1/f?comp=properties",
       {{"x-ms-file-attributes", "None"}, {"x-ms-file-last-write-time", "now"}});
  EXPECT_EQ(header("f", "x-ms-file-attributes"), "None");
  EXPECT_GT(header("f", "x-ms-file-last-write-time"), kTime);
}

TEST_F(SmbTest, AddsArchiveToTheFlagsGivenAtCreation) {
  const std::vector<std::pair<std::string, std::string>> given = {{"ReadOnly", "ReadOnly | Archive"},
                                                                  {"Hidden | System", "Hidden | System | Archive"},
                                                                  {"Archive|Temporary", "Archive | Temporary"},
                                                                  {"None", "Archive"},
                                                                  {"Inherit", "Archive"},
                                                                  {"", "Archive"}};
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string name = "f" + std::to_string(i);
    const Response created = create_file(name, 0, {{"x-ms-file-attributes", given[i].first}});
    EXPECT_EQ(created.headers.get("x-ms-file-attributes"), given[i].second);
    EXPECT_EQ(header(name, "x-ms-file-attributes"), given[i].second);
  }
  send("PUT", "/acct1/share1/f0?comp=properties", {{"x-ms-file-attributes", "ReadOnly"}});
  EXPECT_EQ(header("f0", "x-ms-file-attributes"), "ReadOnly");
}

TEST_F(SmbTest, KeepsTheContentOfReadOnlyFiles) {
  create_file("f", 5, {{"x-ms-file-attributes", "ReadOnly"}});
  EXPECT_EQ(code_of(put_range("f", 0, "x")), "ReadOnlyAttribute");
  EXPECT_EQ(code_of(create_file("f", 1)), "ReadOnlyAttribute");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1/f")), "ReadOnlyAttribute");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-content-length", "1"}})),
            "ReadOnlyAttribute");
  EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=properties", {{"x-ms-file-attributes", "None"}}).status, 200);
  EXPECT_EQ(put_range("f", 0, "x").status, 201);
}

TEST_F(SmbTest, KeepsTimesAndFlagsOfADirectory) {
  const Headers headers = {{"x-ms-file-attributes", "Hidden|Directory"}, {"x-ms-file-last-write-time", kTime}};
  send("PUT", "/acct1/share1/d?restype=directory", headers);
  EXPECT_EQ(header("d?restype=directory", "x-ms-file-attributes"), "Hidden | Directory");
  EXPECT_EQ(header("d?restype=directory", "x-ms-file-last-write-time"), kTime);
  send("PUT", "/acct1/share1/d?restype=directory&comp=properties", {{"x-ms-file-creation-time", kTime}});
  EXPECT_EQ(header("d?restype=directory", "x-ms-file-creation-time"), kTime);
  EXPECT_EQ(header("d?restype=directory", "x-ms-file-attributes"), "Hidden | Directory");
}

TEST_F(SmbTest, KeepsPermissionsByKeys) {
  const std::string target = "/acct1/share1?restype=share&comp=filepermission";
  const std::string sddl = "O:SYG:SYD:(A;;FA;;;SY)";
  const Response made = send("PUT", target, {}, R"({"permission":")" + sddl + R"("})");
  EXPECT_EQ(made.status, 201);
  const std::string key = made.headers.get("x-ms-file-permission-key");
  EXPECT_THAT(key, testing::MatchesRegex("[0-9]+\\*[0-9]+"));
  EXPECT_EQ(send("GET", target, {{"x-ms-file-permission-key", key}}).body, R"({"permission":")" + sddl + R"("})");
  create_file("f", 0, {{"x-ms-file-permission-key", key}});
  create_file("g", 0, {{"x-ms-file-permission", sddl}});
  EXPECT_EQ(header("f", "x-ms-file-permission-key"), key);
  EXPECT_EQ(header("g", "x-ms-file-permission-key"), key);
  create_file("h", 0, {{"x-ms-file-permission", "Inherit"}});
  EXPECT_EQ(send("GET", target, {{"x-ms-file-permission-key", header("h", "x-ms-file-permission-key")}}).status, 200);
}

TEST_F(SmbTest, KeepsPermissionsInEitherFormat) {
  const std::string target = "/acct1/share1?restype=share&comp=filepermission";
  const std::string sddl =
      "O:S-1-5-21-2127521184-1604012920-1887927527-21560751G:S-1-5-21-2127521184-1604012920-1887927527-513"
      "D:AI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;S-1-5-21-397955417-626881126-188441444-3053964)S:NO_ACCESS_CONTROL";
  const std::string binary =
      "AQAUhGwAAACIAAAAAAAAABQAAAACAFgAAwAAAAAAFAD/"
      "AR8AAQEAAAAAAAUSAAAAAAAYAP8BHwABAgAAAAAABSAAAAAgAgAAAAAkAKkAEgABBQAAAAAA"
      "BRUAAABZUbgXZnJdJWRjOwuMmS4AAQUAAAAAAAUVAAAAoGXPfnhLm1/nfIdwr/1IAQEFAAAAAAAFFQAAAKBlz354S5tf53yHcAECAAA=";
  const auto make = [&](const std::string& permission, const std::string& format) {
    return send("PUT", target, {}, nlohmann::json{{"permission", permission}, {"format", format}}.dump())
        .headers.get("x-ms-file-permission-key");
  };
  const auto find = [&](const std::string& key, const std::string& format) {
    const Response response =
        send("GET", target, {{"x-ms-file-permission-key", key}, {"x-ms-file-permission-format", format}});
    return nlohmann::json::parse(response.body);
  };
  const std::string key = make(binary, "Binary");
  EXPECT_EQ(make(sddl, "Sddl"), key);
  EXPECT_EQ(find(key, "binary"), (nlohmann::json{{"permission", binary}, {"format", "binary"}}));
  EXPECT_EQ(find(key, "Sddl"), (nlohmann::json{{"permission", sddl}, {"format", "sddl"}}));
  create_file("f", 0, {{"x-ms-file-permission", binary}, {"x-ms-file-permission-format", "binary"}});
  EXPECT_EQ(header("f", "x-ms-file-permission-key"), key);
  EXPECT_EQ(code_of(create_file("f", 0, {{"x-ms-file-permission", sddl}, {"x-ms-file-permission-format", "xml"}})),
            "InvalidHeaderValue");
  EXPECT_EQ(code_of(create_file("f", 0, {{"x-ms-file-permission", sddl}, {"x-ms-file-permission-format", "binary"}})),
            "FileInvalidPermission");
}

TEST_F(SmbTest, RefusesPermissionsThatAreNone) {
  const std::string target = "/acct1/share1?restype=share&comp=filepermission";
  EXPECT_EQ(code_of(send("PUT", target, {}, R"({"permission":"x"})")), "FileInvalidPermission");
  EXPECT_EQ(code_of(send("PUT", target, {}, "x")), "FileInvalidPermission");
  EXPECT_EQ(code_of(send("GET", target)), "MissingRequiredHeader");
  EXPECT_EQ(code_of(send("GET", target, {{"x-ms-file-permission-key", "1*2"}})), "FileInvalidPermissionKey");
  EXPECT_EQ(code_of(create_file("f", 0, {{"x-ms-file-permission-key", "1*2"}})), "FileInvalidPermissionKey");
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "f"));
}

}  // namespace
}  // namespace batchai::server::files::test

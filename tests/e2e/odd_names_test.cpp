#include "batchai/core/transport.hpp"
#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A job's output with whatever names a job can give it, through the real programs.
class OddNames : public ServiceTest {
 protected:
  static std::vector<std::string> names() {
    return {"ckpt.",
            "ckpt",
            "...",
            "model-12:30:00.ckpt",
            "a\\b",
            "a?b",
            "\n\x01",
            "\xff",
            "a%FF",
            " ",
            "AUX",
            std::string(251, 'n'),
            std::string(255, 'm')};
  }
  void prepare() {
    start_service();
    prepare_cluster();
    submit("j", "mkdir -p \"$AZ_BATCHAI_OUTPUT_OUT\"");
    ASSERT_EQ(wait_for_job("j"), 0);
    for (const std::string& name : names()) {
      std::ofstream(outputs() / name) << "of " << name;
    }
  }
  fs::path outputs() const { return output_folder("j") / "outputs"; }
  static std::vector<std::string> output_options() {
    return job_file_options() + std::vector<std::string>{"-d", "OUT"};
  }
  static std::vector<std::string> job_file_options() { return {"-g", "rg", "-w", "ws", "-e", "e", "-j", "j"}; }
  static std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void expect_all(const fs::path& folder) const {
    for (const std::string& name : names()) {
      EXPECT_EQ(content_of(folder / name), "of " + name) << name;
    }
  }
  std::string remote() const { return "share/" + outputs().lexically_relative(share_folder()).string(); }
};

TEST_F(OddNames, OfAJobsOutputAreListedFetchedStreamedAndDeleted) {
  prepare();
  const std::vector<std::string> in_job = output_options();
  const nlohmann::json listed = batchai_json(std::vector<std::string>{"job", "file", "list"} + in_job);
  EXPECT_EQ(listed.size(), names().size());
  const auto transport = make_network_transport({.ca_bundle = endpoints().at("caBundle").get<std::string>()});
  for (const auto& file : listed) {
    const std::string text = file.at("name");
    const std::string name = file.contains("encoded") ? percent_decode(text).value() : text;
    const auto url = Url::parse(file.at("downloadUrl").get<std::string>());
    EXPECT_EQ(transport->send({.method = "GET", .url = url}, {}).body, "of " + name) << text;
    EXPECT_EQ(batchai(std::vector<std::string>{"job", "file", "stream", "-f", name} + in_job).out, "of " + name);
  }

  const fs::path jobs = folder_.path() / "jobs";
  batchai_ok(std::vector<std::string>{"job", "file", "download", "--destination", jobs.string()} + in_job);
  expect_all(jobs);

  const fs::path files = folder_.path() / "files";
  batchai_ok({"files", "download", "-r", remote() + "/", files.string()});
  expect_all(files);

  batchai_ok({"files", "delete", "-r", remote(), "-y"});
  EXPECT_FALSE(fs::exists(outputs()));
}

TEST_F(OddNames, AFileWithADotAtItsEndIsNeverTheOneWithout) {
  start_service();
  prepare_cluster();
  submit("j", "cd \"$AZ_BATCHAI_OUTPUT_OUT\" && printf other >ckpt && printf right >ckpt.");
  ASSERT_EQ(wait_for_job("j"), 0);
  const fs::path local = folder_.path() / "local";
  batchai_ok(std::vector<std::string>{"job", "file", "download", "-f", "ckpt.", "--destination", local.string()} +
             output_options());
  EXPECT_EQ(content_of(local / "ckpt."), "right");
}

TEST_F(OddNames, AJobWithSuchALogIsStreamed) {
  start_service();
  prepare_cluster();
  const auto job =
      write_file("s.json", R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs",
      "customToolkitSettings":{"commandLine":"touch $AZ_BATCHAI_STDOUTERR_DIR/$'\\xff' && echo hello"}}})");
  const ProcessResult result = batchai({"job", "create", "-g", "rg", "-w", "ws", "-e", "e", "-n", "s", "-c", "c", "-f",
                                        job.string(), "--stream", "-o", "none"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "hello\n");
}

TEST_F(OddNames, AUrlOfAFileIsASourceAndATarget) {
  start_service();
  batchai_ok({"files", "share", "create", "-n", "share"});
  batchai_ok({"files", "upload", write_file("a.txt", "hello").string(), "share/in/a.txt"});
  const std::string url = batchai_json({"files", "url", "share/in/a.txt"});
  const fs::path back = folder_.path() / "back";
  batchai_ok({"files", "download", url, back.string()});
  EXPECT_EQ(content_of(back), "hello");
  batchai_ok({"files", "download", "share/in/a.txt", back.string(), "--sas-token", url.substr(url.find('?')),
              "--account-name", endpoints().at("storageAccount").get<std::string>()});
  batchai_ok({"files", "copy", url, "share/copy.txt"});
  EXPECT_EQ(content_of(share_folder() / "copy.txt"), "hello");

  const std::string writable = batchai_json({"files", "url", "share/in/b.txt", "--permissions", "cw"});
  batchai_ok({"files", "upload", write_file("b.txt", "new").string(), writable});
  EXPECT_EQ(content_of(share_folder() / "in" / "b.txt"), "new");
  const ProcessResult refused = batchai({"files", "download", writable, back.string()});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, ::testing::Not(HasSubstr("sig=")));
}

}  // namespace
}  // namespace batchai::test

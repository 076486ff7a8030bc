#include "e2e/service.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

bool can_run(const std::string& command) { return run_process({"/bin/sh", "-c", command}).exit_code == 0; }

/// Jobs of several nodes under mpirun, or that reach their nodes themselves.
class DistributedMpi : public ServiceTest {
 protected:
  void SetUp() override {
    if (!can_run("command -v mpirun")) {
      GTEST_SKIP() << "mpirun is not installed (openmpi-bin, tests/run.sh --with-peers)";
    }
    start_service();
    prepare_cluster(2);
  }
};

TEST_F(DistributedMpi, StartsItsRanksOnBothNodesWithTheFoldersOfEach) {
  submit_job("mpi", {{"nodeCount", 2},
                     {"environmentVariables", {{{"name", "WORDS"}, {"value", "two words"}}}},
                     {"secrets", {{{"name", "TOKEN"}, {"value", "t'0"}}}},
                     {"jobPreparation", {{"commandLine", "echo prepared > $AZ_BATCHAI_JOB_TEMP/mine"}}},
                     {"customMpiSettings",
                      {{"commandLine",
                        "echo $OMPI_COMM_WORLD_RANK $(cat mine) $PWD $WORDS $TOKEN > "
                        "$AZ_BATCHAI_SHARED_JOB_TEMP/rank-$OMPI_COMM_WORLD_RANK; echo rank $OMPI_COMM_WORLD_RANK of "
                        "$OMPI_COMM_WORLD_SIZE; cp $AZ_BATCHAI_SHARED_JOB_TEMP/rank-$OMPI_COMM_WORLD_RANK "
                        "$AZ_BATCHAI_STDOUTERR_DIR"},
                       {"processCount", 4}}}});
  ASSERT_EQ(wait_for_job("mpi"), 0) << log_of("mpi", "stderr.txt");
  EXPECT_THAT(lines_of(log_of("mpi", "stdout.txt")),
              UnorderedElementsAre("rank 0 of 4", "rank 1 of 4", "rank 2 of 4", "rank 3 of 4"));

  std::set<std::string> folders;
  for (const std::string rank : {"0", "1", "2", "3"}) {
    std::istringstream words(log_of("mpi", "rank-" + rank));
    std::vector<std::string> found{std::istream_iterator<std::string>(words), {}};
    ASSERT_EQ(found.size(), 6U) << log_of("mpi", "rank-" + rank);
    folders.insert(found[2]);
    found.erase(found.begin() + 2);
    EXPECT_THAT(found, ElementsAre(rank, "prepared", "two", "words", "t'0"));
  }
  EXPECT_EQ(folders.size(), 2U) << "each node has a temporary folder of its own";
}

TEST_F(DistributedMpi, HasLogsPerNode) {
  submit_job("logs", {{"nodeCount", 2},
                      {"jobPreparation", {{"commandLine", "echo prepared"}}},
                      {"customMpiSettings", {{"commandLine", "true"}}}});
  ASSERT_EQ(wait_for_job("logs"), 0) << log_of("logs", "stderr.txt");
  const auto nodes = batchai_json({"job", "node", "list", "-g", "rg", "-w", "ws", "-e", "e", "-j", "logs"});
  ASSERT_EQ(nodes.size(), 2U);
  std::vector<std::string> expected{"stderr.txt", "stdout.txt"};
  for (const auto& node : nodes) {
    const std::string id = node.at("nodeId");
    expected.insert(expected.end(),
                    {"execution-" + id + ".log", "stdout-job_prep-" + id + ".txt", "stderr-job_prep-" + id + ".txt"});
    EXPECT_EQ(log_of("logs", "stdout-job_prep-" + id + ".txt"), "prepared\n");
  }
  EXPECT_THAT(log_names("logs"), ::testing::UnorderedElementsAreArray(expected));
}

TEST_F(DistributedMpi, EndsWithTheExitCodeOfTheRankThatFailed) {
  for (const std::string code : {"5", "7"}) {
    const auto job = "fails-" + code;
    submit_job(job,
               {{"nodeCount", 2},
                {"customMpiSettings", {{"commandLine", "[ $OMPI_COMM_WORLD_RANK = 0 ] && sleep 1000; exit " + code}}}});
    EXPECT_EQ(wait_for_job(job), std::stoi(code)) << log_of(job, "stderr.txt");
    EXPECT_EQ(job_properties(job).at("executionInfo").at("errors").at(0).at("code"), "JobFailed");
  }
}

TEST_F(DistributedMpi, RunsSeveralProcessesOnOneNode) {
  submit_job("one", {{"nodeCount", 1},
                     {"customMpiSettings", {{"commandLine", "echo $OMPI_COMM_WORLD_RANK"}, {"processCount", 3}}}});
  ASSERT_EQ(wait_for_job("one"), 0) << log_of("one", "stderr.txt");
  EXPECT_THAT(lines_of(log_of("one", "stdout.txt")), UnorderedElementsAre("0", "1", "2"));
}

TEST_F(DistributedMpi, ReducesOverAllRanks) {
  if (!can_run("/usr/bin/python3 -c 'import mpi4py'")) {
    GTEST_SKIP() << "mpi4py is not installed (python3-mpi4py, tests/run.sh --with-peers)";
  }
  std::ofstream(share_folder() / "reduce.py") << "import sys\n"
                                                 "from mpi4py import MPI\n"
                                                 "world = MPI.COMM_WORLD\n"
                                                 "total = world.allreduce(world.rank + int(sys.argv[1]))\n"
                                                 "sys.stdout.write('rank %d: %d\\n' % (world.rank, total))\n";
  for (const std::string toolkit : {"horovod", "chainer"}) {
    submit_job(toolkit, {{"nodeCount", 2},
                         {toolkit + "Settings",
                          {{"pythonScriptFilePath", "$AZ_BATCHAI_MOUNT_ROOT/afs/reduce.py"},
                           {"pythonInterpreterPath", "/usr/bin/python3"},
                           {"commandLineArgs", "10"}}}});
    ASSERT_EQ(wait_for_job(toolkit), 0) << log_of(toolkit, "stderr.txt");
    EXPECT_THAT(lines_of(log_of(toolkit, "stdout.txt")), UnorderedElementsAre("rank 0: 21", "rank 1: 21"));
  }
}

/// No MPI: the job fans out by itself.
class DistributedCustom : public ServiceTest {};

TEST_F(DistributedCustom, ReachesItsNodesBySshWithoutAPassword) {
  start_service();
  prepare_cluster(2);
  submit_job("fan", {{"nodeCount", 2},
                     {"customToolkitSettings",
                      {{"commandLine",
                        "for node in ${AZ_BATCH_HOST_LIST//,/ }; do ssh -o StrictHostKeyChecking=no $node "
                        "'echo on $AZ_BATCHAI_JOB_TEMP; test -d $AZ_BATCHAI_JOB_TEMP' || exit 3; done; "
                        "ssh ${AZ_BATCH_HOST_LIST#*,} exit 4; echo ended with $?"}}}});
  ASSERT_EQ(wait_for_job("fan"), 0) << log_of("fan", "stderr.txt");
  const auto lines = lines_of(log_of("fan", "stdout.txt"));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], StartsWith("on /"));
  EXPECT_THAT(lines[1], StartsWith("on /"));
  EXPECT_NE(lines[0], lines[1]);
  EXPECT_EQ(lines[2], "ended with 4");
}

}  // namespace
}  // namespace batchai::test

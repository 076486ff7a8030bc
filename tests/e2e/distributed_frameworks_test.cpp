#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

/// A job in the shape of TensorFlow's: parameter servers that never end by themselves and workers that talk to them and
/// to each other, all at the places that the service has told them.
constexpr const char* kReplica = R"py(
import json, os, socket, sys, threading

def place(text):
    host, port = text.split(':')
    return host, int(port)

def listen(text):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(place(text))
    server.listen()
    return server

def ask(text, message):
    while True:
        try:
            with socket.create_connection(place(text)) as line:
                line.sendall(message.encode() + b'\n')
                return line.makefile().readline().strip()
        except ConnectionRefusedError:
            pass

role, servers, workers, index = sys.argv[1], sys.argv[2].split(','), sys.argv[3].split(','), int(sys.argv[4])
config = json.loads(os.environ['TF_CONFIG'])
assert config['cluster'] == {'ps': servers, 'worker': workers}, config
assert config['task'] == {'type': role, 'index': index}, config
assert config['environment'] == 'cloud'
assert os.environ['KERAS_BACKEND'] == 'tensorflow'

if role == 'ps':
    listener, lines = listen(servers[index]), []
    while True:
        line, _ = listener.accept()
        lines.append((line, int(line.makefile().readline())))
        print('gradient', flush=True)
        if len(lines) == len(workers):
            for other, _ in lines:
                other.sendall(b'%d\n' % sum(number for _, number in lines))
                other.close()
            lines = []

def greet():
    for _ in range(len(workers) - 1):
        line, _ = listener.accept()
        line.makefile().readline()
        line.sendall(b'worker %d\n' % index)
        line.close()

listener = listen(workers[index])
greeter = threading.Thread(target=greet)
greeter.start()
for other in range(len(workers)):
    if other != index:
        print(role, 'met', ask(workers[other], 'hello'))
print('sum', ask(servers[0], str(index + 1)))
greeter.join()
)py";

constexpr const char* kAllReduce = R"py(
import argparse
import torch
import torch.distributed as dist

parser = argparse.ArgumentParser()
parser.add_argument('--dist-url')
parser.add_argument('--dist-backend')
parser.add_argument('--rank', type=int)
parser.add_argument('--world-size', type=int)
args = parser.parse_args()
dist.init_process_group(args.dist_backend, init_method=args.dist_url, rank=args.rank, world_size=args.world_size)
numbers = torch.ones(3) * (dist.get_rank() + 1)
dist.all_reduce(numbers)
print('rank', dist.get_rank(), numbers.tolist())
dist.destroy_process_group()
)py";

class DistributedFrameworks : public ServiceTest {
 protected:
  void SetUp() override {
    start_service();
    prepare_cluster(2);
  }

  /// The node-wise logs of a job that has prepared nothing, and these besides.
  void expect_logs(const std::string& job, std::vector<std::string> expected) const {
    for (const auto& node : batchai_json({"job", "node", "list", "-g", "rg", "-w", "ws", "-e", "e", "-j", job})) {
      expected.push_back("execution-" + node.at("nodeId").get<std::string>() + ".log");
    }
    EXPECT_THAT(log_names(job), ::testing::UnorderedElementsAreArray(expected));
  }

  /// What `job create --stream` prints.
  std::string streamed(const std::string& job, nlohmann::json properties) const {
    properties.emplace("stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs");
    const auto file = write_file(job + ".json", nlohmann::json{{"properties", std::move(properties)}}.dump());
    const ProcessResult result = batchai({"job", "create", "-g", "rg", "-w", "ws", "-e", "e", "-n", job, "-c", "c",
                                          "-f", file.string(), "--stream", "-o", "none"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
};

TEST_F(DistributedFrameworks, TensorFlowRolesFindEachOtherByTheirHostLists) {
  std::ofstream(share_folder() / "replica.py") << kReplica;
  const std::string lists = " $AZ_BATCHAI_PS_HOSTS $AZ_BATCHAI_WORKER_HOSTS $AZ_BATCHAI_TASK_INDEX";
  submit_job("tf", {{"nodeCount", 2},
                    {"tensorFlowSettings",
                     {{"pythonScriptFilePath", "$AZ_BATCHAI_MOUNT_ROOT/afs/replica.py"},
                      {"masterCommandLineArgs", "master" + lists},
                      {"workerCommandLineArgs", "worker" + lists},
                      {"parameterServerCommandLineArgs", "ps" + lists},
                      {"workerCount", 2},
                      {"parameterServerCount", 1}}}});
  ASSERT_EQ(wait_for_job("tf"), 0) << log_of("tf", "stderr-wk-0.txt") << log_of("tf", "stderr-wk-1.txt")
                                   << log_of("tf", "stderr-ps-0.txt");
  EXPECT_EQ(log_of("tf", "stdout-wk-0.txt"), "master met worker 1\nsum 3\n");
  EXPECT_EQ(log_of("tf", "stdout-wk-1.txt"), "worker met worker 0\nsum 3\n");
  EXPECT_EQ(log_of("tf", "stdout-ps-0.txt"), "gradient\ngradient\n");
  expect_logs("tf", {"stdout-wk-0.txt", "stderr-wk-0.txt", "stdout-wk-1.txt", "stderr-wk-1.txt", "stdout-ps-0.txt",
                     "stderr-ps-0.txt"});
}

TEST_F(DistributedFrameworks, PyTorchReducesOverGloo) {
  if (run_process({"/usr/bin/python3", "-c", "import torch"}).exit_code != 0) {
    GTEST_SKIP() << "PyTorch is not installed (python3-torch, tests/run.sh --with-peers)";
  }
  std::ofstream(share_folder() / "reduce.py") << kAllReduce;
  submit_job("torch", {{"nodeCount", 2},
                       {"pyTorchSettings",
                        {{"pythonScriptFilePath", "$AZ_BATCHAI_MOUNT_ROOT/afs/reduce.py"},
                         {"pythonInterpreterPath", "/usr/bin/python3"},
                         {"commandLineArgs",
                          "--world-size 2 --dist-backend $AZ_BATCHAI_PYTORCH_BACKEND --dist-url "
                          "$AZ_BATCHAI_PYTORCH_INIT_METHOD --rank $AZ_BATCHAI_TASK_INDEX"},
                         {"communicationBackend", "gloo"}}}});
  ASSERT_EQ(wait_for_job("torch"), 0) << log_of("torch", "stderr-0.txt") << log_of("torch", "stderr-1.txt");
  EXPECT_EQ(log_of("torch", "stdout-0.txt"), "rank 0 [3.0, 3.0, 3.0]\n");
  EXPECT_EQ(log_of("torch", "stdout-1.txt"), "rank 1 [3.0, 3.0, 3.0]\n");
  expect_logs("torch", {"stdout-0.txt", "stderr-0.txt", "stdout-1.txt", "stderr-1.txt"});
}

TEST_F(DistributedFrameworks, AStreamIsThatOfTheFirstProcess) {
  std::ofstream(share_folder() / "says.py") << "import os, sys\n"
                                               "print(*sys.argv[1:], os.environ['AZ_BATCHAI_TASK_INDEX'])\n";
  const std::string script = "$AZ_BATCHAI_MOUNT_ROOT/afs/says.py";
  EXPECT_EQ(streamed("tf", {{"nodeCount", 2},
                            {"tensorFlowSettings",
                             {{"pythonScriptFilePath", script},
                              {"masterCommandLineArgs", "master"},
                              {"workerCommandLineArgs", "worker"},
                              {"parameterServerCommandLineArgs", "server"},
                              {"workerCount", 2},
                              {"parameterServerCount", 1}}}}),
            "master 0\n");
  EXPECT_EQ(streamed("caffe2", {{"nodeCount", 2},
                                {"caffe2Settings", {{"pythonScriptFilePath", script}, {"commandLineArgs", "rank"}}}}),
            "rank 0\n");
}

TEST_F(DistributedFrameworks, ARankThatFailsEndsThoseThatWaitForIt) {
  std::ofstream(share_folder() / "waits.py") << "import os, sys, time\n"
                                                "if os.environ['AZ_BATCHAI_TASK_INDEX'] == '1': sys.exit(9)\n"
                                                "time.sleep(1000)\n";
  submit_job("fails",
             {{"nodeCount", 2}, {"caffe2Settings", {{"pythonScriptFilePath", "$AZ_BATCHAI_MOUNT_ROOT/afs/waits.py"}}}});
  EXPECT_EQ(wait_for_job("fails"), 9);
}

}  // namespace
}  // namespace batchai::test

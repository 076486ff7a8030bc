// Uploads a file, sorts its lines as a job, prints what the job says meanwhile, and downloads what it made.
//
//   sort_words WORDS RESULT     reads the file WORDS, leaves the job's output in the folder RESULT
#include <batchai/batchai.hpp>

#include <iostream>

using namespace batchai;

int main(int argc, char** argv) try {
  if (argc != 3) throw InvalidArgument("give a file and a folder: WORDS RESULT");
  const auto client = Client::from_environment();
  const auto share = files::ShareServiceClient(files::StorageAccount::from_environment()).share("demo");
  share.directory("words").create_all();
  files::upload_file(argv[1], share.directory("words").file("words.txt"));

  const std::string root = "$AZ_BATCHAI_MOUNT_ROOT/afs";
  const std::string command = "sort $AZ_BATCHAI_INPUT_WORDS/words.txt | tee $AZ_BATCHAI_OUTPUT_SORTED/sorted.txt";
  const JobRef job{"demo", "ws", "e", "sort"};
  client.jobs()
      .start_create(job.group, job.workspace, job.experiment, job.job,
                    {.cluster = {.id = client.clusters().get("demo", "ws", "c").id},
                     .node_count = 1,
                     .custom_toolkit_settings = CustomToolkitSettings{.command_line = command},
                     .std_out_err_path_prefix = root,
                     .input_directories = {{.id = "WORDS", .path = root + "/words"}},
                     .output_directories = {{.id = "SORTED", .path_prefix = root}}})
      .wait();
  for (const OutputPiece& piece : client.jobs().follow(job)) std::cout << piece.bytes << std::flush;
  for (const auto& file : client.jobs().download_outputs(job, argv[2], {.place = {"SORTED"}}).files)
    std::cout << file.path << '\n';
  return client.jobs().wait(job).execution_state == ExecutionState::kSucceeded ? 0 : 1;
} catch (const Error& error) {
  std::cerr << "sort_words: " << error.what() << '\n';
  return 1;
}

#pragma once

#include "server/run/engine.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What podman is told so that the processes of a run have a container. It is podman's command line that is used;
/// nothing secret is on one.
namespace batchai::server {

/// `podman` in the folders of PATH; empty where there is none.
std::filesystem::path podman_program();

/// The name of a run's container, by which it is found again.
std::string container_name(const std::string& run_id);
/// The run whose container has this name; empty for containers of others.
std::string run_of_container(std::string_view name);

/// Texts of `containers.conf` and `storage.conf` in RunContainer::configuration. They stand in place of those of the
/// machine, which may ask for what does not work here; registries, their certificates and policies stay the machine's.
std::string containers_configuration();
std::string storage_configuration(const RunContainer& container);

/// All variables of podman itself.
std::map<std::string, std::string> podman_environment(const RunContainer& container);
/// What stands before podman's subcommand.
std::vector<std::string> podman_options(const RunContainer& container);

/// Whether an image is in an archive: `docker-archive:` or `oci-archive:`, and a path.
bool is_archive(std::string_view image);
std::filesystem::path archive_path(const std::string& image);

/// `podman pull`, which prints the id of the image. As descriptor 3 podman has the archive, or the credentials if there
/// are such.
std::vector<std::string> pull_arguments(const RunContainer& container);

/// `podman run` of a container from an image that is there. It lasts until the pipe that podman has as descriptor 3 has
/// no writer any more. Looks at the limits of this process and at the machine's GPUs.
std::vector<std::string> run_arguments(const RunPlan& plan, const std::string& image);

/// `podman exec` of a process. podman has as descriptors 3 and 4 the outputs of the process, as 5 what sets its
/// variables and `_batchai_command`, and as 6 a pipe that gets the byte 1 when it begins.
std::vector<std::string> exec_arguments(const RunPlan& plan, const RunProcess& process);
/// What podman has said, as one sentence: its last line, without what it puts before.
std::string podman_reason(const std::string& errors);

}  // namespace batchai::server

#include "cli/requests/file_server_request.hpp"

#include "cli/app/options.hpp"
#include "cli/requests/admin_account.hpp"
#include "cli/requests/config_file.hpp"
#include "cli/requests/subnet.hpp"

namespace batchai::cli {
namespace {

constexpr std::string_view kDisks = "Disks";

void apply_machine(FileServerCreateParameters& parameters, const Arguments& arguments) {
  if (const auto size = arguments.find("vm-size")) {
    parameters.vm_size = *size;
  }
  if (parameters.vm_size.empty()) {
    throw UsageError("please provide the VM size", "use -s/--vm-size, or vmSize in the config file");
  }
  if (const auto subnet = arguments.find("subnet")) {
    parameters.subnet = read_subnet(*subnet);
  }
}

/// A number that an option or the config file has to give.
void apply_number(std::int32_t& value, const Arguments& arguments, std::string_view option, const std::string& what) {
  value = arguments.integer(option).value_or(value);
  if (value <= 0) {
    throw UsageError("please provide the " + what,
                     "use --" + std::string(option) + ", or dataDisks in the config file");
  }
}

void apply_disks(DataDisks& disks, const Arguments& arguments) {
  apply_number(disks.disk_count, arguments, "disk-count", "number of disks");
  apply_number(disks.disk_size_in_gb, arguments, "disk-size", "size of the disks");
  if (const auto sku = arguments.find("storage-sku")) {
    disks.storage_account_type = StorageAccountType(*sku);
  }
  if (disks.storage_account_type.value().empty()) {
    throw UsageError("please provide the storage SKU of the disks",
                     "use --storage-sku, or dataDisks in the config file");
  }
  if (const auto caching = arguments.find("caching-type")) {
    disks.caching_type = CachingType(*caching);
  }
}

}  // namespace

std::vector<OptionSpec> file_server_create_options() {
  std::vector<OptionSpec> options{
      {.name = "config-file",
       .short_name = 'f',
       .summary = "JSON file with the file server's parameters, '-': standard input; options are stronger.",
       .value_name = "FILE"},
      {.name = "vm-size",
       .short_name = 's',
       .summary = "Size of the machine, as Standard_DS2_v2.",
       .value_name = "SIZE"},
      {.name = "disk-count",
       .summary = "Number of disks.",
       .kind = OptionKind::Integer,
       .value_name = "N",
       .group = kDisks},
      {.name = "disk-size",
       .summary = "Size of each disk in GB.",
       .kind = OptionKind::Integer,
       .value_name = "GB",
       .group = kDisks},
      {.name = "storage-sku",
       .summary = "Kind of the disks.",
       .value_name = "SKU",
       .group = kDisks,
       .choices = {"Standard_LRS", "Premium_LRS"}},
      {.name = "caching-type",
       .summary = "Caching of premium disks.",
       .value_name = "TYPE",
       .group = kDisks,
       .choices = {"none", "readonly", "readwrite"}},
      {.name = "subnet", .summary = "Full id of the subnet.", .value_name = "ID"}};
  return join(std::move(options), admin_options());
}

FileServerCreateParameters build_file_server_parameters(const Arguments& arguments, const Context& context) {
  generate_wanted_ssh_keys(arguments, context);
  FileServerCreateParameters parameters;
  if (const auto file = arguments.find("config-file")) {
    const nlohmann::json elsewhere{{"properties",
                                    {{"vmSize", ""},
                                     {"dataDisks", {{"diskCount", 0}, {"diskSizeInGB", 0}, {"storageAccountType", ""}}},
                                     {"sshConfiguration", {{"userAccountSettings", {{"adminUserName", ""}}}}}}}};
    parameters = read_config_file<FileServerCreateParameters>(*file, "FileServerCreateParameters", elsewhere, context);
  }
  apply_machine(parameters, arguments);
  apply_disks(parameters.data_disks, arguments);
  complete_admin_account(parameters.ssh_configuration.user_account_settings, arguments, context);
  return parameters;
}

}  // namespace batchai::cli

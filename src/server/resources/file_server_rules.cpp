#include "server/resources/file_server_rules.hpp"

#include "core/parse_number.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/vm_size.hpp"

#include <array>

#include <arpa/inet.h>

namespace batchai::server {

namespace {

// Azure's own limits: of disks at one machine, of a disk's size, and of address ranges (API description).
constexpr std::int32_t kMostDisks = 64;
constexpr std::int32_t kLargestDiskInGb = 32767;
constexpr std::size_t kMostRanges = 400;

const std::string kDisks = "properties.dataDisks";
const std::string kSsh = "properties.sshConfiguration";

void check_range(const std::string& target, std::int32_t value, std::int32_t highest) {
  if (value < 1 || value > highest) {
    throw invalid_content(target, target + ": expected 1 to " + std::to_string(highest));
  }
}

void complete_disks(const std::string& vm_size, DataDisks& disks) {
  check_range(kDisks + ".diskSizeInGB", disks.disk_size_in_gb, kLargestDiskInGb);
  check_range(kDisks + ".diskCount", disks.disk_count, kMostDisks);
  require_text(kDisks + ".storageAccountType", disks.storage_account_type.value());
  disks.storage_account_type = enum_or_default(kDisks + ".storageAccountType", disks.storage_account_type.value(),
                                               {StorageAccountType::kStandardLrs, StorageAccountType::kPremiumLrs});
  disks.caching_type = enum_or_default(kDisks + ".cachingType", disks.caching_type.value(),
                                       {CachingType::kNone, CachingType::kReadOnly, CachingType::kReadWrite});
  if (vm_size_takes_premium_disks(vm_size)) {
    return;
  }
  if (disks.storage_account_type == StorageAccountType::kPremiumLrs) {
    throw invalid_content(kDisks + ".storageAccountType",
                          kDisks + ".storageAccountType: machines of the size " + vm_size + " take no premium disks");
  }
  if (disks.caching_type != CachingType::kNone) {
    throw invalid_content(kDisks + ".cachingType",
                          kDisks + ".cachingType: only machines that take premium disks have caching, not " + vm_size);
  }
}

bool is_number_up_to(const std::string& text, unsigned highest) {
  const auto number = parse_number<unsigned>(text);
  return number && *number <= highest && text.size() <= 3;
}

/// `*`, an address, or a range as `10.0.0.0/8`.
bool is_address_range(const std::string& text) {
  const auto slash = text.find('/');
  const std::string address = text.substr(0, slash);
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const bool version4 = ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  const bool version6 = !version4 && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
  if (slash != std::string::npos && !is_number_up_to(text.substr(slash + 1), version4 ? 32 : 128)) {
    return false;
  }
  return text == "*" || version4 || version6;
}

void check_ssh(const SshConfiguration& ssh) {
  check_account(kSsh + ".userAccountSettings", ssh.user_account_settings);
  const auto& allowed = ssh.public_ips_to_allow;
  if (allowed.size() > kMostRanges) {
    throw invalid_content(kSsh + ".publicIPsToAllow",
                          kSsh + ".publicIPsToAllow: at most " + std::to_string(kMostRanges) + " are possible");
  }
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    const std::string target = kSsh + ".publicIPsToAllow[" + std::to_string(i) + "]";
    if (!is_address_range(allowed[i])) {
      throw invalid_content(target, target + ": expected *, an address, or a range as 10.0.0.0/8");
    }
  }
}

}  // namespace

void complete_file_server(FileServerCreateParameters& parameters) {
  require_text("properties.vmSize", parameters.vm_size);
  parameters.vm_size = shown_vm_size(parameters.vm_size);
  complete_disks(parameters.vm_size, parameters.data_disks);
  check_ssh(parameters.ssh_configuration);
  if (parameters.subnet) {
    check_resource_id("properties.subnet.id", parameters.subnet->id, "Microsoft.Network/virtualNetworks/subnets");
  }
}

}  // namespace batchai::server

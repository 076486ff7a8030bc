#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Security descriptors of Windows in their two forms (MS-DTYP 2.4.6 and 2.5.1): owner, group, and lists of who may do
/// what, with entries that allow, deny, audit or label. Names of accounts that stand for others in each domain, entries
/// for objects and entries with conditions are not known.
namespace batchai::server::files {

/// The self-relative form; nothing for what is no such descriptor.
std::optional<std::string> descriptor_from_sddl(std::string_view sddl);
/// As `O:SYG:SYD:(A;;FA;;;BA)`; nothing for what is no such descriptor.
std::optional<std::string> sddl_from_descriptor(std::string_view bytes);

}  // namespace batchai::server::files

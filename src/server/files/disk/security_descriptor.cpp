#include "server/files/disk/security_descriptor.hpp"

#include "core/parse_number.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

namespace batchai::server::files {
namespace {

using Word = std::pair<std::string_view, std::uint32_t>;

// Bits of the control field.
constexpr std::uint32_t kDaclPresent = 0x0004;
constexpr std::uint32_t kSaclPresent = 0x0010;
constexpr std::uint32_t kSelfRelative = 0x8000;
/// Of the DACL; those of the SACL are the next higher ones.
constexpr std::array<Word, 3> kListFlags = {{{"P", 0x1000}, {"AR", 0x0100}, {"AI", 0x0400}}};
constexpr std::string_view kNullList = "NO_ACCESS_CONTROL";

constexpr std::array<Word, 4> kEntryTypes = {{{"A", 0x00}, {"D", 0x01}, {"AU", 0x02}, {"ML", 0x11}}};
constexpr std::array<Word, 7> kEntryFlags = {
    {{"OI", 0x01}, {"CI", 0x02}, {"NP", 0x04}, {"IO", 0x08}, {"ID", 0x10}, {"SA", 0x40}, {"FA", 0x80}}};
/// What is written by name; other rights are numbers.
constexpr std::array<Word, 4> kFileRights = {{{"FA", 0x1f01ff}, {"FR", 0x120089}, {"FW", 0x120116}, {"FX", 0x1200a0}}};
constexpr std::array<Word, 17> kRights = {{{"GA", 0x10000000},
                                           {"GX", 0x20000000},
                                           {"GW", 0x40000000},
                                           {"GR", 0x80000000},
                                           {"SD", 0x10000},
                                           {"RC", 0x20000},
                                           {"WD", 0x40000},
                                           {"WO", 0x80000},
                                           {"CC", 0x1},
                                           {"DC", 0x2},
                                           {"LC", 0x4},
                                           {"SW", 0x8},
                                           {"RP", 0x10},
                                           {"WP", 0x20},
                                           {"DT", 0x40},
                                           {"LO", 0x80},
                                           {"CR", 0x100}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 42> kAccounts = {
    {{"WD", "S-1-1-0"},      {"CO", "S-1-3-0"},      {"CG", "S-1-3-1"},      {"OW", "S-1-3-4"},
     {"NU", "S-1-5-2"},      {"IU", "S-1-5-4"},      {"SU", "S-1-5-6"},      {"AN", "S-1-5-7"},
     {"ED", "S-1-5-9"},      {"PS", "S-1-5-10"},     {"AU", "S-1-5-11"},     {"RC", "S-1-5-12"},
     {"SY", "S-1-5-18"},     {"LS", "S-1-5-19"},     {"NS", "S-1-5-20"},     {"WR", "S-1-5-33"},
     {"BA", "S-1-5-32-544"}, {"BU", "S-1-5-32-545"}, {"BG", "S-1-5-32-546"}, {"PU", "S-1-5-32-547"},
     {"AO", "S-1-5-32-548"}, {"SO", "S-1-5-32-549"}, {"PO", "S-1-5-32-550"}, {"BO", "S-1-5-32-551"},
     {"RE", "S-1-5-32-552"}, {"RU", "S-1-5-32-554"}, {"RD", "S-1-5-32-555"}, {"NO", "S-1-5-32-556"},
     {"MU", "S-1-5-32-558"}, {"LU", "S-1-5-32-559"}, {"IS", "S-1-5-32-568"}, {"CY", "S-1-5-32-569"},
     {"ER", "S-1-5-32-573"}, {"CD", "S-1-5-32-574"}, {"HA", "S-1-5-32-578"}, {"AA", "S-1-5-32-579"},
     {"AC", "S-1-15-2-1"},   {"LW", "S-1-16-4096"},  {"ME", "S-1-16-8192"},  {"MP", "S-1-16-8448"},
     {"HI", "S-1-16-12288"}, {"SI", "S-1-16-16384"}}};

constexpr std::size_t kHeader = 20;
constexpr std::size_t kListHeader = 8;
constexpr std::size_t kMostSubauthorities = 15;

struct AccessEntry {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t rights = 0;
  /// Binary.
  std::string account = {};
};

/// Nothing: a list that denies nobody.
using AccessList = std::optional<std::vector<AccessEntry>>;

struct ParsedDescriptor {
  std::uint32_t control = kSelfRelative;
  /// Binary; empty: none.
  std::string owner = {};
  std::string group = {};
  AccessList dacl = {};
  AccessList sacl = {};
};

/// Cuts off the text before `separator`, and the separator; all of it where there is none.
std::string_view take_until(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

template <std::size_t N>
std::optional<std::uint32_t> find_word(const std::array<Word, N>& words, std::string_view name) {
  const auto* word = std::find_if(words.begin(), words.end(), [&](const Word& each) { return each.first == name; });
  return word == words.end() ? std::nullopt : std::optional(word->second);
}

template <std::size_t N>
std::optional<std::string_view> find_name(const std::array<Word, N>& words, std::uint32_t value) {
  const auto* word = std::find_if(words.begin(), words.end(), [&](const Word& each) { return each.second == value; });
  return word == words.end() ? std::nullopt : std::optional(word->first);
}

// Little-endian numbers of `size` bytes.

void put(std::string& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes += static_cast<char>(value >> (8 * i) & 0xffU);
  }
}

/// The bytes have to be there.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

// Accounts: S-1-AUTHORITY-SUBAUTHORITY…, or two letters.

std::optional<std::string> account_from_text(std::string_view text) {
  const auto* known =
      std::find_if(kAccounts.begin(), kAccounts.end(), [&](const auto& each) { return each.first == text; });
  text = known != kAccounts.end() ? known->second : text;
  if (!text.starts_with("S-1-")) {
    return std::nullopt;
  }
  text.remove_prefix(4);
  const auto authority = parse_number<std::uint64_t>(take_until(text, '-'));
  std::string numbers;
  while (!text.empty()) {
    const auto number = parse_number<std::uint32_t>(take_until(text, '-'));
    if (!number) {
      return std::nullopt;
    }
    put(numbers, *number, 4);
  }
  if (!authority || *authority >> 48U != 0 || numbers.size() > 4 * kMostSubauthorities) {
    return std::nullopt;
  }
  std::string bytes = {1, static_cast<char>(numbers.size() / 4)};
  for (int shift = 40; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(*authority >> static_cast<unsigned>(shift) & 0xffU);
  }
  return bytes + numbers;
}

/// The account that begins at `at`.
std::optional<std::string> account_at(std::string_view bytes, std::size_t at) {
  constexpr std::size_t kSmallest = 8;
  if (at > bytes.size() || bytes.size() - at < kSmallest || bytes[at] != 1) {
    return std::nullopt;
  }
  const std::size_t count = static_cast<unsigned char>(bytes[at + 1]);
  const std::size_t size = kSmallest + 4 * count;
  return count <= kMostSubauthorities && bytes.size() - at >= size ? std::optional(std::string(bytes.substr(at, size)))
                                                                   : std::nullopt;
}

std::string account_to_text(std::string_view bytes) {
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) {
    authority = authority << 8U | static_cast<unsigned char>(bytes[i]);
  }
  std::string text = "S-1-" + std::to_string(authority);
  for (std::size_t at = 8; at < bytes.size(); at += 4) {
    text += "-" + std::to_string(number_at(bytes, at, 4));
  }
  const auto* known =
      std::find_if(kAccounts.begin(), kAccounts.end(), [&](const auto& each) { return each.second == text; });
  return known != kAccounts.end() ? std::string(known->first) : text;
}

// Entries: (TYPE;FLAGS;RIGHTS;;;ACCOUNT).

template <std::size_t N>
std::optional<std::uint32_t> words_to_bits(const std::array<Word, N>& words, std::string_view text) {
  std::uint32_t bits = 0;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const auto bit = find_word(words, text.substr(at, 2));
    if (!bit) {
      return std::nullopt;
    }
    bits |= *bit;
  }
  return bits;
}

std::optional<std::uint32_t> rights_from_text(std::string_view text) {
  if (text.starts_with("0x")) {
    return parse_number<std::uint32_t>(text.substr(2), 16);
  }
  const auto file_rights = find_word(kFileRights, text);
  return file_rights ? file_rights : words_to_bits(kRights, text);
}

std::string rights_to_text(std::uint32_t rights) {
  if (const auto name = find_name(kFileRights, rights)) {
    return std::string(*name);
  }
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%x", static_cast<unsigned>(rights));
  return text.data();
}

std::optional<AccessEntry> entry_from_text(std::string_view text) {
  const auto type = find_word(kEntryTypes, take_until(text, ';'));
  const auto flags = words_to_bits(kEntryFlags, take_until(text, ';'));
  const auto rights = rights_from_text(take_until(text, ';'));
  const bool for_object = !take_until(text, ';').empty() || !take_until(text, ';').empty();
  auto account = account_from_text(text);
  if (!type || !flags || !rights || for_object || !account) {
    return std::nullopt;
  }
  return AccessEntry{static_cast<std::uint8_t>(*type), static_cast<std::uint8_t>(*flags), *rights, *std::move(account)};
}

std::optional<std::string> entry_to_text(const AccessEntry& entry) {
  const auto type = find_name(kEntryTypes, entry.type);
  if (!type) {
    return std::nullopt;
  }
  std::string text = "(" + std::string(*type) + ";";
  for (const auto& [name, bit] : kEntryFlags) {
    text += (entry.flags & bit) != 0 ? name : "";
  }
  return text + ";" + rights_to_text(entry.rights) + ";;;" + account_to_text(entry.account) + ")";
}

// Lists: FLAGS(ENTRY)….

/// Cuts a list off the front of `text`; false for what is none. `shift` puts the flags of a DACL into their places.
bool take_list(std::string_view& text, AccessList& list, std::uint32_t& control, unsigned shift) {
  for (const auto& [name, bit] : kListFlags) {
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      control |= bit << shift;
    }
  }
  if (text.starts_with(kNullList)) {
    text.remove_prefix(kNullList.size());
    return true;
  }
  list.emplace();
  while (text.starts_with('(')) {
    text.remove_prefix(1);
    const auto entry = text.find(')') == std::string_view::npos ? std::nullopt : entry_from_text(take_until(text, ')'));
    if (!entry) {
      return false;
    }
    list->push_back(*entry);
  }
  return true;
}

std::optional<std::string> list_to_text(const AccessList& list, std::uint32_t control, unsigned shift) {
  std::string text;
  for (const auto& [name, bit] : kListFlags) {
    text += (control & bit << shift) != 0 ? name : "";
  }
  if (!list) {
    return text + std::string(kNullList);
  }
  for (const AccessEntry& entry : *list) {
    const auto part = entry_to_text(entry);
    if (!part) {
      return std::nullopt;
    }
    text += *part;
  }
  return text;
}

std::string list_to_bytes(const std::vector<AccessEntry>& list) {
  std::string entries;
  for (const AccessEntry& entry : list) {
    put(entries, entry.type, 1);
    put(entries, entry.flags, 1);
    put(entries, 8 + entry.account.size(), 2);
    put(entries, entry.rights, 4);
    entries += entry.account;
  }
  std::string bytes = {2, 0};
  put(bytes, kListHeader + entries.size(), 2);
  put(bytes, list.size(), 2);
  put(bytes, 0, 2);
  return bytes + entries;
}

/// The list that begins at `at`; false for what is none.
bool list_at(std::string_view bytes, std::size_t at, AccessList& list) {
  if (at > bytes.size() || bytes.size() - at < kListHeader) {
    return false;
  }
  const std::size_t count = number_at(bytes, at + 4, 2);
  bytes = bytes.substr(0, std::min<std::size_t>(bytes.size(), at + number_at(bytes, at + 2, 2)));
  at += kListHeader;
  list.emplace();
  for (std::size_t i = 0; i < count; ++i) {
    const auto account = account_at(bytes, at + 8);
    if (!account || number_at(bytes, at + 2, 2) < 8 + account->size()) {
      return false;
    }
    list->push_back({static_cast<std::uint8_t>(bytes[at]), static_cast<std::uint8_t>(bytes[at + 1]),
                     number_at(bytes, at + 4, 4), *account});
    at += number_at(bytes, at + 2, 2);
  }
  return true;
}

// The whole.

/// Reads the part that `letter` announces off the front of `text`.
bool take_part(char letter, std::string_view& text, ParsedDescriptor& descriptor) {
  if (letter == 'D' || letter == 'S') {
    const bool is_dacl = letter == 'D';
    descriptor.control |= is_dacl ? kDaclPresent : kSaclPresent;
    return take_list(text, is_dacl ? descriptor.dacl : descriptor.sacl, descriptor.control, is_dacl ? 0 : 1);
  }
  // An account ends where the next part's letter begins.
  const auto colon = text.find(':');
  const std::string_view account = colon == std::string_view::npos ? text : text.substr(0, colon == 0 ? 0 : colon - 1);
  auto bytes = account_from_text(account);
  if ((letter != 'O' && letter != 'G') || !bytes) {
    return false;
  }
  (letter == 'O' ? descriptor.owner : descriptor.group) = *std::move(bytes);
  text.remove_prefix(account.size());
  return true;
}

/// An offset and, at the end, the bytes it points to.
void put_part(std::string& header, std::string& body, const std::string& part) {
  put(header, part.empty() ? 0 : kHeader + body.size(), 4);
  body += part;
}

std::optional<ParsedDescriptor> parse_descriptor(std::string_view bytes) {
  if (bytes.size() < kHeader || bytes[0] != 1 || (number_at(bytes, 2, 2) & kSelfRelative) == 0) {
    return std::nullopt;
  }
  ParsedDescriptor result{.control = number_at(bytes, 2, 2)};
  for (const auto& [at, member] : {std::pair{4, &ParsedDescriptor::owner}, std::pair{8, &ParsedDescriptor::group}}) {
    if (const std::uint32_t offset = number_at(bytes, static_cast<std::size_t>(at), 4); offset != 0) {
      auto account = account_at(bytes, offset);
      if (!account) {
        return std::nullopt;
      }
      result.*member = *std::move(account);
    }
  }
  for (const auto& [at, member] : {std::pair{12, &ParsedDescriptor::sacl}, std::pair{16, &ParsedDescriptor::dacl}}) {
    const std::uint32_t offset = number_at(bytes, static_cast<std::size_t>(at), 4);
    if (offset != 0 && !list_at(bytes, offset, result.*member)) {
      return std::nullopt;
    }
  }
  return result;
}

}  // namespace

std::optional<std::string> descriptor_from_sddl(std::string_view sddl) {
  ParsedDescriptor descriptor;
  while (!sddl.empty()) {
    const char letter = sddl.front();
    if (sddl.size() < 2 || sddl[1] != ':') {
      return std::nullopt;
    }
    sddl.remove_prefix(2);
    if (!take_part(letter, sddl, descriptor)) {
      return std::nullopt;
    }
  }
  std::string body;
  std::string sacl_offset;
  std::string dacl_offset;
  std::string header = {1, 0};
  put(header, descriptor.control, 2);
  put_part(sacl_offset, body, descriptor.sacl ? list_to_bytes(*descriptor.sacl) : "");
  put_part(dacl_offset, body, descriptor.dacl ? list_to_bytes(*descriptor.dacl) : "");
  put_part(header, body, descriptor.owner);
  put_part(header, body, descriptor.group);
  return header + sacl_offset + dacl_offset + body;
}

std::optional<std::string> sddl_from_descriptor(std::string_view bytes) {
  const auto descriptor = parse_descriptor(bytes);
  if (!descriptor) {
    return std::nullopt;
  }
  const std::uint32_t control = descriptor->control;
  const auto dacl = list_to_text(descriptor->dacl, control, 0);
  const auto sacl = list_to_text(descriptor->sacl, control, 1);
  if (!dacl || !sacl) {
    return std::nullopt;
  }
  std::string text = descriptor->owner.empty() ? "" : "O:" + account_to_text(descriptor->owner);
  text += descriptor->group.empty() ? "" : "G:" + account_to_text(descriptor->group);
  text += (control & kDaclPresent) != 0 ? "D:" + *dacl : "";
  text += (control & kSaclPresent) != 0 ? "S:" + *sacl : "";
  return text;
}

}  // namespace batchai::server::files

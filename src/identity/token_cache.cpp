#include "identity/token_cache.hpp"

#include "core/private_file.hpp"

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

using nlohmann::json;
using Tokens = std::map<std::string, AccessToken>;

std::optional<AccessToken> read_entry(const json& entry) {
  const auto token = entry.is_object() ? entry.find("accessToken") : entry.end();
  const auto expiry = entry.is_object() ? entry.find("expiresOn") : entry.end();
  if (token == entry.end() || !token->is_string() || expiry == entry.end() || !expiry->is_string()) {
    return std::nullopt;
  }
  const auto time = parse_iso8601(expiry->get_ref<const std::string&>());
  return time ? std::optional(AccessToken{Secret(token->get<std::string>()), *time}) : std::nullopt;
}

Tokens read_tokens(const std::filesystem::path& file) {
  Tokens tokens;
  const auto text = read_private_file(file);
  const json document = text ? json::parse(*text, nullptr, false) : json();
  if (!document.is_object()) {
    return tokens;
  }
  for (const auto& [key, entry] : document.items()) {
    if (auto token = read_entry(entry)) {
      tokens.emplace(key, std::move(*token));
    }
  }
  return tokens;
}

void write_tokens(const std::filesystem::path& file, const Tokens& tokens) {
  json document = json::object();
  for (const auto& [key, token] : tokens) {
    document[key] = {{"accessToken", token.token.reveal()}, {"expiresOn", format_iso8601(token.expires_on)}};
  }
  write_private_file(file, document.dump());
}

}  // namespace

std::optional<AccessToken> TokenCache::find(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  if (const auto known = memory_.find(key); known != memory_.end()) {
    return known->second;
  }
  if (file_.empty()) {
    return std::nullopt;
  }
  const Tokens tokens = read_tokens(file_);
  const auto stored = tokens.find(key);
  return stored == tokens.end() ? std::nullopt : std::optional(stored->second);
}

void TokenCache::store(const std::string& key, const AccessToken& token, Timestamp now) {
  const std::scoped_lock lock(mutex_);
  memory_.insert_or_assign(key, token);
  if (file_.empty()) {
    return;
  }
  try {
    const PrivateFileLock file_lock(file_, WithoutLocks::kGoOn);
    Tokens tokens = read_tokens(file_);
    std::erase_if(tokens, [now](const auto& entry) { return entry.second.expires_on <= now; });
    tokens.insert_or_assign(key, token);
    write_tokens(file_, tokens);
  } catch (const std::exception&) {
    // A full disk or a read-only home is no reason to fail.
  }
}

}  // namespace batchai::inline v1

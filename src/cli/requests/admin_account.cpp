#include "cli/requests/admin_account.hpp"

#include "batchai/core/http.hpp"
#include "cli/app/local_files.hpp"
#include "core/private_file.hpp"

#include <algorithm>
#include <array>

#include <pwd.h>
#include <unistd.h>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

/// Names that Azure refuses for administrators of Linux machines.
bool is_reserved(const std::string& name) {
  constexpr std::array<std::string_view, 30> kReserved{"1",
                                                       "123",
                                                       "a",
                                                       "actuser",
                                                       "adm",
                                                       "admin",
                                                       "admin1",
                                                       "admin2",
                                                       "administrator",
                                                       "aspnet",
                                                       "backup",
                                                       "console",
                                                       "guest",
                                                       "owner",
                                                       "root",
                                                       "server",
                                                       "sql",
                                                       "support",
                                                       "support_388945a0",
                                                       "sys",
                                                       "test",
                                                       "test1",
                                                       "test2",
                                                       "test3",
                                                       "user",
                                                       "user1",
                                                       "user2",
                                                       "user3",
                                                       "user4",
                                                       "user5"};
  return std::find(kReserved.begin(), kReserved.end(), to_lower(name)) != kReserved.end();
}

std::string current_user(const Environment& environment) {
  for (const char* variable : {"LOGNAME", "USER"}) {
    if (const auto name = environment.find(variable)) {
      return *name;
    }
  }
  const passwd* entry = ::getpwuid(::geteuid());
  return entry == nullptr ? "" : entry->pw_name;
}

fs::path ssh_folder(const Environment& environment) {
  const auto home = environment.find("HOME");
  return home ? fs::path(*home) / ".ssh" : fs::path();
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

/// A key has blanks, also where there are slashes in it.
bool looks_like_a_path(const std::string& text) {
  return text.ends_with(".pub") || (text.find('/') != std::string::npos && text.find(' ') == std::string::npos &&
                                    text.find('\n') == std::string::npos);
}

/// The key itself, or the content of the file that the text names.
std::string key_from(const std::string& text, const std::string& where, const Environment& environment) {
  const fs::path path = environment.with_home(text);
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    if (looks_like_a_path(text)) {
      throw UsageError(where + ": " + missing_file(path.string()).value_or("'" + text + "' is not a regular file"));
    }
    return trimmed(text);
  }
  return trimmed(read_file(path).value_or(""));
}

std::optional<std::string> own_key(const Environment& environment) {
  const fs::path folder = ssh_folder(environment);
  const std::optional<std::string> text = folder.empty() ? std::nullopt : read_file(folder / "id_rsa.pub");
  return text ? std::optional(trimmed(*text)) : std::nullopt;
}

/// In a dry run, of the key that would have been made: the beginning that all of its kind have.
constexpr const char* kKeyNotMade = "ssh-rsa AAAAB3NzaC1yc2E=";

/// The option's, the generated one, the config file's; the user's own key only where there is no password.
std::optional<std::string> find_key(const UserAccountSettings& account, const Arguments& arguments,
                                    const Context& context) {
  const Environment& environment = context.settings.environment();
  if (const auto option = arguments.find("ssh-key")) {
    return key_from(*option, "-k/--ssh-key", environment);
  }
  if (arguments.flag("generate-ssh-keys")) {
    const std::optional<std::string> own = own_key(environment);
    return own || !context.options.dry_run ? own : kKeyNotMade;
  }
  if (account.admin_user_ssh_public_key) {
    return key_from(*account.admin_user_ssh_public_key, "adminUserSshPublicKey", environment);
  }
  return account.admin_user_password ? std::nullopt : own_key(environment);
}

}  // namespace

std::vector<OptionSpec> admin_options() {
  constexpr std::string_view kGroup = "Admin Account";
  return {{.name = "user-name",
           .short_name = 'u',
           .summary = "Name of the administrator; default: the config file's, else the current user.",
           .value_name = "NAME",
           .group = kGroup},
          {.name = "ssh-key",
           .short_name = 'k',
           .summary = "SSH public key, or a file with one; default: the config file's, else ~/.ssh/id_rsa.pub.",
           .value_name = "KEY|FILE",
           .group = kGroup},
          {.name = "password",
           .short_name = 'p',
           .summary = "Password of the administrator.",
           .value_name = "PASSWORD",
           .group = kGroup},
          {.name = "generate-ssh-keys",
           .summary = "Make ~/.ssh/id_rsa and id_rsa.pub if they are missing.",
           .kind = OptionKind::Flag,
           .group = kGroup}};
}

void complete_admin_account(UserAccountSettings& account, const Arguments& arguments, const Context& context) {
  const Environment& environment = context.settings.environment();
  if (const auto name = arguments.find("user-name")) {
    account.admin_user_name = *name;
  } else if (account.admin_user_name.empty()) {
    account.admin_user_name = current_user(environment);
    if (is_reserved(account.admin_user_name)) {
      context.warn("'" + account.admin_user_name + "' cannot be an administrator's name; using 'azureuser'");
      account.admin_user_name = "azureuser";
    }
  }
  if (account.admin_user_name.empty()) {
    throw UsageError("no name for the administrator", "give one with -u/--user-name");
  }
  if (const auto password = arguments.find("password")) {
    account.admin_user_password = Secret(*password);
  }
  account.admin_user_ssh_public_key = find_key(account, arguments, context);
  if (account.admin_user_ssh_public_key && !is_ssh_public_key(*account.admin_user_ssh_public_key)) {
    throw UsageError("the SSH public key of the administrator is not valid",
                     "give a key or a file with one: -k ~/.ssh/id_rsa.pub");
  }
  if (!account.admin_user_ssh_public_key && !account.admin_user_password) {
    throw UsageError("the administrator has neither an SSH key nor a password",
                     "use -k/--ssh-key, -p/--password or --generate-ssh-keys");
  }
}

}  // namespace batchai::cli

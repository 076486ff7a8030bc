#pragma once

#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace batchai::test {

/// While it lives, the environment has these variables and no other ones of AZURE_, BATCHAI_ and IDENTITY_.
class Variables {
 public:
  explicit Variables(const std::map<std::string, std::string>& variables) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string text = *entry;
      if (text.starts_with("AZURE_") || text.starts_with("BATCHAI_") || text.starts_with("IDENTITY_")) {
        before_.emplace_back(text.substr(0, text.find('=')), text.substr(text.find('=') + 1));
      }
    }
    for (const auto& [name, value] : before_) {
      ::unsetenv(name.c_str());
    }
    for (const auto& [name, value] : variables) {
      ::setenv(name.c_str(), value.c_str(), 1);
      set_.push_back(name);
    }
  }
  ~Variables() {
    for (const std::string& name : set_) {
      ::unsetenv(name.c_str());
    }
    for (const auto& [name, value] : before_) {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> before_;
  std::vector<std::string> set_;
};

}  // namespace batchai::test

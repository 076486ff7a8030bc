#include "server/records/node_password.hpp"

namespace batchai::server {

nlohmann::json without_node_password(nlohmann::json parameters) {
  for (const char* account : {"/properties/userAccountSettings", "/properties/sshConfiguration/userAccountSettings"}) {
    const nlohmann::json::json_pointer place(account);
    if (parameters.contains(place) && parameters.at(place).is_object()) {
      parameters.at(place).erase("adminUserPassword");
    }
  }
  return parameters;
}

void forget_node_passwords(Store& store) {
  std::vector<Document> changed;
  store.read([&](Transaction& transaction) {
    for (const char* kind : {"cluster", "fileServer"}) {
      for (Document& document : transaction.list(kind)) {
        const auto parameters = document.hidden.find("parameters");
        if (parameters != document.hidden.end() && without_node_password(*parameters) != *parameters) {
          changed.push_back(std::move(document));
        }
      }
    }
  });
  if (changed.empty()) {
    return;
  }
  store.write([&](Transaction& transaction) {
    for (Document& document : changed) {
      document.hidden["parameters"] = without_node_password(document.hidden["parameters"]);
      transaction.put(std::move(document));
    }
  });
}

}  // namespace batchai::server

#include "server/resources/rules_context.hpp"

namespace batchai::server {

DocumentPage list_page(Transaction& transaction, std::string_view kind, std::optional<std::string_view> parent,
                       const PageRequest& page) {
  DocumentPage result;
  result.documents = transaction.list_texts(kind, parent, page.after, page.maximum + 1);
  if (result.documents.size() > page.maximum) {
    result.documents.pop_back();
    result.next = result.documents.back().sequence;
  }
  return result;
}

}  // namespace batchai::server

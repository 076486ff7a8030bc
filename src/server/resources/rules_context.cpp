#include "server/resources/rules_context.hpp"

#include <algorithm>
#include <iterator>

namespace batchai::server {

DocumentPage list_page(Transaction& transaction, std::string_view kind, std::optional<std::string_view> parent,
                       const PageRequest& page) {
  DocumentPage result;
  auto& found = result.documents;
  std::int64_t after = page.after;
  for (bool more = true; more && found.size() <= page.maximum;) {
    auto texts = transaction.list_texts(kind, parent, after, page.maximum + 1);
    more = texts.size() > page.maximum;
    after = more ? texts.back().sequence : after;
    std::copy_if(std::move_iterator(texts.begin()), std::move_iterator(texts.end()), std::back_inserter(found),
                 [&](const DocumentText& document) { return page.visible.have(document.key); });
  }
  if (found.size() > page.maximum) {
    found.resize(page.maximum);
    result.next = found.back().sequence;
  }
  return result;
}

}  // namespace batchai::server

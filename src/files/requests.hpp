#pragma once

#include "batchai/core/http.hpp"
#include "batchai/files/models.hpp"

#include <optional>
#include <string>

namespace batchai::inline v1::files {

/// Adds x-ms-meta- headers. Throws InvalidArgument for names and values that HTTP cannot carry.
void add_metadata(Headers& headers, const Metadata& metadata);

/// Adds the x-ms-content- headers of what is set. Throws InvalidArgument for values that HTTP cannot carry.
void add_content_headers(Headers& headers, const ContentHeaders& content);

/// A document as the request's body, with its type, which is signed.
void set_xml(HttpRequest& request, std::string document);

/// The headers of a rename from `source` (with its signature, where one is needed).
void add_rename(Headers& headers, const Url& source, const RenameOptions& options);

/// What is set of attributes, times and permission. Throws InvalidArgument where there is a permission and a key, or
/// text that HTTP cannot carry.
void add_smb(Headers& headers, const SmbSettings& settings);

/// Throws InvalidArgument for a size of pages that the service does not take.
void require_page_size(std::optional<int> page_size);
void add_page_size(Url& url, std::optional<int> page_size);

/// `bytes=first-last`. Throws InvalidArgument for a range without bytes, and for one that ends beyond 64 bits.
std::string format_range(const FileRange& range);

}  // namespace batchai::inline v1::files

#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace batchai::server::files {
namespace {

struct CatalogueEntry {
  std::string_view code;
  int status;
  const char* message;
};

/// Codes, statuses and messages of learn.microsoft.com/rest/api/storageservices/file-service-error-codes.
constexpr std::array<CatalogueEntry, 73> kCatalogue = {{
    {"AuthenticationFailed", 403,
     "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly "
     "including the signature."},
    // In Azure, accounts that do not exist have no host to ask.
    {"AccountNotFound", 404, "The specified storage account does not exist."},
    {"InvalidAuthenticationInfo", 400, "Authentication information is not given in the correct format."},
    {"NoAuthenticationInformation", 401, "Server failed to authenticate the request. No credentials were given."},
    {"AuthorizationFailure", 403, "This request is not authorized to perform this operation."},
    {"AuthorizationPermissionMismatch", 403,
     "This request is not authorized to perform this operation using this permission."},
    {"AuthorizationProtocolMismatch", 403,
     "This request is not authorized to perform this operation using this protocol."},
    {"AuthorizationSourceIPMismatch", 403,
     "This request is not authorized to perform this operation using this source IP."},
    {"AuthorizationServiceMismatch", 403,
     "This request is not authorized to perform this operation using this service."},
    {"AuthorizationResourceTypeMismatch", 403,
     "This request is not authorized to perform this operation using this resource type."},
    {"ResourceNotFound", 404, "The specified resource does not exist."},
    {"ParentNotFound", 404, "The specified parent path does not exist."},
    {"ShareNotFound", 404, "The specified share does not exist."},
    {"ShareBeingDeleted", 409, "The specified share is being deleted. Try operation later."},
    {"ShareHasSnapshots", 409, "The specified share has snapshots and the operation doesn't say what to do with them."},
    {"ShareSnapshotCountExceeded", 409, "The share has as many snapshots as it may have."},
    {"ShareSnapshotInProgress", 409, "A snapshot of the share is being made. Try operation later."},
    {"ShareSnapshotOperationNotSupported", 400, "The specified operation is not supported on a share snapshot."},
    {"ShareSizeLimitReached", 403, "The share has no room for this: its quota would be exceeded."},
    {"PreviousSnapshotNotFound", 409, "The previous snapshot is not found."},
    {"LeaseIdMissing", 412, "There is currently a lease on the resource and no lease ID was specified in the request."},
    {"LeaseLost", 412, "A lease ID was specified, but the lease for the resource has expired or was broken."},
    {"LeaseIdMismatchWithFileOperation", 412, "The lease ID specified did not match the lease ID for the file."},
    {"LeaseNotPresentWithFileOperation", 412, "There is currently no lease on the file."},
    {"LeaseIdMismatchWithContainerOperation", 412,
     "The lease ID specified did not match the lease ID for the file share."},
    {"LeaseNotPresentWithContainerOperation", 412, "There is currently no lease on the share."},
    {"LeaseAlreadyPresent", 409, "There is already a lease present."},
    {"LeaseIdMismatchWithLeaseOperation", 409, "The lease ID specified did not match the lease ID of the resource."},
    {"LeaseNotPresentWithLeaseOperation", 409, "There is currently no lease on the resource."},
    {"LeaseIsBreakingAndCannotBeAcquired", 409,
     "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken."},
    {"LeaseIsBreakingAndCannotBeChanged", 409,
     "The lease ID matched, but the lease is currently in breaking state and cannot be changed."},
    {"LeaseIsBrokenAndCannotBeRenewed", 409,
     "The lease ID matched, but the lease has been broken explicitly and cannot be renewed."},
    {"FileInvalidPermission", 400, "The specified file permission is not valid."},
    {"FileInvalidPermissionKey", 400, "The specified file permission key does not exist in the share."},
    {"SharingViolation", 409, "The specified resource may be in use."},
    {"InvalidXmlDocument", 400, "XML specified is not syntactically valid."},
    {"InvalidXmlNodeValue", 400, "The value for one of the XML nodes is not in the correct format."},
    {"UnsupportedXmlNode", 400, "One of the XML nodes specified in the request body is not supported."},
    {"MissingRequiredQueryParameter", 400, "A query parameter that's mandatory for this request is not specified."},
    {"Crc64Mismatch", 400,
     "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server."},
    {"ShareAlreadyExists", 409, "The specified share already exists."},
    {"ResourceAlreadyExists", 409, "The specified resource already exists."},
    {"ResourceTypeMismatch", 409, "The specified resource type does not match the type of the existing resource."},
    {"DirectoryNotEmpty", 409, "The specified directory is not empty."},
    {"CannotDeleteFileOrDirectory", 409, "The file or directory could not be deleted."},
    {"InvalidResourceName", 400, "The specified resource name contains invalid characters."},
    {"InvalidFileOrDirectoryPathName", 400, "The specified path is too long or contains illegal names."},
    {"InvalidUri", 400, "The requested URI does not represent any resource on the server."},
    {"RequestUrlFailedToParse", 400, "The url in the request could not be parsed."},
    {"InvalidHeaderValue", 400, "The value for one of the HTTP headers is not in the correct format."},
    {"MissingRequiredHeader", 400, "An HTTP header that's mandatory for this request is not specified."},
    {"UnsupportedHeader", 400, "One of the headers specified in the request is not supported."},
    {"InvalidQueryParameterValue", 400,
     "Value for one of the query parameters specified in the request URI is invalid."},
    {"OutOfRangeQueryParameterValue", 400,
     "One of the query parameters specified in the request URI is outside the permissible range."},
    {"UnsupportedQueryParameter", 400, "One of the query parameters specified in the request URI is not supported."},
    {"OutOfRangeInput", 400, "One of the request inputs is out of range."},
    {"InvalidInput", 400, "One of the request inputs is not valid."},
    {"InvalidMetadata", 400, "The metadata specified is invalid. It has characters that are not permitted."},
    {"EmptyMetadataKey", 400, "The key for one of the metadata key-value pairs is empty."},
    {"MetadataTooLarge", 400, "The size of the specified metadata exceeds the maximum size permitted."},
    {"InvalidMd5", 400,
     "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64 encoded."},
    {"Md5Mismatch", 400,
     "The MD5 value specified in the request did not match with the MD5 value calculated by the server."},
    {"MissingContentLengthHeader", 411, "The Content-Length header was not specified."},
    {"ConditionNotMet", 412, "The condition specified using HTTP conditional header(s) is not met."},
    {"RequestBodyTooLarge", 413, "The request body is too large and exceeds the maximum permissible limit."},
    {"InvalidRange", 416, "The range specified is invalid for the current size of the resource."},
    {"UnsupportedHttpVerb", 405, "The resource doesn't support specified Http Verb."},
    {"CannotVerifyCopySource", 404, "The specified copy source could not be found or read."},
    {"NoPendingCopyOperation", 409, "There is currently no pending copy operation."},
    {"ReadOnlyAttribute", 409, "The specified resource is read-only and cannot be modified at this time."},
    {"InternalError", 500, "The server encountered an internal error."},
    {"ServerBusy", 503, "The server is busy."},
    {"InsufficientStorage", 507, "There is no space left on the disk that holds the share."},
}};

const CatalogueEntry& find_entry(std::string_view code) {
  const auto* it =
      std::find_if(kCatalogue.begin(), kCatalogue.end(), [&](const CatalogueEntry& e) { return e.code == code; });
  if (it == kCatalogue.end()) {
    throw std::logic_error("unknown storage error code " + std::string(code));
  }
  return *it;
}

}  // namespace

StorageError::StorageError(std::string_view code)
    : std::runtime_error(find_entry(code).message), code_(code), status_(find_entry(code).status) {}

StorageError StorageError::with_detail(std::string element, std::string text) const {
  StorageError copy = *this;
  copy.details_.emplace_back(std::move(element), std::move(text));
  return copy;
}

StorageError StorageError::with_header(std::string_view name, std::string value) const {
  StorageError copy = *this;
  copy.headers_.set(name, std::move(value));
  return copy;
}

StorageError StorageError::with_status(int status) const {
  StorageError copy = *this;
  copy.status_ = status;
  return copy;
}

StorageError StorageError::with_message(const std::string& message) const {
  StorageError copy(code_, status_, message);
  copy.details_ = details_;
  copy.headers_ = headers_;
  return copy;
}

StorageError invalid_header(const std::string& name, const std::string& value) {
  return StorageError("InvalidHeaderValue").with_detail("HeaderName", name).with_detail("HeaderValue", value);
}

StorageError invalid_query(const std::string& name, const std::string& value, const std::string& reason) {
  return StorageError("InvalidQueryParameterValue")
      .with_detail("QueryParameterName", name)
      .with_detail("QueryParameterValue", value)
      .with_detail("Reason", reason);
}

StorageError account_not_found(const std::string& account) {
  return StorageError("AccountNotFound")
      .with_detail("AuthenticationErrorDetail", "This service has no storage account '" + account + "'.");
}

StorageError authentication_failed(const std::string& detail) {
  return StorageError("AuthenticationFailed").with_detail("AuthenticationErrorDetail", detail);
}

StorageError from_errno(int error) {
  switch (error) {
    case ENOENT:
    case ELOOP:
      return StorageError("ResourceNotFound");
    case ENOTDIR:
      return StorageError("ParentNotFound");
    case EEXIST:
      return StorageError("ResourceAlreadyExists");
    case EISDIR:
    case ENXIO:
      return StorageError("ResourceTypeMismatch");
    case ENOTEMPTY:
      return StorageError("DirectoryNotEmpty");
    case ENAMETOOLONG:
      return StorageError("InvalidFileOrDirectoryPathName")
          .with_detail("Reason", "The service's disk takes names of at most 255 bytes.");
    case EACCES:
    case EPERM:
    case EROFS:
      return StorageError("ReadOnlyAttribute");
    case ENOSPC:
    case EDQUOT:
      return StorageError("InsufficientStorage");
    case EFBIG:
      return StorageError("OutOfRangeInput");
    default:
      throw std::system_error(error, std::generic_category(), "file system");
  }
}

}  // namespace batchai::server::files

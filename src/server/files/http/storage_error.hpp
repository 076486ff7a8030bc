#pragma once

#include "batchai/core/http.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::server::files {

/// An answer of Azure Storage to a request it does not carry out. Thrown by operations, turned into a response in one
/// place.
class StorageError : public std::runtime_error {
 public:
  using Detail = std::pair<std::string, std::string>;

  /// `code` has to be one of the catalogue in storage_error.cpp, which gives status and message.
  explicit StorageError(std::string_view code);

  const std::string& code() const noexcept { return code_; }
  int status() const noexcept { return status_; }
  /// Elements behind `<Message>`, as `AuthenticationErrorDetail`.
  const std::vector<Detail>& details() const noexcept { return details_; }
  const Headers& headers() const noexcept { return headers_; }

  StorageError with_detail(std::string element, std::string text) const;
  StorageError with_header(std::string_view name, std::string value) const;
  /// For the codes that come with more than one status and message.
  StorageError with_status(int status) const;
  StorageError with_message(const std::string& message) const;

 private:
  StorageError(std::string_view code, int status, const std::string& message)
      : std::runtime_error(message), code_(code), status_(status) {}

  std::string code_;
  int status_;
  std::vector<Detail> details_;
  Headers headers_;
};

/// 400 InvalidHeaderValue naming the header and, unless it is a secret, its value.
StorageError invalid_header(const std::string& name, const std::string& value);

/// 400 InvalidQueryParameterValue naming the parameter.
StorageError invalid_query(const std::string& name, const std::string& value, const std::string& reason);

/// 404 AccountNotFound naming the account.
StorageError account_not_found(const std::string& account);

/// 403 AuthenticationFailed with the reason as AuthenticationErrorDetail.
StorageError authentication_failed(const std::string& detail);

/// The error for a failed system call.
StorageError from_errno(int error);

}  // namespace batchai::server::files

#include "batchai/core/request_description.hpp"

namespace batchai::inline v1 {
namespace {

bool has_parameter(const HttpRequest& request, std::string_view start) {
  return request.url.query().find(start) != std::string::npos;
}

RequestEffect effect_on_storage(const HttpRequest& request) {
  if (request.method == "DELETE") {
    return RequestEffect::Delete;
  }
  if (request.method != "PUT") {
    return RequestEffect::Action;
  }
  if (has_parameter(request, "comp=range")) {
    return RequestEffect::UploadPiece;
  }
  return has_parameter(request, "comp=") ? RequestEffect::Update : RequestEffect::Create;
}

RequestEffect effect_on_resources(const HttpRequest& request) {
  if (request.method == "PUT") {
    return RequestEffect::Create;
  }
  if (request.method == "PATCH") {
    return RequestEffect::Update;
  }
  return request.method == "DELETE" ? RequestEffect::Delete : RequestEffect::Action;
}

bool only_reads(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD" || (request.method == "POST" && request.repeatable);
}

}  // namespace

RequestDescription describe_request(const HttpRequest& request) {
  RequestDescription description{.content_type = request.headers.get("Content-Type")};
  if (!has_parameter(request, "api-version=")) {
    description.target = RequestTarget::Storage;
  }
  if (!only_reads(request)) {
    description.effect =
        description.target == RequestTarget::Management ? effect_on_resources(request) : effect_on_storage(request);
  }
  return description;
}

}  // namespace batchai::inline v1

#include "cli/requests/image.hpp"

#include "batchai/models/resource_id.hpp"
#include "cli/frame/errors.hpp"

#include <vector>

namespace batchai::cli {
namespace {

std::optional<ImageReference> from_alias(const std::string& name) {
  if (iequals(name, "UbuntuLTS")) {
    return ImageReference{.publisher = "Canonical", .offer = "UbuntuServer", .sku = "16.04-LTS"};
  }
  if (iequals(name, "UbuntuDSVM")) {
    return ImageReference{
        .publisher = "microsoft-ads", .offer = "linux-data-science-vm-ubuntu", .sku = "linuxdsvmubuntu"};
  }
  return std::nullopt;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

ImageReference from_text(const std::string& image) {
  const std::vector<std::string> parts = split(image);
  if (parts.size() == 1) {
    if (auto alias = from_alias(image)) {
      return *alias;
    }
    throw UsageError("--image: unsupported alias '" + image + "'; supported are UbuntuLTS and UbuntuDSVM");
  }
  if (parts.size() != 4) {
    throw UsageError("--image: '" + image + "' is neither an alias nor publisher:offer:sku:version");
  }
  constexpr const char* kNames[] = {"publisher", "offer", "sku"};
  for (std::size_t i = 0; i < 3; ++i) {
    if (parts[i].empty()) {
      throw UsageError("--image: the image's " + std::string(kNames[i]) + " must be provided");
    }
  }
  ImageReference reference{.publisher = parts[0], .offer = parts[1], .sku = parts[2]};
  if (!parts[3].empty()) {
    reference.version = parts[3];
  }
  return reference;
}

bool is_image_id(const std::string& id) {
  try {
    return iequals(parse_resource_id(id).type(), "Microsoft.Compute/images");
  } catch (const InvalidArgument&) {
    return false;
  }
}

}  // namespace

std::optional<ImageReference> image_from_options(const std::optional<std::string>& image,
                                                 const std::optional<std::string>& custom_image) {
  if (custom_image && !image) {
    throw UsageError("--custom-image needs --image, which says what it was made from");
  }
  if (!image) {
    return std::nullopt;
  }
  ImageReference reference = from_text(*image);
  if (custom_image) {
    if (!is_image_id(*custom_image)) {
      throw UsageError("--custom-image: ill-formed custom image id '" + *custom_image + "'");
    }
    reference.virtual_machine_image_id = *custom_image;
  }
  return reference;
}

}  // namespace batchai::cli

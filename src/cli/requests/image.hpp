#pragma once

#include "batchai/models/cluster.hpp"

#include <optional>
#include <string>

namespace batchai::cli {

/// The image that --image (alias or `publisher:offer:sku:version`) and --custom-image (ARM id) name; nothing when
/// neither is given. Throws UsageError.
std::optional<ImageReference> image_from_options(const std::optional<std::string>& image,
                                                 const std::optional<std::string>& custom_image);

}  // namespace batchai::cli

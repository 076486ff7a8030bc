#pragma once

#include "support/process.hpp"

#include <filesystem>
#include <string>

#include <unistd.h>

namespace batchai::test {

/// What makes an image that only has the statically linked busybox of this machine, with docker's format and without a
/// program for containers: FOLDER ARCHIVE.
inline constexpr const char* kMakeImage = R"sh(set -e
mkdir -p "$1/root/bin" "$1/root/tmp" "$1/image"
cp /bin/busybox "$1/root/bin/"
for name in cat df env id kill ls mkdir ps sh sleep touch tr; do ln -sf busybox "$1/root/bin/$name"; done
tar -C "$1/root" -cf "$1/image/layer.tar" .
digest=$(sha256sum "$1/image/layer.tar" | cut -c1-64)
printf '{"architecture": "%s", "os": "linux", "config": {"Env": ["PATH=/bin", "OF_IMAGE=yes"], "User": "1234"},
"rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}' "$(dpkg --print-architecture)" "$digest" >"$1/image/config.json"
echo '[{"Config": "config.json", "RepoTags": ["localhost/test:1"], "Layers": ["layer.tar"]}]' >"$1/image/manifest.json"
tar -C "$1/image" -cf "$2" config.json manifest.json layer.tar
)sh";

/// Whether there is a busybox that needs no libraries.
inline bool has_static_busybox() {
  return std::filesystem::exists("/usr/share/doc/busybox-static") && ::access("/bin/busybox", X_OK) == 0;
}

/// Makes `archive`; `scratch` is a folder for that.
inline void make_container_image(const std::filesystem::path& scratch, const std::filesystem::path& archive) {
  const auto made = run_process({"/bin/sh", "-c", kMakeImage, "sh", scratch.string(), archive.string()});
  ASSERT_EQ(made.exit_code, 0) << made.err;
}

}  // namespace batchai::test

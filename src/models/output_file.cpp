#include "batchai/models/output_file.hpp"

#include "core/name_text.hpp"
#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<File> {
  static constexpr auto kFields =
      std::tuple(field("name", &File::name, kReadOnly), field("encoded", &File::encoded, kReadOnly),
                 field("fileType", &File::file_type, kReadOnly), field("downloadUrl", &File::download_url, kReadOnly),
                 field("lastModified", &File::last_modified, kReadOnly | kInProperties),
                 field("contentLength", &File::content_length, kReadOnly | kInProperties));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(File)

std::string File::real_name() const { return to_name(name, encoded.value_or(false)); }

}  // namespace batchai::inline v1

#!/usr/bin/env bash
# Public headers include nothing but each other, the standard library and json's forward header, name no other library,
# and are all in the umbrella header.
#
#   headers_names.sh INCLUDE_FOLDER
set -euo pipefail
cd "$1"
failed=0
refuse() {
  printf '%s\n' "$1" >&2
  failed=1
}

while IFS=: read -r header line include; do
  case $include in
    '#include <nlohmann/json_fwd.hpp>') ;;
    *'<'*[/.]*'>'*) refuse "$header:$line: not of the standard library: $include" ;;
    *'<'*'>'*) ;;
    *)
      name=${include#*\"}
      [ -f "${name%\"*}" ] || refuse "$header:$line: no public header: $include"
      ;;
  esac
done < <(grep -rnE '^ *# *include' --include='*.hpp' batchai)

foreign='web::|utility::|pplx|cpprest|openssl|EVP_|X509|SSL_|spdlog|boost::|asio|pugi|CLI::|sqlite'
if grep -rniE "$foreign" batchai; then
  refuse "the lines above name a library that users of the headers must not need"
fi

while read -r header; do
  grep -qxF "#include \"$header\"" batchai/batchai.hpp || refuse "batchai/batchai.hpp lacks $header"
done < <(find batchai -name '*.hpp' ! -path batchai/batchai.hpp)
exit "$failed"

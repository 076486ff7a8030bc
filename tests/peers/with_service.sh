#!/usr/bin/env bash
# Runs a test script with a batchai-server of its own on free ports in a temporary folder, and stops both at the end.
#
#   with_service.sh [--tls auto|off] [--needs "CLIENT;..."] [--service "OPTION;..."] SCRIPT [ARGUMENT...]
#
# OPTION is one more for batchai-server. CLIENT is az, python (with Debian's packages), pypi (with those of
# requirements.txt alone), node, rclone or azcopy. Ends with 77 (skipped) and a reason if one is missing. CTest gives BUILD, SOURCE and
# PEERS, the folder of the packages of npm and PyPI. The script, run by bash, Python or node after its name, finds:
#
#   WORK                 an empty folder, removed at the end; HOME is in it
#   DATA_FOLDER          the service's own
#   MANAGEMENT_ENDPOINT, FILES_ENDPOINT, CA_BUNDLE, TENANT_ID, SUBSCRIPTION_ID, CLIENT_ID, CLIENT_SECRET,
#   STORAGE_ACCOUNT, STORAGE_KEY    as in its endpoints.json
#   and what makes the clients trust the service and forget the machine's own settings.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# skip WHAT [OPTION]: OPTION of tests/run.sh is what would help.
skip() { printf 'SKIPPED: %s; tests/run.sh %s installs it\n' "$1" "${2:---with-peers}"; exit 77; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

require() {
  case $1 in
    az) command -v az >/dev/null || skip "there is no az (Debian package azure-cli)" ;;
    python)
      /usr/bin/python3 -c 'import azure.mgmt.batchai' 2>/dev/null ||
        skip "/usr/bin/python3 has no azure.mgmt.batchai (Debian package python3-azure)"
      ;;
    pypi)
      cmp -s "$here/requirements.txt" "$PEERS/python/installed.txt" ||
        skip "the PyPI packages of tests/peers are not in $PEERS/python"
      python=$PEERS/python/bin/python
      ;;
    node)
      command -v node >/dev/null || skip "there is no node"
      cmp -s "$here/package-lock.json" "$PEERS/installed.json" ||
        skip "the npm packages of tests/peers are not in $PEERS"
      ;;
    rclone | azcopy)
      "$here/go/versions.sh" | cmp -s - "$PEERS/go/built.txt" ||
        skip "$1 is not in $PEERS/go/bin as tests/peers/go has it" --with-go-peers
      ;;
    *) fail "unknown client '$1'" ;;
  esac
}

tls=auto needs=() options=() python=/usr/bin/python3
while [ $# -gt 0 ]; do
  case $1 in
    --tls) tls=$2; shift 2 ;;
    --needs) IFS=';' read -ra needs <<<"$2"; shift 2 ;;
    --service) IFS=';' read -ra options <<<"$2"; shift 2 ;;
    *) break ;;
  esac
done
script=${1:?no script} BUILD=${BUILD:?} PEERS=${PEERS:?}
shift
for client in "${needs[@]}"; do
  require "$client"
done

# Nothing of the caller's own settings takes part.
unset "${!AZURE_@}" "${!BATCHAI_@}" "${!MSI_@}" "${!IDENTITY_@}" "${!ARM_@}" "${!PYTHON@}" "${!NODE_@}" "${!npm_@}"
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
unset REQUESTS_CA_BUNDLE CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR

WORK=$(mktemp -d)
export WORK HOME=$WORK/home DATA_FOLDER=$WORK/data
mkdir "$HOME"
server=

stop() {
  local status=$?
  trap - EXIT
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" || true
    # Jobs outlive the service; their supervisors are told by the folder that they are given.
    grep -lszF "$DATA_FOLDER/runs/" /proc/[0-9]*/cmdline | cut -d / -f 3 | xargs -r kill -TERM 2>/dev/null || true
  fi
  if [ "$status" != 0 ] && [ "$status" != 77 ]; then
    printf '\n--- the end of the log of the service\n' >&2
    tail -n 30 "$WORK/server.log" | cut -c 1-400 >&2 || true
  fi
  rm -rf "$WORK" 2>/dev/null || { sleep 1; rm -rf "$WORK"; }
  exit "$status"
}
trap stop EXIT
trap 'exit 143' TERM INT

# Jobs find Debian's programs, whatever the caller has before them.
exec 3< <(PATH=/usr/local/bin:/usr/bin:/bin exec "$BUILD/bin/batchai-server" --data-dir "$DATA_FOLDER" --management-port 0 --files-port 0 --tls "$tls" \
  "${options[@]}" 2>"$WORK/server.log")
server=$!
read -r -u 3 line || line=
case $line in
  ready*) ;;
  *) fail "the service did not start" ;;
esac

# NAME=value lines of endpoints.json: managementEndpoint is MANAGEMENT_ENDPOINT.
endpoints() {
  /usr/bin/python3 - "$DATA_FOLDER/endpoints.json" <<'PY'
import json, re, shlex, sys
for name, value in json.load(open(sys.argv[1])).items():
    if name != "pid":
        print("export", re.sub("([A-Z])", r"_\1", name).upper() + "=" + shlex.quote(value))
PY
}
eval "$(endpoints)"

export AZURE_CONFIG_DIR=$WORK/azure AZURE_CORE_COLLECT_TELEMETRY=0 AZURE_CORE_NO_COLOR=1
export PYTHONDONTWRITEBYTECODE=1 NODE_PATH=$PEERS/node_modules
if [ -n "$CA_BUNDLE" ]; then
  export REQUESTS_CA_BUNDLE=$CA_BUNDLE SSL_CERT_FILE=$CA_BUNDLE NODE_EXTRA_CA_CERTS=$CA_BUNDLE
fi

# The packages of today expect what Node 18 has behind a flag.
case $(node --version 2>/dev/null) in
  v18.*) export NODE_OPTIONS=--experimental-global-webcrypto ;;
esac

cd "$WORK"
case $script in
  *.sh) bash "$script" "$@" ;;
  *.py) "$python" "$script" "$@" ;;
  *.js) node "$script" "$@" ;;
  *) fail "no interpreter for $script" ;;
esac

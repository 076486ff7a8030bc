# Sourced by the scripts of this folder.
set -euo pipefail

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# expect WANTED GIVEN WHAT
expect() { [ "$2" = "$1" ] || fail "$3: expected '$1', not '$2'"; }

# expect_in PART TEXT WHAT
expect_in() { case $2 in *"$1"*) ;; *) fail "$3: expected something with '$1', not '$2'" ;; esac; }

# refused COMMAND...: what it says; it has to fail.
refused() {
  local said
  if said=$("$@" 2>&1); then
    fail "'$*' should have failed, but said: $said"
  fi
  printf '%s' "$said"
}

# A cloud that is this service, as a person would register it.
register_cloud() {
  az cloud register -n Loop \
    --endpoint-resource-manager "$MANAGEMENT_ENDPOINT/" \
    --endpoint-active-directory "$MANAGEMENT_ENDPOINT/adfs" \
    --endpoint-active-directory-resource-id "$MANAGEMENT_ENDPOINT/" \
    --endpoint-active-directory-graph-resource-id "$MANAGEMENT_ENDPOINT/" \
    --suffix-storage-endpoint core.loopback
  az cloud set -n Loop -o none
}

sign_in() {
  az login --service-principal -u "$CLIENT_ID" -p "$CLIENT_SECRET" --tenant "$TENANT_ID" "$@"
}

# Sourced by examples/quickstart/run.sh and tests/run.sh: Debian packages and builds. Needs $root, the checkout.

say() { printf '==> %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# packages SECTION...: the names that cmake/debian-packages.txt lists under these headings.
packages() {
  local wanted=" $* " section= line
  while IFS= read -r line; do
    case $line in
      '# ['*']'*) section=${line#*[}; section=${section%%]*} ;;
      '#'* | '') ;;
      *) case $wanted in *" $section "*) printf '%s\n' "$line" ;; esac ;;
    esac
  done <"$root/cmake/debian-packages.txt"
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages are missing and this is neither root nor a user with sudo; install as root: ${missing[*]}"
  fi
}

# install_packages SECTION...: installs what is missing, and asks for nothing if nothing is.
install_packages() {
  local name
  missing=()
  for name in $(packages "$@"); do
    is_installed "$name" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "this is not Debian; these packages are needed: ${missing[*]}"
  say "installing ${#missing[@]} packages: ${missing[*]}"
  as_root apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

# configure PRESET [OPTION...]: makes or renews build/PRESET.
configure() {
  local preset=$1
  shift
  say "configuring build/$preset"
  (cd "$root" && cmake --preset "$preset" "$@" >&2)
}

# build PRESET [TARGET...]: brings build/PRESET up to date.
build() {
  local preset=$1
  shift
  say "bringing build/$preset up to date"
  ninja -C "$root/build/$preset" "$@" >&2
}

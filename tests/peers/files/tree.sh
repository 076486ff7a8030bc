# Sourced by scripts that copy folders.

# make_tree FOLDER: names with blanks, escapes, other alphabets and characters of four bytes; files that are empty, small
# and of several pieces.
make_tree() {
  mkdir -p "$1/dir a/süb+1" "$1/Ще/数据 😀"
  printf 'hello' >"$1/dir a/süb+1/f é%41 +&.txt"
  : >"$1/dir a/empty #1"
  head -c 9437191 /dev/urandom >"$1/Ще/数据 😀/model 100%.bin"
  printf '\0\377' >"$1/Ще/c=d;e,f@g!"
}

# change_tree FOLDER: one file gone, one new, one longer, one of the same length with other content and a later time.
change_tree() {
  rm "$1/Ще/c=d;e,f@g!"
  printf 'new' >"$1/dir a/new [1] ~'\$.txt"
  printf 'no longer empty' >"$1/dir a/empty #1"
  printf 'HELLO' >"$1/dir a/süb+1/f é%41 +&.txt"
  touch -d '+1 minute' "$1/dir a/süb+1/f é%41 +&.txt"
}

# same FOLDER FOLDER WHAT
same() { diff -r "$1" "$2" || fail "$3"; }

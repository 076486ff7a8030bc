# Completion of batchai for bash; needs nothing but bash. Load it with:  source <(batchai completion bash)
# The answer of `batchai __complete WORD...` is one line with `none`, `files` or `folders` (paths to offer as well), then
# a candidate in each line, with a description behind a tab.
_batchai() {
  local program=batchai words=() glued=no word i
  [[ $1 == */* ]] && program=${1/#\~/$HOME}
  COMPREPLY=()
  # bash takes words apart at = and :, so they are put together again; quotes are not for the program.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]//[\"\'\\]/}
    if ((${#words[@]} > 0)) && [[ $glued == yes || $word =~ ^[=:]+$ ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
    [[ $word =~ ^[=:]+$ ]] && glued=yes || glued=no
  done
  # What bash replaces is only the last piece; candidates lose what stands in front of it.
  [[ $glued == yes ]] && word=
  local head=${words[-1]%"$word"} kind=none candidate _
  {
    read -r kind
    while IFS=$'\t' read -r candidate _; do
      [[ $candidate == "$head"* ]] && COMPREPLY+=("$(printf %q "${candidate#"$head"}")")
    done
  } < <("$program" __complete "${words[@]}" 2>/dev/null)
  if [[ $kind == none ]]; then
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[/=] ]] && compopt -o nospace 2>/dev/null
    return 0
  fi
  compopt -o filenames 2>/dev/null
  local paths how=-f
  [[ $kind == folders ]] && how=-d
  mapfile -t paths < <(compgen "$how" -- "$word")
  COMPREPLY+=("${paths[@]}")
}
complete -F _batchai batchai

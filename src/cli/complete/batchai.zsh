#compdef batchai
# Completion of batchai for zsh. Load it with:  source <(batchai completion zsh)   (after compinit)
# The answer of `batchai __complete WORD...` is one line with `none`, `files` or `folders` (paths to offer as well), then
# a candidate in each line, with a description behind a tab.
_batchai() {
  local -a typed lines whole opened whole_shown opened_shown
  local line candidate kind tab=$'\t'
  (( CURRENT > 2 )) && typed=("${(@Q)words[2,CURRENT-1]}")
  lines=("${(@f)$(command batchai __complete "${typed[@]}" "${(Q)PREFIX}" 2>/dev/null)}")
  kind=${lines[1]}
  for line in "${(@)lines[2,-1]}"; do
    candidate=${line%%$tab*}
    [[ -z $candidate ]] && continue
    if [[ $candidate == *[/=] ]]; then
      opened+=("$candidate")
      opened_shown+=("${line/$tab/  -- }")
    else
      whole+=("$candidate")
      whole_shown+=("${line/$tab/  -- }")
    fi
  done
  (( ${#whole} )) && compadd -l -d whole_shown -- "${whole[@]}"
  (( ${#opened} )) && compadd -S '' -l -d opened_shown -- "${opened[@]}"
  [[ $kind == files ]] && _files
  [[ $kind == folders ]] && _files -/
  return 0
}
if [[ ${funcstack[1]} == _batchai ]]; then
  _batchai "$@"
else
  compdef _batchai batchai
fi

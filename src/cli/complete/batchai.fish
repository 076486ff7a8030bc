# Completion of batchai for fish. Load it with:  batchai completion fish | source
# The answer of `batchai __complete WORD...` is one line with `none`, `files` or `folders` (paths to offer as well), then
# a candidate in each line, with a description behind a tab.
function __batchai_complete
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l current (commandline -ct)
    set -l lines (command batchai __complete $typed "$current" 2>/dev/null)
    set -q lines[2]; and printf '%s\n' $lines[2..-1]
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current"
    end
end
complete -c batchai -f -a '(__batchai_complete)'

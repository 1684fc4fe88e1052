"""The completion script of each shell. It prints no errors, neither at the start of a shell nor while completing.

The program is asked with `_PACEPORT_COMPLETE` set, as click answers it; its stderr never reaches the prompt.
"""

# bash splits words at a colon, which our scopes hold: the parts are joined again, and cut off the answers.
BASH = r"""_paceport_completion() {
    local IFS=$'\n' current='' word answer kind value head
    local -a words=()
    local -i count=-1 at
    for ((at = 0; at <= COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        if ((count > 0)) && [[ $word == :* || ${words[count]} == *: ]]; then
            words[count]+=$word
        else
            words+=("$word")
            count+=1
        fi
    done
    current=${words[count]}
    head=''
    [[ $current == *:* && $COMP_WORDBREAKS == *:* ]] && head=${current%"${current##*:}"}
    answer=$(COMP_WORDS="${words[*]}" COMP_CWORD=$count _PACEPORT_COMPLETE=bash_complete "$1" 2>/dev/null)
    COMPREPLY=()
    for word in $answer; do
        kind=${word%%,*}
        value=${word#*,}
        if [[ $kind == dir ]]; then
            compopt -o dirnames 2>/dev/null
        elif [[ $kind == file ]]; then
            compopt -o default 2>/dev/null
        else
            COMPREPLY+=("${value#"$head"}")
        fi
    done
    return 0
}
complete -o nosort -F _paceport_completion paceport 2>/dev/null || complete -F _paceport_completion paceport
"""

# Without compinit zsh knows no compdef; -i asks nothing about folders that others may write to.
ZSH = r"""#compdef paceport
_paceport_completion() {
    local kind value help
    local -a answer plain described
    answer=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) _PACEPORT_COMPLETE=zsh_complete \
        paceport 2>/dev/null)}")
    for kind value help in $answer; do
        case $kind in
            plain) if [[ $help == _ ]]; then plain+=("$value"); else described+=("$value:$help"); fi ;;
            dir) _path_files -/ ;;
            file) _path_files -f ;;
        esac
    done
    [[ -n $described ]] && _describe -V unsorted described -U
    [[ -n $plain ]] && compadd -U -V unsorted -a plain
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _paceport_completion "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i } 2>/dev/null
    (( $+functions[compdef] )) && compdef _paceport_completion paceport
fi
true
"""

FISH = r"""function _paceport_completion
    set -lx COMP_WORDS (commandline -cp)
    set -lx COMP_CWORD (commandline -t)
    set -lx _PACEPORT_COMPLETE fish_complete
    for answer in (paceport 2>/dev/null)
        set -l parts (string split -m 1 "," $answer)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end
complete --no-files --command paceport --arguments "(_paceport_completion)"
"""

#!/usr/bin/env bash
# Installs MAOS: builds the programs, copies them to ~/.claude/hooks, registers
# them in ~/.claude/settings.json and proves that they guard. Running it again
# brings an installation up to date.
#
# Usage: scripts/install.sh [options]
#
#   --project DIR   register in DIR/.claude/settings.json, not in your own
#   --prefix DIR    copy the programs to DIR, not to ~/.claude/hooks
#   --fail-open     let a tool call pass when the guard itself fails
#   --statusline    show in the client's status line who works and what waits,
#                   unless you have a status line of your own
#   --from DIR      install the programs in DIR, build nothing
#   --no-build      install what an earlier run built
#   --help          show this

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

project=''
prefix=''
fail_open=''
statusline=''
from=''
build=yes

parse_arguments() {
    while (($# > 0)); do
        case $1 in
            --project | --prefix | --from)
                (($# > 1)) || die "$1 needs a folder; see --help"
                case $1 in
                    --project) project=$(absolute "$2") ;;
                    --prefix) prefix=$2 ;;
                    --from) from=$(absolute "$2") ;;
                esac
                shift
                ;;
            --fail-open) fail_open=yes ;;
            --statusline) statusline=yes ;;
            --no-build) build='' ;;
            *) die "$1 is not an option; see --help" ;;
        esac
        shift
    done
}

# Copies one program aside and renames it: a hook that runs keeps its file.
copy_program() {
    local aside=$prefix/.$1.new.$$
    leftover=$aside
    copy_whole "$from/$1" "$aside"
    chmod 0755 "$aside"
    mv -f -- "$aside" "$prefix/$1"
    leftover=''
}

copy_programs() {
    local program
    mkdir -p -- "$prefix" || die "$prefix cannot be made; choose another with --prefix"
    for program in $programs maos maos-speak; do
        copy_program "$program" || die "$prefix/$program cannot be written; choose another folder with --prefix"
    done
}

# Notes that a project's settings name these programs, for uninstall.sh.
note_project() {
    local list=$prefix/maos.projects
    grep -Fxqs -- "$project" "$list" || printf '%s\n' "$project" >>"$list"
}

clean_up() {
    rm -rf -- "$scratch"
    [ -z "$leftover" ] || rm -f -- "$leftover"
}

parse_arguments "$@"
require_git
find_config
prefix=${prefix:-$config/hooks}
case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
esac
settings=$config/settings.json
[ -z "$project" ] || settings=$project/.claude/settings.json

scratch=$(mktemp -d)
leftover=''
trap clean_up EXIT

if [ -z "$from" ]; then
    require_cargo
    find_release "$scratch"
    [ -z "$build" ] || build_release
    from=$release
fi
[ -x "$from/maos" ] || die "$from holds no built programs; run this without --from and --no-build"

# Whatever is wrong is found before anything is changed.
programs=$("$from/maos" programs | cut -d ' ' -f 1)
"$from/maos" selfcheck --programs "$from" >/dev/null || die "the built programs do not work; nothing was installed"
"$from/maos" register --dry-run --programs "$prefix" --settings "$settings" \
    ${fail_open:+--fail-open} >/dev/null || die "nothing was installed"

copy_programs
[ -z "$project" ] || note_project
"$from/maos" register --programs "$prefix" --settings "$settings" ${fail_open:+--fail-open} ${statusline:+--statusline}
if ! "$prefix/maos" selfcheck --programs "$prefix" --settings "$settings" ${fail_open:+--fail-open}; then
    # A guard that cannot run would block every call of every session.
    "$from/maos" unregister --settings "$settings"
    die "the programs do not work in $prefix, so they were not left registered"
fi
say
say "MAOS is on: start Claude Code in ${project:-any repository}."
say "Look at it with $prefix/maos, undo it with $root/scripts/uninstall.sh${project:+ --project $project}"

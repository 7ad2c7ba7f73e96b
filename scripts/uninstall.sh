#!/usr/bin/env bash
# Removes MAOS: takes it out of the settings, which get their former bytes back
# where nothing else changed, and deletes its programs. The state of projects,
# in their .maos folders, stays.
#
# Usage: scripts/uninstall.sh [options]
#
#   --project DIR   only take it out of DIR/.claude/settings.json
#   --prefix DIR    the programs are in DIR, not in ~/.claude/hooks
#   --help          show this

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

project=''
prefix=''

parse_arguments() {
    while (($# > 0)); do
        case $1 in
            --project | --prefix)
                (($# > 1)) || die "$1 needs a folder; see --help"
                case $1 in
                    --project) project=$(absolute "$2") ;;
                    --prefix) prefix=$(absolute "$2") ;;
                esac
                shift
                ;;
            *) die "$1 is not an option; see --help" ;;
        esac
        shift
    done
}

# Takes it out of every project that install.sh registered it in: their hooks
# would name programs that are gone.
leave_projects() {
    local noted
    [ -e "$list" ] || return 0
    while IFS= read -r noted; do
        noted=$noted/.claude/settings.json
        [ ! -e "$noted" ] || "$maos" unregister --settings "$noted"
    done <"$list"
}

forget_project() {
    [ -e "$list" ] || return 0
    grep -Fxv -- "$project" "$list" >"$list.new" || true
    if [ -s "$list.new" ]; then
        mv -f -- "$list.new" "$list"
    else
        rm -f -- "$list.new" "$list"
    fi
}

remove_programs() {
    local program
    for program in $programs maos maos-speak; do
        rm -f -- "$prefix/$program" "$prefix/.$program.new."*
    done
    rm -f -- "$list"
    # Only if nothing else lies there.
    rmdir -- "$prefix" 2>/dev/null || true
}

parse_arguments "$@"
find_config
prefix=${prefix:-$config/hooks}
settings=$config/settings.json
[ -z "$project" ] || settings=$project/.claude/settings.json
list=$prefix/maos.projects
maos=$prefix/maos
if [ ! -x "$maos" ]; then
    if grep -qs 'maos-pre-tool' "$settings"; then
        die "$maos is missing, but settings name its programs; run scripts/install.sh, then this again"
    fi
    say "MAOS is not installed in $prefix."
    exit 0
fi

if [ -n "$project" ]; then
    "$maos" unregister --settings "$settings"
    forget_project
    say "The programs stay in $prefix; uninstall.sh without --project removes them."
else
    programs=$("$maos" programs | cut -d ' ' -f 1)
    "$maos" unregister --settings "$settings"
    leave_projects
    remove_programs
    say "The programs are gone from $prefix."
fi
say "What MAOS noted stays in each project's .maos folder, and agents' work on its agent/ branches."
say "Delete .maos where you no longer need it."

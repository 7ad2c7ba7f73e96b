#!/usr/bin/env bash
# Makes the Claude Code plugin: the folder plugin/ of this repository with the
# programs in it. Use it instead of install.sh, not beside it: each hook would
# run twice.
#
# Usage: scripts/plugin.sh [--from DIR] FOLDER
#
#   FOLDER          where the plugin is to be; it must not exist
#   --from DIR      take the programs in DIR, build nothing
#   --help          show this
#
# Then: claude --plugin-dir FOLDER

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

folder=''
from=''
while (($# > 0)); do
    case $1 in
        --from)
            (($# > 1)) || die "--from needs a folder; see --help"
            from=$(absolute "$2")
            shift
            ;;
        -*) die "$1 is not an option; see --help" ;;
        *) folder=$1 ;;
    esac
    shift
done
[ -n "$folder" ] || die "no folder for the plugin is named; see --help"
[ ! -e "$folder" ] || die "$folder exists; name another folder, or remove it"

if [ -z "$from" ]; then
    require_cargo
    scratch=$(mktemp -d)
    trap 'rm -rf -- "$scratch"' EXIT
    find_release "$scratch"
    build_release
    from=$release
fi
programs=$("$from/maos" programs | cut -d ' ' -f 1)
"$from/maos" selfcheck --programs "$from" >/dev/null || die "the programs in $from do not work; no plugin was made"

cp -R -- "$root/plugin" "$folder"
mkdir -- "$folder/bin"
for program in $programs maos; do
    copy_whole "$from/$program" "$folder/bin/$program"
    chmod 0755 "$folder/bin/$program"
done
say "The plugin is in $folder: claude --plugin-dir $folder"

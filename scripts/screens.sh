#!/usr/bin/env bash
# Captures the screens that README.md shows: plays the demo and runs `maos` in
# its repository, 80 columns wide. A screen stands between
# `<!-- screen: COMMAND -->` and `<!-- end -->`.
#
# Usage: scripts/screens.sh [--from DIR] [--help]
#
#   --from DIR      capture the programs in DIR; otherwise target/debug

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

from=$root/target/debug
case ${1:-} in
    '') ;;
    --from)
        (($# > 1)) || die "--from needs a folder; see --help"
        from=$(absolute "$2")
        ;;
    *) die "$1 is not an option; see --help" ;;
esac

scratch=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf -- "$scratch"' EXIT
world=$scratch/shop
"$root/scripts/demo.sh" --from "$from" --world "$world" >/dev/null

# Prints what a command of `maos` shows in the demo's repository: COMMAND
screen() {
    # shellcheck disable=SC2086 # several words
    (cd "$world/project" && env -i HOME="$world/home" PATH="$PATH" COLUMNS=80 "$from/maos" $1) || true
}

while IFS= read -r line; do
    case $line in
        '<!-- end -->') inside='' ;;
    esac
    [ -n "${inside:-}" ] || printf '%s\n' "$line"
    case $line in
        '<!-- screen: '*' -->')
            command=${line#'<!-- screen: '}
            command=${command%' -->'}
            printf '```\n$ maos %s\n' "$command"
            screen "$command" | sed 's/[[:blank:]]*$//'
            printf '```\n'
            inside=yes
            ;;
    esac
done <"$root/README.md" >"$scratch/README.md"
cat "$scratch/README.md" >"$root/README.md"
say "README.md shows what maos shows"

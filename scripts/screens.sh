#!/usr/bin/env bash
# Captures the screens that README.md shows: plays the demo and runs `maos` in
# its repository, 80 columns wide. A screen stands between
# `<!-- screen: COMMAND -->` and `<!-- end -->`; docs/report.png is the report as
# Chromium shows it. Needs tmux and Chromium, and plays in /tmp/shop.
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
for tool in tmux chromium; do
    command -v "$tool" >/dev/null || die "$tool is missing; install it, then run this again"
done

# What is shown has paths of it: they must not be those of this machine.
world=/tmp/shop
[ ! -e "$world" ] || die "$world exists; move it away, then run this again"
scratch=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf -- "$scratch" "$world"' EXIT
"$root/scripts/demo.sh" --from "$from" --world "$world" --open --pace 0.2 >/dev/null
programs=$world/home/.claude/hooks
mkdir -- "$programs"
for program in "$from"/maos "$from"/maos-*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    copy_whole "$program" "$programs/${program##*/}"
    chmod 0755 "$programs/${program##*/}"
done

# Runs a program in the demo's repository as the demo's person.
alone() {
    (cd "$world/project" && env -i HOME="$world/home" PATH="$PATH" TERM=xterm COLUMNS=80 "$@")
}

# Runs a command of a terminal of its own.
terminal() {
    tmux -S "$scratch/tmux" -f /dev/null "$@"
}

# Prints what `maos top` shows once it shows it.
top_screen() {
    local shown='' tries=0
    terminal new-session -d -x 80 -y 27 "cd $world/project && env -i HOME=$world/home \
        PATH=$PATH TERM=screen LANG=C.UTF-8 $programs/maos top"
    until shown=$(terminal capture-pane -p) && [[ $shown == *'q quit'* ]]; do
        tries=$((tries + 1))
        ((tries < 200)) || die "maos top shows nothing"
        sleep 0.1
    done
    terminal kill-server
    printf '%s\n' "$shown"
}

# Prints what a command of `maos` shows: COMMAND
screen() {
    if [ "$1" = top ]; then
        top_screen
    else
        # shellcheck disable=SC2086 # several words
        alone "$programs/maos" $1 || true
    fi
}

alone "$programs/maos" register --programs "$programs" >/dev/null
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

alone "$programs/maos" report -o "$world/report.html" >/dev/null
chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,760 \
    --user-data-dir="$scratch/browser" --screenshot="$scratch/report.png" \
    "file://$world/report.html" >/dev/null 2>&1 || die "Chromium cannot show the report"
cp -- "$scratch/report.png" "$root/docs/report.png"
cat "$scratch/README.md" >"$root/README.md"
say "README.md shows what maos shows"

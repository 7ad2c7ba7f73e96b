#!/usr/bin/env bash
# Times the hook programs against /bin/true and in the real client, and writes
# docs/PERFORMANCE.md with its picture. Takes some minutes on a quiet machine, and
# should have it for itself.
#
# Usage: scripts/bench.sh [ROUNDS [PEER...]]
#
# ROUNDS is how often each case is timed (500); a PEER is another program that
# answers PreToolUse.

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

rounds=${1:-500}
require_numbers "$rounds"

# Prints what the times depend on, in one line.
machine() {
    local processor
    processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1 ||
        sysctl -n machdep.cpu.brand_string)
    printf '%s, %s cores, %s %s, %s, commit %s, %s\n' "${processor:-$(uname -m)}" \
        "$(getconf _NPROCESSORS_ONLN)" "$(uname -s)" "$(uname -r)" \
        "$(rustc --version | cut -d ' ' -f 1-2)" \
        "$(git -C "$root" rev-parse --short HEAD)" "$(date -u +%Y-%m-%d)"
}

require_cargo
require_git
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
find_release "$scratch"
build_release
(cd "$root" && cargo build --release --locked --quiet -p maos-benches --target-dir "$root/target")
(cd "$root" && cargo build --locked --quiet -p maos-tests --example turn_times \
    --target-dir "$root/target")
# As they are installed.
programs=$scratch/programs
mkdir "$programs"
for program in "$release"/maos*; do
    [ -x "$program" ] || continue
    copy_whole "$program" "$programs/${program##*/}"
    chmod 0755 "$programs/${program##*/}"
done
peers=()
for peer in "${@:2}"; do
    peers+=(--peer "$peer")
done
"$root/target/release/maos-benches" time "$programs" --rounds "$rounds" --machine "$(machine)" \
    --picture "$scratch/picture" ${peers[@]+"${peers[@]}"} >"$scratch/document"
"$root/target/debug/examples/turn_times" "$programs" >>"$scratch/document"
mv "$scratch/picture" "$root/docs/performance.svg"
mv "$scratch/document" "$root/docs/PERFORMANCE.md"
cat "$root/docs/PERFORMANCE.md"

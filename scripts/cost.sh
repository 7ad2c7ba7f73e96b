#!/usr/bin/env bash
# Counts the instructions, system calls and bytes of the hooks before and after a
# tool call, and fails where they are more than recorded in .ci/cost.tsv. No time
# is taken, so a busy machine changes nothing.
#
# Usage: scripts/cost.sh [--record]      (--record: what they are now is right)

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

again=''
case ${1:-} in
    '') ;;
    --record) again=--again ;;
    *) die "$1 is not an option; see --help" ;;
esac

for tool in valgrind strace strip; do
    if ! command -v "$tool" >/dev/null; then
        say "skipped: $tool is not installed, so nothing can be counted"
        exit 0
    fi
done
require_cargo
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
find_release "$scratch"
# The same programs with the names of their functions.
(cd "$root" && RUSTFLAGS=$flags cargo build --profile counted --locked --quiet \
    -p maos-pre-tool -p maos-post-tool --bin maos-pre-tool --bin maos-post-tool \
    --target "$target" --target-dir "$root/target")
(cd "$root" && cargo build --locked --quiet -p maos-benches --target-dir "$root/target")
"$root/target/debug/maos-benches" cost "$root/target/$target/counted" \
    --record "$root/.ci/cost.tsv" --build "$(rustc --version | cut -d ' ' -f 1-2) $target" $again

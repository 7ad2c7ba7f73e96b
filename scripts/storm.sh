#!/usr/bin/env bash
# Has many worktrees made at once, over and over, beside `git worktree prune`,
# `git gc` and kills, and fails at the first that goes wrong.
#
# Usage: scripts/storm.sh [ROUNDS]      (ROUNDS of 16 creations each, 200)

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
    --help | -h)
        usage_of "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *[!0-9]*) die "$1 is no number; see --help" ;;
esac

require_cargo
require_git
cd "$root"
cargo build --locked --quiet --workspace --bins
cargo run --locked --quiet -p maos-tests --example storm -- "${1:-200}"

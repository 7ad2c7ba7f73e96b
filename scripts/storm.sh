#!/usr/bin/env bash
# Lets many work against each other for as long as it takes to find what goes
# wrong seldom, and fails at the first that does:
# - 16 worktrees made at once, over and over, beside `git worktree prune`,
#   `git gc` and kills;
# - 16 writers over 64 files that are killed at random: no file has two owners;
# - 32 clients in one project: no journal loses or tears a line.
#
# Usage: scripts/storm.sh [ROUNDS [SECONDS]]
#     ROUNDS of 16 worktrees (200), then each of the others for SECONDS (60)

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

rounds=${1:-200}
seconds=${2:-60}
require_numbers "$rounds" "$seconds"
require_cargo
require_git
cd "$root"
cargo build --locked --quiet --workspace --bins
cargo run --locked --quiet -p maos-tests --example storm -- "$rounds"
MAOS_TEST_SECONDS=$seconds cargo test --quiet --locked -p maos-tests --test programs storm:: -- \
    --test-threads 1

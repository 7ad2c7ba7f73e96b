#!/usr/bin/env bash
# Lets sixteen writers that are killed at random, and then thirty-two clients,
# work against each other, and checks that no file had two owners and that no
# journal lost or tore a line.
#
# Usage: scripts/storm.sh [SECONDS]      (each for so long; a minute by default)

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-60} in
    --help | -h)
        usage_of "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *[!0-9]* | '') die "$1 is no number of seconds; see --help" ;;
esac
require_cargo
cd "$root"
cargo build --workspace --bins --locked --quiet
MAOS_TEST_SECONDS=${1:-60} cargo test --quiet --locked -p maos-tests --test programs storm:: -- \
    --test-threads 1

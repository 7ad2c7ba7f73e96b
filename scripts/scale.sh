#!/usr/bin/env bash
# Counts the instructions of every hook in a session of a thousand agents, beside
# ten thousand leases and a gigabyte of journals, and fails where one takes over
# two percent more than in a project that has seen nothing.
#
# Usage: scripts/scale.sh [PROGRAMS]     (a folder; those of a debug build)

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

case ${1:-} in
    -*) die "$1 is not an option; see --help" ;;
esac
require_cargo
cd "$root"
programs=${1:-$root/target/debug}
if [[ -z ${1:-} ]]; then
    cargo build --workspace --bins --locked --quiet --target-dir "$root/target"
fi
cargo build --locked --quiet -p maos-benches --target-dir "$root/target"
exec "$root/target/debug/maos-benches" scale "$programs"

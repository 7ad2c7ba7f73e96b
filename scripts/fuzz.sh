#!/usr/bin/env bash
# Fuzzes the guard and the hook input, and ends with the first input that
# breaks one of them.
#
# Usage: scripts/fuzz.sh [SECONDS]      (SECONDS: for each of the targets, 600)
#
# With a nightly compiler and cargo-fuzz, libFuzzer looks for inputs that reach
# new code; it keeps those in fuzz/corpus and what breaks in fuzz/artifacts.
# Without them, a program of ours mutates the same seeds.

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

seconds=${1:-600}
require_numbers "$seconds"
targets=(parse hook_input)

# How long libFuzzer lets one input run, in seconds, and the longest that it
# makes, in bytes.
patience=30
longest=4096

with_libfuzzer() {
    local target=$1 corpus=$root/fuzz/corpus/$1
    "$stable" "$target" --seeds "$corpus"
    (cd "$root/fuzz" && cargo +nightly fuzz run --features libfuzzer "$target" "$corpus" -- \
        -max_total_time="$seconds" -timeout="$patience" -max_len="$longest" -print_final_stats=1)
}

require_cargo
cd "$root"
target_folder=${CARGO_TARGET_DIR:-$root/fuzz/target}
cargo build --release --locked --quiet --manifest-path fuzz/Cargo.toml --bin stable \
    --target-dir "$target_folder"
stable=$target_folder/release/stable
for target in "${targets[@]}"; do
    say "== $target, $seconds s"
    if cargo +nightly fuzz --version >/dev/null 2>&1; then
        with_libfuzzer "$target"
    else
        "$stable" "$target" "$seconds"
    fi
done

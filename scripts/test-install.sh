#!/usr/bin/env bash
# Tests install.sh and uninstall.sh with built programs, in homes of their own.
#
# Usage: scripts/test-install.sh DIR      (DIR: the built programs)

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

(($# == 1)) || die "usage: scripts/test-install.sh DIR"
built=$(absolute "$1")
world=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf -- "$world"' EXIT

# What a person may have: other hooks, odd spelling, a last line without end.
foreign='{
    "model": "op\u0075s", "n": 1.00,
    "hooks": {"Stop": [ {"hooks": [{"type": "command", "command": "say done"}]} ]}
}'

# Starts a test in an empty home, whose path has a space.
begin() {
    test_name=$1
    path=$PATH
    home="$world/$1/a home"
    claude=$home/.claude
    settings=$claude/settings.json
    mkdir -p "$home"
}

# Runs a script with nothing of the tester's own environment.
run() {
    local script=$1
    shift
    env -i HOME="$home" PATH="$path" "$root/scripts/$script" "$@" >"$world/output" 2>&1
}

# Fails the test unless the command succeeds.
must() {
    "$@" || {
        sed 's/^/    | /' "$world/output" >&2
        die "$test_name: failed: $*"
    }
}

must_fail() {
    if "$@"; then
        die "$test_name: succeeded: $*"
    fi
}

output_has() {
    grep -Fq -- "$1" "$world/output"
}

# A copy of the programs, so that one of them can be spoilt.
copy_built() {
    mkdir "$home/built"
    local program
    for program in $("$built/maos" programs | cut -d ' ' -f 1) maos maos-speak; do
        cp "$built/$program" "$home/built/"
    done
}

begin empty-home
must run install.sh --from "$built"
must output_has 'is denied'
must output_has 'uninstall.sh'
must test "$(find "$claude/hooks" -type f -perm 0755 | wc -l)" -eq 16
must test "$(find "$claude" | wc -l)" -eq 19
cp "$settings" "$world/first"
must run install.sh --from "$built"
must cmp "$settings" "$world/first"
must test "$(find "$claude" | wc -l)" -eq 19
must run uninstall.sh
must output_has '.maos'
must test "$(find "$claude" | wc -l)" -eq 1
must run uninstall.sh
must output_has 'not installed'

begin foreign-things-stay
mkdir -p "$claude/hooks"
printf '%s' "$foreign" >"$settings"
chmod 0600 "$settings"
printf 'mine' >"$claude/hooks/maos-mine"
must run install.sh --from "$built"
must grep -q 'say done' "$settings"
must test -n "$(find "$claude" -name 'settings.json.maos-backup-*')"
must run uninstall.sh
must test "$(cat "$settings")" = "$foreign"
must test -n "$(find "$settings" -perm 0600)"
must test "$(cat "$claude/hooks/maos-mine")" = mine
must test "$(find "$claude" | wc -l)" -eq 4

begin a-running-hook-keeps-its-file
must run install.sh --from "$built"
ln "$claude/hooks/maos-stop" "$home/running"
must run install.sh --from "$built"
must_fail test "$home/running" -ef "$claude/hooks/maos-stop"
must cmp "$home/running" "$claude/hooks/maos-stop"

begin settings-that-are-not-json
mkdir "$claude"
printf '{ // mine\n}' >"$settings"
must_fail run install.sh --from "$built"
must output_has 'settings.json:1:3: not JSON'
must test "$(cat "$settings")" = '{ // mine
}'
must test "$(find "$claude" | wc -l)" -eq 2

begin a-guard-that-denies-nothing
copy_built
# shellcheck disable=SC2016 # for the shell that reads it
printf '#!/bin/sh\n[ "$1" != --version ] || echo maos-pre-tool %s\n' \
    "$("$built/maos" --version | cut -d ' ' -f 2)" >"$home/built/maos-pre-tool"
must_fail run install.sh --from "$home/built"
must output_has 'must deny a dangerous command'
must_fail test -e "$claude"

begin a-program-of-another-version
copy_built
printf '#!/bin/sh\necho maos-stop 0.0.1\n' >"$home/built/maos-stop"
must_fail run install.sh --from "$home/built"
must output_has 'maos-stop 0.0.1'
must_fail test -e "$claude"

begin a-missing-program
copy_built
rm "$home/built/maos-notify"
must_fail run install.sh --from "$home/built"
must output_has 'maos-notify is missing'
must_fail test -e "$claude"

begin a-project
mkdir -p "$home/the project"
must run install.sh --from "$built" --project "$home/the project"
must test -e "$home/the project/.claude/settings.json"
must_fail test -e "$settings"
must run uninstall.sh --project "$home/the project"
must_fail test -e "$home/the project/.claude/settings.json"
must test -x "$claude/hooks/maos"
must run install.sh --from "$built" --project "$home/the project"
must run uninstall.sh
must_fail test -e "$home/the project/.claude/settings.json"
must_fail test -e "$claude/hooks"

begin fail-open
must run install.sh --from "$built" --fail-open
must grep -q -e '--fail-open' "$settings"
must_fail grep -q onFailure "$settings"
must run install.sh --from "$built"
must grep -q '"onFailure": "block"' "$settings"
must_fail grep -q -e '--fail-open' "$settings"

begin a-status-line
must run install.sh --from "$built" --statusline
must grep -q "hooks/maos' statusline" "$settings"
cp "$settings" "$world/first"
must run install.sh --from "$built" --statusline
must cmp "$settings" "$world/first"
must run uninstall.sh
must test "$(find "$claude" | wc -l)" -eq 1
printf '{"statusLine": {"type": "command", "command": "mine"}}' >"$settings"
must run install.sh --from "$built" --statusline
must output_has 'keeps its own statusLine'
must grep -q '"command": "mine"' "$settings"

begin a-plugin
must run plugin.sh --from "$built" "$home/the plugin"
must test -x "$home/the plugin/bin/maos-pre-tool"
must test -e "$home/the plugin/.claude-plugin/plugin.json"
must_fail run plugin.sh --from "$built" "$home/the plugin"
must output_has 'exists; name another folder'

begin another-prefix
must run install.sh --from "$built" --prefix "$home/elsewhere"
must test -x "$home/elsewhere/maos-pre-tool"
must grep -Fq "$home/elsewhere/maos-pre-tool" "$settings"
must run uninstall.sh --prefix "$home/elsewhere"
must_fail test -e "$home/elsewhere"
must_fail test -e "$settings"

begin an-old-git
mkdir "$home/bin"
printf '#!/bin/sh\necho git version 2.37.1\n' >"$home/bin/git"
chmod 0755 "$home/bin/git"
path=$home/bin:$PATH
must_fail run install.sh --from "$built"
must output_has 'git 2.37.1 is older than 2.38'
must_fail test -e "$claude"

begin no-cargo
mkdir "$home/bin"
for tool in bash dirname sed git mktemp rm cat; do
    ln -s "$(command -v "$tool")" "$home/bin/$tool"
done
path=$home/bin
must_fail run install.sh
must output_has 'install Rust from https://rustup.rs'
must_fail test -e "$claude"

say "install and uninstall: all good"

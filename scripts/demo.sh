#!/usr/bin/env bash
# Plays a recorded day with MAOS: sends the programs what Claude Code sends
# them, in a scratch repository with an empty home, and shows what they answer.
# Nothing of yours is read or changed, and no network is used.
#
# Usage: scripts/demo.sh [--from DIR] [--world DIR] [--open] [--pace SECONDS] [--help]
#
#   --open          end while an agent is at work, and leave the session open
#   --pace SECONDS  wait so long before each event
#   --world DIR     play in DIR, which must not exist, and leave it as it is
#   --from DIR      play with the programs in DIR; otherwise with the installed
#                   ones, or where there are none, with newly built ones

set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
help_where_asked "$@"

session=5f0b6c1e-demo-4a7e-9d53-0c2f1b7d8e90

# Sets `programs` to the folder of the programs.
find_programs() {
    if [ -n "$from" ]; then
        programs=$(absolute "$from")
    elif find_config && [ -x "$config/hooks/maos" ]; then
        programs=$config/hooks
    else
        (cd "$root" && cargo build --workspace --bins --target-dir "$root/target")
        programs=$root/target/debug
    fi
    [ -x "$programs/maos-pre-tool" ] || die "$programs holds no programs; run scripts/install.sh"
}

# Makes the scratch repository and its empty home.
make_world() {
    if [ -n "$kept" ]; then
        mkdir -- "$kept" || die "$kept cannot be made; name a folder that does not exist"
        world=$(absolute "$kept")
    else
        world=$(cd "$(mktemp -d)" && pwd -P)
        trap 'rm -rf -- "$world"' EXIT
    fi
    home=$world/home
    repo=$world/project
    mkdir -p "$home/.claude" "$repo"
    alone git init --quiet --initial-branch=main .
    alone git config user.name 'A. Developer'
    alone git config user.email dev@example.com
    printf '# A shop\n' >"$repo/README.md"
    printf 'fn main() {}\n' >"$repo/shop.rs"
    printf '.env\n' >"$repo/.gitignore"
    printf 'KEY=secret\n' >"$repo/.env"
    alone git add .
    alone git commit --quiet -m 'Open the shop'
}

# Runs a command in the repository with nothing of the caller's environment.
alone() {
    (cd "$repo" && env -i HOME="$home" PATH="$PATH" CLAUDE_PROJECT_DIR="$repo" "$@")
}

heading() {
    printf '\n== %s ==\n' "$*"
}

# Prints a text as the inside of a JSON string.
json_text() {
    printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}

# Prints the string that stands under a key of an answer.
value_of() {
    sed -nE 's/.*"'"$1"'":"(([^"\\]|\\.)*)".*/\1/p' | sed 's/\\n/ /g; s/\\\(.\)/\1/g'
}

# Sends an event to a program and prints its answer: PROGRAM EVENT CWD FIELDS
send() {
    local event
    sleep "$pace"
    event=$(printf '{"session_id":"%s","transcript_path":"%s","cwd":"%s","permission_mode":"acceptEdits","hook_event_name":"%s"%s}' \
        "$session" "$home/session.jsonl" "$3" "$2" "${4:+,$4}")
    printf '%s' "$event" | alone "$programs/$1"
}

# Shows what the guard says of a command: EXPECTED COMMAND
try_command() {
    local answer decision
    answer=$(send maos-pre-tool PreToolUse "$repo" \
        "\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"$(json_text "$2")\"},\"tool_use_id\":\"toolu_bash\"")
    decision=$(printf '%s' "$answer" | value_of permissionDecision)
    printf '  $ %s\n' "$2"
    printf '    %s\n' "${decision:-no objection}: $(printf '%s' "$answer" | value_of permissionDecisionReason)" | sed 's/: $//'
    [ "${decision:-pass}" = "$1" ] || die "the guard should have said $1 to: $2"
}

# Takes an answer that the demo does not show. A program would tell of one that
# nobody can read.
unheard() {
    cat >/dev/null
}

# An agent begins and writes a file by Write, and another by Bash. Sets `path` to
# its worktree: ID DESCRIPTION FILE TEXT
begin() {
    local id=$1 call="toolu_$1" notes="notes-${1:0:4}.txt" answer who input
    input="\"description\":\"$2\",\"prompt\":\"do it\",\"subagent_type\":\"coder\""
    answer=$(send maos-pre-tool PreToolUse "$repo" \
        "\"tool_name\":\"Agent\",\"tool_input\":{$input},\"tool_use_id\":\"$call\"")
    case $answer in
        *'"isolation":"worktree"'*) ;;
        *) die "the launch of \"$2\" was not given a worktree: $answer" ;;
    esac
    path=$(send maos-worktree-create WorktreeCreate "$repo" "\"name\":\"agent-$id\"")
    [ -d "$path" ] || die "no worktree was made for \"$2\""
    who="\"agent_id\":\"$id\",\"agent_type\":\"coder\""
    send maos-agent-start SubagentStart "$path" "$who" | unheard
    send maos-post-tool PostToolUse "$repo" \
        "\"tool_name\":\"Agent\",\"tool_input\":{$input,\"isolation\":\"worktree\"},\"tool_response\":{\"status\":\"async_launched\",\"agentId\":\"$id\"},\"tool_use_id\":\"$call\"" | unheard

    input="\"file_path\":\"$path/$3\",\"content\":\"$4\""
    answer=$(send maos-pre-tool PreToolUse "$path" \
        "$who,\"tool_name\":\"Write\",\"tool_input\":{$input},\"tool_use_id\":\"${call}_1\"")
    case $answer in
        *'"deny"'*) die "the Write of \"$2\" was denied: $answer" ;;
    esac
    printf '%s\n' "$4" >"$path/$3"
    send maos-post-tool PostToolUse "$path" \
        "$who,\"tool_name\":\"Write\",\"tool_input\":{$input},\"tool_response\":{\"type\":\"create\"},\"tool_use_id\":\"${call}_1\"" | unheard
    input="\"command\":\"echo $2 > $notes\""
    send maos-pre-tool PreToolUse "$path" \
        "$who,\"tool_name\":\"Bash\",\"tool_input\":{$input},\"tool_use_id\":\"${call}_2\"" | unheard
    printf '%s\n' "$2" >"$path/$notes"
}

# One agent's life: ID DESCRIPTION FILE TEXT
live() {
    local path
    begin "$@"
    send maos-agent-stop SubagentStop "$path" \
        "\"agent_id\":\"$1\",\"agent_type\":\"coder\",\"stop_hook_active\":false,\"last_assistant_message\":\"done\",\"background_tasks\":[]" | unheard
    printf '  %-16s wrote %-10s in %s\n' "$2" "$3" "${path#"$repo/"}"
}

# What the main thread hears when a background agent has ended: ID
hear() {
    send maos-prompt-submit UserPromptSubmit "$repo" \
        "\"prompt\":\"<task-notification>\\n<task-id>$1</task-id>\\n<status>completed</status>\\n</task-notification>\"" |
        value_of additionalContext | fold -s -w 76 | sed 's/^/    /'
}

play_commands() {
    heading 'Commands that destroy or leak are stopped, however they are wrapped'
    try_command deny 'sudo bash -c "rm -rf /"'
    try_command deny 'rm -fr -- ~'
    try_command deny 'cat .env'
    try_command pass 'grep -rn "rm -rf /" README.md'
}

play_agents() {
    heading 'Three agents work at once, each in a worktree of its own'
    local agent
    # $! of each: a failure of one must fail the demo.
    live a1f3c08d2b6e9 'write the cart' cart.rs 'struct Cart;' >"$world/1" & local one=$!
    live a2b47e9c51d03 'write the docs' GUIDE.md '# Guide' >"$world/2" & local two=$!
    live a3d90a6f8c2b4 'write a test' test.rs 'fn test() {}' >"$world/3" & local three=$!
    for agent in $one $two $three; do
        wait "$agent" || die "an agent failed"
    done
    cat "$world/1" "$world/2" "$world/3"
    heading 'Their work has come back, as changes that are not committed'
    local file
    alone git status --porcelain | sed 's/^/  /'
    for file in cart.rs GUIDE.md test.rs notes-a1f3.txt notes-a2b4.txt notes-a3d9.txt; do
        [ -f "$repo/$file" ] || die "$file has not come back"
    done
    heading 'The main thread is told of it'
    hear a1f3c08d2b6e9
}

play_conflict() {
    heading 'Two agents change the same line, and their work stays on branches'
    printf '[workspace]\nreturn = "branch"\n' >"$home/.claude/maos.toml"
    live b4e1d7c09a3f2 'name the shop' README.md '# The corner shop'
    live b5a9f2e83c6d1 'greet the guests' README.md '# Welcome'
    alone "$programs/maos" conflicts | sed 's/^/  /' || true
}

play_branches() {
    heading 'The work is on branches as well'
    alone "$programs/maos" diff a1f3c08d --whole --stat | sed 's/^/  /'
}

play_journal() {
    heading 'Everything is in plain files; maos reads them'
    alone "$programs/maos" status | sed 's/^/  /'
    say
    alone "$programs/maos" log -n 8 | sed 's/^/  /'
}

from=''
kept=''
open=''
pace=0
while (($# > 0)); do
    case $1 in
        --world)
            (($# > 1)) || die "--world needs a folder; see --help"
            kept=$2
            shift
            ;;
        --open) open=yes ;;
        --pace)
            (($# > 1)) || die "--pace needs seconds; see --help"
            pace=$2
            shift
            ;;
        --from)
            (($# > 1)) || die "--from needs a folder; see --help"
            from=$2
            shift
            ;;
        *) die "$1 is not an option; see --help" ;;
    esac
    shift
done

require_git
find_programs
make_world
say "A day with MAOS, in a scratch repository"
send maos-session-start SessionStart "$repo" '"source":"startup"' >/dev/null
play_commands
play_agents
play_branches
play_conflict
if [ -n "$open" ]; then
    begin c7d2b6f14e8a5 'write the hours' README.md '# Open all day'
fi
play_journal
if [ -z "$open" ]; then
    send maos-session-end SessionEnd "$repo" '"reason":"other"' >/dev/null
fi

# shellcheck shell=bash
# shellcheck disable=SC2034 # the variables are for the scripts that source this
# Sourced by the other scripts. Bash 3.2, which macOS has, must do.

# The repository's root.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# Ends the script with one line that says what is wrong and what helps.
die() {
    printf 'maos: %s\n' "$*" >&2
    exit 1
}

# Prints one line.
say() {
    printf '%s\n' "$*"
}

# Prints the comment at the head of the script that runs, and ends, where that is
# asked for: ARGUMENT...
help_where_asked() {
    local argument
    for argument in "$@"; do
        case $argument in
            --help | -h)
                sed -n '2,/^[^#]/{/^#/{s/^# \{0,1\}//;p;};}' "$0"
                exit 0
                ;;
        esac
    done
}

# Ends where an argument is no whole number: ARGUMENT...
require_numbers() {
    local argument
    for argument in "$@"; do
        case $argument in
            '' | *[!0-9]*) die "$argument is no number; see --help" ;;
        esac
    done
}

# Sets `config` to the client's folder of settings.
find_config() {
    case ${CLAUDE_CONFIG_DIR:-} in
        /*) config=$CLAUDE_CONFIG_DIR ;;
        *)
            case ${HOME:-} in
                /*) config=$HOME/.claude ;;
                *) die "HOME is not set to an absolute path; set it, then run this again" ;;
            esac
            ;;
    esac
}

# Prints the absolute form of a folder that exists.
absolute() {
    case $1 in
        *$'\n'*) die "a folder with a line end in its name cannot be used" ;;
    esac
    (cd -- "$1" 2>/dev/null && pwd -P) || die "$1 is not a folder that can be entered"
}

# Checks for git 2.38, the first whose worktrees do all that is needed.
require_git() {
    local version major minor
    command -v git >/dev/null || die "git is missing; install git 2.38 or newer, then run this again"
    version=$(git version | sed 's/[^0-9]*//')
    major=${version%%.*}
    minor=${version#*.}
    minor=${minor%%[!0-9]*}
    if ((major < 2 || (major == 2 && minor < 38))); then
        die "git ${version%% *} is older than 2.38; install a newer git, then run this again"
    fi
}

require_cargo() {
    if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
        die "cargo is missing; install Rust from https://rustup.rs, then run this again"
    fi
}

# How much of a function called may be copied into its caller: small programs have
# few pages, and with this `opt-level = "z"` takes a twelfth fewer instructions.
small_flags='-C llvm-args=-inline-threshold=15'

# A static program at a fixed address starts a third faster than a dynamic one,
# and a hook starts on every call; one with musl, which prepares next to nothing
# at its start, twice as fast again. Names the target, so that procedural macros,
# which cannot be static, are built without these flags.
fixed_flags='-C relocation-model=static'
static_flags="-C target-feature=+crt-static $fixed_flags"

# What a linker can leave out of a static program, and how it lays the rest out
# in few pages; as seen from the repository's root.
lean_flags='-C link-arg=-Wl,-T,scripts/static.ld,--no-eh-frame-hdr,--build-id=none'
lean_flags="$lean_flags -C link-arg=-Wl,-z,norelro,-z,noseparate-code"

# Whether a program can be built: TARGET FOLDER (to try it in) FLAGS
can_link() {
    # shellcheck disable=SC2086 # several words
    (cd "$root" && printf 'fn main() {}' |
        rustc - --crate-name probe --target "$1" $3 -o "$2/probe" 2>/dev/null)
}

# Whether static programs can be built: TARGET FOLDER (to try it in)
can_link_static() {
    can_link "$1" "$2" "$static_flags"
}

# Whether rustup can add a target that is missing: TARGET FOLDER (to try it in)
add_target() {
    command -v rustup >/dev/null || return 1
    say "adding the Rust target $1, with which hooks start fastest"
    (cd "$root" && rustup target add "$1" >/dev/null 2>&1) && can_link_static "$1" "$2"
}

# Sets `host` to this platform, `target` to the one that is built for, `flags`
# to the flags of the compiler, `loaded_flags` to those for a program that loads a
# C library, and `release` to the folder of the programs that build_release makes:
# FOLDER (to try in)
find_release() {
    local musl
    host=$(rustc -vV | sed -n 's/^host: //p')
    [ -n "$host" ] || die "rustc does not name its host; reinstall Rust from https://rustup.rs"
    target=$host
    flags="${RUSTFLAGS:-} $small_flags"
    loaded_flags=$flags
    case $host in
        *-linux-*)
            if can_link "$host" "$1" "$fixed_flags $lean_flags"; then
                loaded_flags="$loaded_flags $fixed_flags $lean_flags"
            fi
            musl=${host%%-*}-unknown-linux-musl
            if can_link_static "$musl" "$1" || add_target "$musl" "$1"; then
                target=$musl
                flags="$flags $static_flags"
                if can_link "$musl" "$1" "$static_flags $lean_flags"; then
                    flags="$flags $lean_flags"
                fi
            elif can_link_static "$host" "$1"; then
                flags="$flags $static_flags"
                say "the Rust target $musl is not installed (rustup target add $musl): hooks will start slower"
            else
                say "no static C library is installed (rustup target add $musl): hooks will start slower"
            fi
            ;;
    esac
    release=$root/target/$target/release
}

# Copies a program by one write: FROM TO. Where the file system can, the copy then
# lies in memory in large pieces, and a start finds all of a piece at its first
# touch; what cp and linkers write lies there page by page.
copy_whole() {
    dd if="$1" of="$2" bs=8388608 2>/dev/null
}

# Builds programs: TARGET OPTIONS OF CARGO
cargo_release() {
    local target=$1
    shift
    (cd "$root" && cargo build --release --locked --bins \
        --target "$target" --target-dir "$root/target" "$@") || die "the build failed"
}

# Builds all programs into `release`, as they are installed.
build_release() {
    say "building; the first time takes a few minutes"
    RUSTFLAGS=$flags cargo_release "$target" --workspace --no-default-features \
        --exclude maos-tests --exclude maos-benches
    # It looks up names, for which a C library has to be loaded.
    RUSTFLAGS=$loaded_flags cargo_release "$host" --package maos-notify --bin maos-speak
    if [ "$target" != "$host" ]; then
        cp -- "$root/target/$host/release/maos-speak" "$release" || die "$release cannot be written"
    fi
}

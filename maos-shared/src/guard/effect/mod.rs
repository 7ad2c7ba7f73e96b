//! Does a script change files? What is not known to read only counts as
//! changing: a program, an option, a piece of text known only when it runs.

use super::arguments::{Argument, FLAGS_ONLY, Options, leading_text, program, read};
use super::find;
use super::list::List;
use super::shell::{Command, Redirection, Script, Word};

mod git;
mod one_liner;

/// What a script can do to files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It reads only.
    Reads,
    /// It may change something.
    Modifies,
}

/// Returns the effect of a script.
pub(super) fn of(script: &Script) -> Effect {
    let mut commands = script.commands.iter().zip(script.starters());
    let reads = commands.all(|(command, starts)| {
        only_reads(command, starts) && command.redirections.iter().all(is_harmless)
    });
    match reads && script.redirections.iter().all(is_harmless) {
        true => Effect::Reads,
        false => Effect::Modifies,
    }
}

/// Returns whether a redirection reads, or writes to no file.
fn is_harmless(redirection: &Redirection) -> bool {
    const SINKS: [&str; 5] = [
        "/dev/null",
        "/dev/stdout",
        "/dev/stderr",
        "/dev/tty",
        "/dev/fd/",
    ];
    redirection.operator == "<"
        || redirection.target.known().is_some_and(|target| {
            SINKS.contains(&&*target)
                || target
                    .strip_prefix("/dev/fd/")
                    .is_some_and(|fd| fd.bytes().all(|byte| byte.is_ascii_digit()))
        })
}

/// Programs that only start the commands that they are given; those are
/// commands of the script and judged there.
const WRAPPERS: List = List(
    "\
    bash builtin busybox caffeinate chrt command dash doas env eval exec fish gtimeout ionice \
    ksh nice nohup parallel setsid sh stdbuf sudo taskset time timeout toybox trap unbuffer \
    watch xargs zsh",
);

/// Programs that read files or tell about the system, whatever their options.
const READERS: List = List(
    "\
    : [ [[ ag alias arch b2sum basename bat break cal cat cd cksum cloc cmp colrm column comm \
    continue cut declare df diff dir dirname dirs du echo egrep exa exit expand export expr eza \
    dig false fgrep fmt fold free getconf getent getopts gojq grep groups hash head help hexdump \
    history id jaq jobs join jq let local locale locate logname look ls lsb_release lsblk lscpu \
    lsd lsof man md5 md5sum more netstat nl nm nproc nslookup od paste pgrep ping popd printenv \
    printf ps pushd pwd read readelf readlink readonly realpath return rev seq set sha1sum \
    sha256sum sha512sum shasum shift sleep ss stat strings sum tac tail test tokei tput tr true \
    tsort tty type typeset uname unexpand unset \
    uptime users vmstat w wait wc whatis whereis which who whoami zcat zegrep zfgrep zgrep zless \
    zmore bzcat xzcat zstdcat",
);

/// Programs that read, unless one of these options is given, by letter and long
/// name.
const READERS_UNLESS: [(&str, &[(char, &str)]); 11] = [
    ("base64", &[('o', "output")]),
    ("date", &[('s', "set")]),
    ("fd", &[('x', "exec"), ('X', "exec-batch")]),
    ("fdfind", &[('x', "exec"), ('X', "exec-batch")]),
    ("file", &[('C', "compile")]),
    (
        "journalctl",
        &[
            ('\0', "vacuum-size"),
            ('\0', "vacuum-time"),
            ('\0', "vacuum-files"),
            ('\0', "rotate"),
            ('\0', "flush"),
            ('\0', "cursor-file"),
            ('\0', "setup-keys"),
        ],
    ),
    ("less", &[('o', "log-file"), ('O', "LOG-FILE")]),
    ("rg", &[('\0', "pre"), ('\0', "hostname-bin")]),
    ("sort", &[('o', "output"), ('\0', "compress-program")]),
    ("tree", &[('o', "output"), ('R', "rerun")]),
    ("yq", &[('i', "in-place"), ('s', "split-exp")]),
];

/// What programs with many tasks are asked for that only shows.
const SHOWING: [(List, List); 6] = [
    (
        List("docker podman nerdctl"),
        List("diff history images info inspect logs port ps top version"),
    ),
    (
        List("kubectl oc"),
        List("api-resources cluster-info describe explain get logs top version"),
    ),
    (List("npm pnpm"), List("list ll ls outdated view why")),
    (List("pip pip3"), List("check freeze list show")),
    (
        List("systemctl"),
        List(
            "cat is-active is-enabled is-failed list-timers list-unit-files list-units show status",
        ),
    ),
    (List("brew"), List("deps info list outdated")),
];

/// Returns whether the first word asks a program to show something.
fn shows(program: &str, words: &[Word]) -> bool {
    words.first().is_some_and(|first| {
        SHOWING
            .iter()
            .any(|(programs, asked)| programs.has(program) && is_one_of(first, *asked))
    })
}

/// Returns whether `ip` shows an object: nothing or `show` stands behind it.
fn ip_only_reads(words: &[Word]) -> bool {
    let operands = words
        .iter()
        .filter(|word| !leading_text(word).starts_with('-'));
    match operands.collect::<Vec<_>>().as_slice() {
        [_] => true,
        [_, asked, ..] => is_one_of(asked, List("show list ls get")),
        [] => false,
    }
}

/// Returns whether a command changes no file, its redirections aside; `starts`
/// says whether it starts another command of the script, which is judged there.
pub(super) fn only_reads(command: &Command, starts: bool) -> bool {
    let Some((_, words)) = command.words.split_first() else {
        return true;
    };
    if command.calls_function {
        return true;
    }
    let Some(program) = program(command) else {
        return false;
    };
    match &*program {
        name if starts && WRAPPERS.has(name) => true,
        name if READERS.has(name) => true,
        "find" | "gfind" => {
            let find = find::read(words);
            !find.deletes && !find.writes && (find.commands.is_empty() || starts)
        }
        "fd" | "fdfind" if starts => true,
        "git" => git::only_reads(words),
        "gh" => gh_only_reads(words),
        "sed" | "gsed" => one_liner::sed_only_reads(words),
        "awk" | "gawk" | "mawk" | "nawk" => one_liner::awk_only_reads(words),
        "command" => words.iter().any(|word| is_one_of(word, List("-v -V"))),
        "env" => operands(words) == 0,
        "uniq" | "xxd" => {
            operands(words) < 2 && !words.iter().any(|word| is_one_of(word, List("-r")))
        }
        "hostname" => operands(words) == 0,
        "ip" => ip_only_reads(words),
        name if shows(name, words) => true,
        "maos" => words.first().is_some_and(|word| {
            is_one_of(
                word,
                List("conflicts diff explain log rules stats status why"),
            )
        }),
        name => {
            let unless = READERS_UNLESS.iter().find(|(reader, _)| *reader == name);
            unless.is_some_and(|(_, options)| !has_any(words, options)) || asks_version(name, words)
        }
    }
}

fn has_any(words: &[Word], options: &[(char, &str)]) -> bool {
    read(words, &FLAGS_ONLY).iter().any(|argument| {
        options
            .iter()
            .any(|(letter, long)| argument.is(Some(*letter), long))
    })
}

fn operands(words: &[Word]) -> usize {
    read(words, &FLAGS_ONLY)
        .iter()
        .filter(|argument| matches!(argument, Argument::Operand(_)))
        .count()
}

fn is_one_of(word: &Word, expected: List) -> bool {
    word.known().is_some_and(|word| expected.has(&word))
}

/// Returns whether all that is asked is a program's version or its help.
fn asks_version(program: &str, words: &[Word]) -> bool {
    const ASKING_V: List = List("node npm npx yarn pnpm bun ruby php perl");
    const ASKING_CAPITAL_V: List = List("python python2 python3 cargo rustc rustup pip");
    let [word] = words else { return false };
    match word.literal().as_deref() {
        Some("--version" | "--help") => true,
        Some("-v") => ASKING_V.has(program),
        Some("-V") => ASKING_CAPITAL_V.has(program),
        Some("-vV") => matches!(program, "rustc" | "cargo"),
        Some("version") => matches!(program, "go" | "docker" | "helm" | "terraform"),
        _ => false,
    }
}

/// Returns whether a `gh` command shows and no more.
fn gh_only_reads(words: &[Word]) -> bool {
    const SUBJECTS: List = List("issue pr release repo run workflow label auth");
    const SHOWING: List = List("list view status diff checks");
    match words {
        [subject, showing, ..] => is_one_of(subject, SUBJECTS) && is_one_of(showing, SHOWING),
        _ => false,
    }
}

/// Returns whether every argument is an operand, one of these flags, or one of
/// these options with its value.
fn has_only(arguments: &[Argument<'_>], flags: List) -> bool {
    arguments.iter().all(|argument| match argument {
        Argument::Operand(_) => true,
        Argument::Flag(name) | Argument::Valued(name, _) => flags.has(name),
    })
}

/// Returns the arguments of a program that takes these options with a value.
fn arguments<'a>(words: &'a [Word], short: &'static str, long: &'static str) -> Vec<Argument<'a>> {
    read(
        words,
        &Options {
            short,
            long: List(long),
        },
    )
}

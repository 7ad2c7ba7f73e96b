//! Does a script change files? What is not known to read only counts as
//! changing: a program, an option, a piece of text known only when it runs.

use super::arguments::{
    Argument, FLAGS_ONLY, NONE, Options, leading, leading_text, options, program, read,
};
use super::find;
use super::list::List;
use super::shell::{Command, Redirection, Script, Word};
use super::speech::only_speaks;

mod git;
mod one_liner;
mod readers;
mod variables;

use readers::has_any;

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
    let reads = reads && !variables::are_set_for_all(script);
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

/// Returns whether a `time` that is a program writes what it measured to a file.
fn writes_times(words: &[Word]) -> bool {
    let (given, _) = leading(words, &options("fo", "format output"));
    given.iter().any(|one| one.is(Some('o'), "output"))
}

/// Returns whether `date` or `hostname` is given what to set; `+…` is a format.
fn operands_set(words: &[Word]) -> bool {
    let given = read(words, &options("dfr", "date file reference"));
    let only_converts = given.iter().any(|one| one.is(Some('j'), ""));
    let sets = |one: &Argument<'_>| match one {
        Argument::Operand(word) => !leading_text(word).starts_with('+'),
        _ => false,
    };
    !only_converts && given.iter().any(sets)
}

/// Returns whether a pager is given a command of its own to begin with.
fn runs_at_once(words: &[Word]) -> bool {
    let begins = |word: &Word| {
        let text = leading_text(word);
        let command = text.trim_start_matches('+');
        command.len() < text.len() && command.starts_with(['!', '|', '#', 's', 'v'])
    };
    words.iter().any(begins)
}

/// Returns whether `ip` shows an object: nothing or `show` stands behind it.
fn ip_only_reads(words: &[Word]) -> bool {
    const BATCH: List = List("-b -ba -bat -batc -batch --batch");
    if words.iter().any(|word| BATCH.has(leading_text(word))) {
        return false;
    }
    let operands = words
        .iter()
        .filter(|word| !leading_text(word).starts_with('-'));
    match operands.collect::<Vec<_>>().as_slice() {
        [_] => true,
        [_, asked, ..] => is_one_of(asked, const { List("show list ls get") }),
        [] => false,
    }
}

/// Returns whether a command changes no file, its redirections aside; `starts`
/// says whether it starts another command of the script, which is judged there.
pub(super) fn only_reads(command: &Command, starts: bool) -> bool {
    if only_speaks(command) {
        return true;
    }
    if variables::load_code(command) {
        return false;
    }
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
        "time" if writes_times(words) => false,
        "parallel" if has_any(words, &[(NONE, "joblog"), (NONE, "results")]) => false,
        name if starts && WRAPPERS.has(name) => true,
        "find" | "gfind" => {
            let find = find::read(words);
            !find.deletes && !find.writes && (find.commands.is_empty() || starts)
        }
        "fd" | "fdfind" if starts => true,
        "git" => git::only_reads(words),
        "gh" => gh_only_reads(words),
        "sed" | "gsed" => one_liner::sed_only_reads(words),
        "awk" | "gawk" | "mawk" | "nawk" => one_liner::awk_only_reads(words),
        "command" => words
            .iter()
            .any(|word| is_one_of(word, const { List("-v -V") })),
        "env" => operands(words) == 0,
        "uniq" | "xxd" => {
            operands(words) < 2
                && !words
                    .iter()
                    .any(|word| is_one_of(word, const { List("-r") }))
        }
        "date" | "hostname" if operands_set(words) => false,
        "less" | "more" | "zless" if runs_at_once(words) => false,
        "ip" => ip_only_reads(words),
        "maos" => words.first().is_some_and(|word| {
            is_one_of(
                word,
                List("conflicts diff explain log rules stats status why"),
            )
        }),
        name => readers::reads(name, words) || asks_version(name, words),
    }
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

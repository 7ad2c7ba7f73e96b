//! Programs that start the command on their line, or the text that one of
//! their options holds.

use super::super::arguments::{
    Argument, FLAGS_ONLY, NONE, Options, leading, leading_text, options, read, skip,
};
use super::super::list::{List, Names, Table, table};
use super::super::shell::Word;
use super::variables::EXPORTED_FUNCTION;
use super::{Family, Line, Started, What, values_of, words};

mod env;
mod prefixes;
#[cfg(test)]
mod tests;
mod texts;
mod tools;

/// How a program reads its line.
struct Usage {
    programs: List,
    /// It starts something behind one of these subcommands alone.
    subcommands: List,
    /// The options that take a value.
    options: Options,
    /// Those of them whose value is shell text, by letter and long name.
    texts: &'static [(char, &'static str)],
    /// Those of them whose value is a setting that may hold shell text:
    /// `ProxyCommand=TEXT`, `exec=TEXT`.
    settings: &'static [(char, &'static str)],
    /// Those of them whose value is the folder to start in.
    folders: &'static [(char, &'static str)],
    /// What its operands are.
    operands: Operands,
}

/// What the operands of a program are.
#[derive(Clone, Copy)]
enum Operands {
    /// No commands; its options may stand among them.
    Data,
    /// A command with its arguments, after this many others.
    Command { after: usize },
    /// Words of one shell text, after this many others.
    Text { after: usize },
    /// Shell texts, each for itself.
    Texts,
}

/// A program that starts the command on its line.
const PREFIX: Usage = Usage {
    programs: List(""),
    subcommands: List(""),
    options: FLAGS_ONLY,
    texts: &[],
    settings: &[],
    folders: &[],
    operands: Operands::Command { after: 0 },
};

/// A program with options whose value is shell text.
const DATA: Usage = Usage {
    operands: Operands::Data,
    ..PREFIX
};

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List(
        "env genv command zip sudo watch setarch gdb lldb start-stop-daemon mise rtx nix cargo \
         dotenv hatch bwrap runuser",
    ))
    .and(BEHIND_DASHES)
    .and_all(USAGES[0].names())
    .and_all(USAGES[1].names())
    .and_all(USAGES[2].names()),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    let words = line.words;
    match line.program() {
        "env" | "genv" => env::started(words),
        "command" if has_flag(words, &FLAGS_ONLY, "vV") => Vec::new(),
        "zip" => zip_test(words),
        "sudo" if has_flag(words, &prefixes::SUDO, "elvkK") => Vec::new(),
        "watch" => watch(words),
        "setarch" if leading_text_of(words).starts_with('-') => prefix(&PREFIX, words),
        "gdb" | "lldb" => behind(words, &["--args", "--"]),
        "start-stop-daemon" => daemon(words),
        program if BEHIND_DASHES.has(program) => behind(words, &["--", "-e"]),
        "mise" | "rtx" if words.iter().any(|word| is(word, "--")) => behind(words, &["--"]),
        "nix" if words.first().is_some_and(|word| is(word, "run")) => nix_run(words),
        "nix" => behind(words, &["-c", "--command"]),
        "cargo" => cargo_watch(words),
        "dotenv" => dotenv(words),
        "hatch" => hatch(words),
        "bwrap" => bwrap(words),
        "runuser" if !has_user(words) => usage("su").map_or_else(Vec::new, |su| prefix(su, words)),
        program => usage(program).map_or_else(Vec::new, |usage| of_usage(usage, words)),
    }
}

static USAGES: [Table<Usage>; 3] = [
    table!(prefixes::PREFIXES, programs),
    table!(tools::TOOLS, programs),
    table!(texts::TEXTS, programs),
];

fn usage(program: &str) -> Option<&'static Usage> {
    let mut kinds = USAGES.iter();
    kinds.find_map(|usages| usages.find(program))
}

fn of_usage(usage: &Usage, words: &[Word]) -> Vec<Started> {
    if usage.subcommands.names().next().is_none() {
        return prefix(usage, words);
    }
    match leading(words, &usage.options).1.split_first() {
        Some((subcommand, words)) if is_one_of(subcommand, usage.subcommands) => {
            prefix(usage, words)
        }
        _ => Vec::new(),
    }
}

/// Returns what a line starts by its options and operands.
fn prefix(usage: &Usage, words: &[Word]) -> Vec<Started> {
    let (arguments, rest) = match usage.operands {
        Operands::Data => (read(words, &usage.options), &[][..]),
        Operands::Texts => leading(words, &usage.options),
        Operands::Command { after } | Operands::Text { after } => {
            behind_operands(words, &usage.options, after)
        }
    };
    let folder = values_of(&arguments, usage.folders).last().cloned();
    let texts = values_of(&arguments, usage.texts).cloned();
    let set = values_of(&arguments, usage.settings).filter_map(setting);
    let mut started: Vec<Started> = texts.chain(set).map(Started::shell).collect();
    match usage.operands {
        Operands::Command { .. } if started.is_empty() => started.extend(assigned(rest)),
        Operands::Text { .. } if !rest.is_empty() => {
            started.push(Started::shell(words::join(rest, " ")));
        }
        Operands::Texts => started.extend(rest.iter().cloned().map(Started::shell)),
        _ => {}
    }
    let moved = started.into_iter();
    moved.map(|one| one.in_folder(folder.clone())).collect()
}

/// Returns the options in front of the command, and the words from there on;
/// `operands` of others stand in front of it too.
fn behind_operands<'a>(
    words: &'a [Word],
    options: &Options,
    operands: usize,
) -> (Vec<Argument<'a>>, &'a [Word]) {
    let (mut arguments, mut rest) = leading(words, options);
    for _ in 0..operands {
        let (more, after) = leading(rest.get(1..).unwrap_or_default(), options);
        arguments.extend(more);
        rest = after;
    }
    (arguments, rest)
}

/// Returns the shell text in `ProxyCommand=TEXT` and its kin.
fn setting(value: &Word) -> Option<Word> {
    const HOLDING_TEXT: List =
        List("proxycommand knownhostscommand localcommand remotecommand exec");
    let text = leading_text(value);
    let end = text.find(['=', ' '])?;
    HOLDING_TEXT
        .has(&text[..end].to_ascii_lowercase())
        .then(|| skip(value, end + 1))
}

/// Returns the command that these words are, `NAME=value` in front of it.
fn assigned(words: &[Word]) -> Option<Started> {
    let assignments: Vec<(String, Word)> = words.iter().map_while(assignment).collect();
    let words = words[assignments.len()..].to_vec();
    (!words.is_empty()).then_some(Started::of(What::Program {
        words,
        assignments,
        more_arguments: false,
    }))
}

fn assignment(word: &Word) -> Option<(String, Word)> {
    let (name, _) = leading_text(word).split_once('=')?;
    let letters = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let is_name = !name.is_empty() && name.chars().all(letters);
    (is_name || name.starts_with(EXPORTED_FUNCTION))
        .then(|| (name.to_owned(), skip(word, name.len() + 1)))
}

/// Returns whether `runuser` is told the user by an option: a command follows
/// then; else it reads its line as `su` does.
fn has_user(words: &[Word]) -> bool {
    words
        .iter()
        .any(|word| leading_text(word).starts_with("-u"))
}

fn watch(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = options("nqs", "interval equexit shotsdir");
    let (arguments, rest) = leading(words, &OPTIONS);
    let direct = arguments.iter().any(|one| one.is(Some('x'), "exec"));
    match rest {
        [] => Vec::new(),
        _ if direct => vec![Started::program(rest.to_vec())],
        _ => vec![Started::shell(words::join(rest, " "))],
    }
}

/// Programs that start the command behind `--`.
const BEHIND_DASHES: List = List(
    "bear distrobox dockerize gamescope lerna nsjail nx onchange reflex wait-for wait-for-it.sh zellij",
);

/// Returns what a `start-stop-daemon` starts: the program of an option, with the
/// arguments behind `--`.
fn daemon(words: &[Word]) -> Vec<Started> {
    let end = words.iter().position(|word| is(word, "--"));
    let (own, given) = words.split_at(end.unwrap_or(words.len()));
    let arguments = read(
        own,
        &options("xanpucd", "exec name pidfile user chuid chdir"),
    );
    let program = values_of(&arguments, &[('x', "exec"), ('a', "")]).last();
    let command = program.into_iter().chain(given.iter().skip(1));
    assigned(&command.cloned().collect::<Vec<_>>())
        .into_iter()
        .collect()
}

/// Returns the command behind the first of these words.
fn behind(words: &[Word], marks: &[&str]) -> Vec<Started> {
    let is_mark = |word: &Word| marks.iter().any(|mark| is(word, mark));
    let at = words.iter().position(is_mark);
    let rest = at.map_or(&[][..], |at| &words[at + 1..]);
    assigned(rest).into_iter().collect()
}

fn cargo_watch(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = options("sxwdiC", "shell exec watch delay ignore workdir");
    if words.first().is_none_or(|first| !is(first, "watch")) {
        return Vec::new();
    }
    let arguments = read(&words[1..], &OPTIONS);
    let texts = values_of(&arguments, &[('s', "shell")]).cloned();
    let cargo = values_of(&arguments, &[('x', "exec")]);
    let cargo = cargo.map(|rest| words::join([&words::word("cargo"), rest], " "));
    let mut started: Vec<Started> = texts.chain(cargo).map(Started::shell).collect();
    started.extend(behind(words, &["--"]));
    started
}

/// Returns what `nix run INSTALLABLE -- …` starts: a program that has the name
/// of what it lies in.
fn nix_run(words: &[Word]) -> Vec<Started> {
    let named = words.get(1).and_then(Word::literal).unwrap_or_default();
    let name = named.rsplit(['#', '/', '.']).next().unwrap_or_default();
    let at = words.iter().position(|word| is(word, "--"));
    let mut command = vec![words::word(name)];
    command.extend_from_slice(at.map_or(&[], |at| &words[at + 1..]));
    vec![Started::program(command)]
}

/// Returns what `hatch run [ENVIRONMENT:]COMMAND …` starts.
fn hatch(words: &[Word]) -> Vec<Started> {
    let (_, rest) = leading(words, &options("epd", "env project data-dir"));
    let Some(([run], [first, rest @ ..])) = rest.split_at_checked(1) else {
        return Vec::new();
    };
    if !is(run, "run") {
        return Vec::new();
    }
    let text = leading_text(first);
    let environment = text.find(':').map_or(0, |end| end + 1);
    let mut command = vec![skip(first, environment)];
    command.extend_from_slice(rest);
    assigned(&command).into_iter().collect()
}

/// Returns what `dotenv [run] COMMAND …` starts, with the variables of a file.
fn dotenv(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = options("fecvp", "file env");
    let (_, rest) = leading(words, &OPTIONS);
    let rest = match rest.split_first() {
        Some((first, rest)) if is(first, "run") => leading(rest, &OPTIONS).1,
        _ => rest,
    };
    assigned(rest).into_iter().collect()
}

/// Returns what `bwrap` starts behind its options, of which some take two
/// values.
fn bwrap(words: &[Word]) -> Vec<Started> {
    const TWO: List = List(
        "--bind --bind-try --dev-bind --dev-bind-try --ro-bind --ro-bind-try --symlink --setenv \
         --chmod --file --bind-data --ro-bind-data",
    );
    const NO_VALUE: List = List(
        "--unshare-all --share-net --unshare-user --unshare-ipc --unshare-pid --unshare-net \
         --unshare-uts --unshare-cgroup --clearenv --new-session --die-with-parent --as-pid-1",
    );
    let mut rest = words;
    while let Some((first, after)) = rest.split_first()
        && leading_text(first).starts_with('-')
    {
        let values = match first.literal().as_deref() {
            Some("--") => return assigned(after).into_iter().collect(),
            Some(option) if TWO.has(option) => 2,
            Some(option) if NO_VALUE.has(option) => 0,
            _ => 1,
        };
        rest = after.get(values..).unwrap_or_default();
    }
    assigned(rest).into_iter().collect()
}

/// Returns what `zip` tests its archive with: `-TT TEXT`.
fn zip_test(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = options("", "unzip-command");
    let spelled = words.iter().map(|word| match is(word, "-TT") {
        true => words::word("--unzip-command"),
        false => word.clone(),
    });
    let spelled: Vec<Word> = spelled.collect();
    let arguments = read(&spelled, &OPTIONS);
    let texts = values_of(&arguments, &[(NONE, "unzip-command")]);
    texts.cloned().map(Started::shell).collect()
}

/// Returns whether one of these letters is an option in front of the operands.
fn has_flag(words: &[Word], options: &Options, letters: &str) -> bool {
    let (arguments, _) = leading(words, options);
    let asked = |argument: &Argument<'_>| letters.chars().any(|one| argument.is(Some(one), ""));
    arguments.iter().any(asked)
}

fn leading_text_of(words: &[Word]) -> &str {
    words.first().map_or("", leading_text)
}

fn is(word: &Word, expected: &str) -> bool {
    word.literal().as_deref() == Some(expected)
}

fn is_one_of(word: &Word, expected: List) -> bool {
    word.literal().is_some_and(|word| expected.has(&word))
}

//! Secrets: no file of them is read, copied, sent or changed, whatever program
//! its name is given to. Programs that look at names alone, and arguments that
//! are data, are no matter.

use std::path::Path;

use super::super::arguments::{
    Argument, Options, leading, leading_text, options, path_candidates, program, read,
};
use super::super::find;
use super::super::list::List;
use super::super::place::{Place, Scene};
use super::super::programs::{self, Usage};
use super::super::secret_files::{self, Secret};
use super::super::shell::{Command, Part, Redirection, Stdin, Word};
use super::super::starts;
use super::{Access, Denial, Surroundings};

/// Returns the objection to a file tool's path.
pub(super) fn judge_file(
    path: &Path,
    _access: Access,
    _around: &Surroundings<'_>,
) -> Option<Denial> {
    let place = Place::of_path(path);
    secret_files::of_place(&place).map(|secret| deny(secret, &place.to_string()))
}

/// Returns the objections to what a script does with files of secrets.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = &scene.script.commands;
    let starts = scene.script.starters();
    let in_commands = commands.iter().zip(starts).filter_map(|(command, starts)| {
        judge_command(scene, command, starts)
            .or_else(|| judge_redirections(scene, &command.redirections))
    });
    in_commands
        .chain(judge_redirections(scene, &scene.script.redirections))
        .collect()
}

fn judge_redirections(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Denial> {
    redirections.iter().find_map(|redirection| {
        let folder = scene.folder(&redirection.dirs);
        judge_path(scene, &redirection.target, &folder)
    })
}

fn judge_command(scene: &Scene<'_>, command: &Command, starts: bool) -> Option<Denial> {
    let program = program(command).unwrap_or_default();
    if command.words.is_empty() || programs::names_only(&program) {
        return None;
    }
    if let Some(denial) = judge_stream(scene, command).or_else(|| judge_outputs(scene, command)) {
        return Some(denial);
    }
    let words = &command.words[1..];
    let folder = scene.folder(&command.dirs);
    match &*program {
        "xargs" | "parallel" => judge_list(scene, words, &folder),
        _ if starts && !reads_besides(&program) => None,
        "git" => judge_git(scene, words, &folder),
        "gpg" | "gpg2" if exports_keys(words) => Some(deny(Secret::Key, "the exported key")),
        "kubectl" | "oc" if words.iter().any(|word| leading_text(word) == "--raw") => {
            let config = words
                .first()
                .is_some_and(|word| leading_text(word) == "config");
            config.then(|| deny(Secret::Key, "the cluster's configuration"))
        }
        "security" if shows_password(words) => Some(deny(Secret::Key, "the keychain")),
        "cp" if never_overwrites(scene, command, &folder) => None,
        "wget" => judge_words(scene, &program, &without_hosts(words), &folder),
        _ => match programs::usage(&program) {
            Some(usage) => judge_usage(scene, usage, words, &folder),
            None => judge_words(
                scene,
                &program,
                &starts::words_without_code(command),
                &folder,
            ),
        },
    }
}

/// Returns whether a program that starts others reads files of its own.
fn reads_besides(program: &str) -> bool {
    matches!(
        program,
        "git"
            | "tar"
            | "rsync"
            | "scp"
            | "ssh"
            | "awk"
            | "gawk"
            | "sed"
            | "vi"
            | "vim"
            | "nvim"
            | "ex"
            | "view"
            | "vimdiff"
    )
}

/// Judges the file that names are read from (`xargs -a FILE`).
fn judge_list(scene: &Scene<'_>, words: &[Word], folder: &Place) -> Option<Denial> {
    const OPTIONS: Options = options("adEIJLnPRSsj", "arg-file delimiter");
    let (arguments, _) = leading(words, &OPTIONS);
    let mut files = arguments.iter().filter_map(|argument| match argument {
        Argument::Valued(_, file) if argument.is(Some('a'), "arg-file") => Some(file),
        _ => None,
    });
    files.find_map(|file| judge_path(scene, file, folder))
}

/// Returns whether `gpg` gives out private keys.
fn exports_keys(words: &[Word]) -> bool {
    words
        .iter()
        .any(|word| leading_text(word).starts_with("--export-secret"))
}

/// Returns whether `security` shows a password of the keychain.
fn shows_password(words: &[Word]) -> bool {
    const SHOWING: List = List("find-generic-password find-internet-password dump-keychain");
    let first = words.first().and_then(Word::literal);
    let shows = |word: &Word| matches!(leading_text(word), "-w" | "-g" | "-d");
    first.is_some_and(|first| SHOWING.has(&first)) && words.iter().any(shows)
}

/// Judges every word, but for the values of options that are data.
fn judge_words(scene: &Scene<'_>, program: &str, words: &[Word], folder: &Place) -> Option<Denial> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = leading_text(word);
        let (option, joined) = match text.strip_prefix("--") {
            Some(long) => (
                long.split('=').next().unwrap_or_default(),
                long.contains('='),
            ),
            None => ("", false),
        };
        if programs::is_data_option(program, option) {
            if !joined {
                words.next();
            }
        } else if programs::is_data_letter(program, text) {
            words.next();
        } else if let Some(denial) = judge_word(scene, word, folder) {
            return Some(denial);
        }
    }
    None
}

fn judge_word(scene: &Scene<'_>, word: &Word, folder: &Place) -> Option<Denial> {
    path_candidates(word)
        .iter()
        .find_map(|candidate| judge_path(scene, candidate, folder))
}

fn judge_path(scene: &Scene<'_>, word: &Word, folder: &Place) -> Option<Denial> {
    if word.parts.is_empty() {
        return None;
    }
    let place = scene.place(word, folder);
    secret_files::of_place(&place).map(|secret| deny(secret, &place.to_string()))
}

fn judge_usage(scene: &Scene<'_>, usage: &Usage, words: &[Word], folder: &Place) -> Option<Denial> {
    let files = usage.files(words);
    let found = files
        .iter()
        .find_map(|file| judge_word(scene, file, folder));
    found.or_else(|| usage.patterns(words).iter().find_map(judge_search))
}

fn judge_search(pattern: &Word) -> Option<Denial> {
    let pattern = pattern.literal()?;
    let secret = match pattern.starts_with('!') {
        true => None,
        false => secret_files::of_search(&pattern),
    };
    secret.map(|secret| deny(secret, &pattern))
}

/// Judges a regular expression for names as the pattern that it begins with:
/// `^\.env$`.
fn judge_regex(expression: &Word) -> Option<Denial> {
    let expression = expression.literal()?;
    let name = expression.trim_start_matches('^').trim_end_matches('$');
    let name = name.replace('\\', "");
    secret_files::of_search(&name).map(|secret| deny(secret, &name))
}

/// The subcommands of git that look at names alone.
const GIT_NAMES_ONLY: List = List(
    "\
    branch check-attr check-ignore config help ls-files ls-tree remote rev-list rev-parse status \
    tag update-index",
);

fn judge_git(scene: &Scene<'_>, words: &[Word], folder: &Place) -> Option<Denial> {
    let (subcommand, words) = super::super::git_line::subcommand(words)?;
    let has = |flag: &str| {
        words
            .iter()
            .any(|word| word.literal().as_deref() == Some(flag))
    };
    match &*subcommand {
        name if GIT_NAMES_ONLY.has(name) => None,
        "rm" if has("--cached") => None,
        "log" | "shortlog" if !has("-p") && !has("-u") && !has("--patch") => None,
        "grep" => judge_usage(scene, programs::git_grep(), words, folder),
        _ => judge_words(scene, "git", words, folder).or_else(|| {
            let behind = words.iter().skip_while(|word| leading_text(word) != "--");
            behind.skip(1).find_map(judge_search)
        }),
    }
}

/// Returns whether a `cp` leaves a file alone that is there already, and copies
/// no secret.
fn never_overwrites(scene: &Scene<'_>, command: &Command, folder: &Place) -> bool {
    let words = &command.words[1..];
    let arguments = read(words, &super::super::arguments::FLAGS_ONLY);
    let operands: Vec<&Word> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Operand(word) => Some(*word),
            _ => None,
        })
        .collect();
    let Some((target, sources)) = operands.split_last() else {
        return false;
    };
    if judge_word(scene, target, folder).is_none() {
        return false;
    }
    let careful = arguments.iter().any(|one| one.is(Some('n'), "no-clobber"));
    (careful || is_missing_before(scene, command, target))
        && sources
            .iter()
            .all(|word| judge_word(scene, word, folder).is_none())
}

/// How many commands before one are looked at for a test.
const NEAR: usize = 64;

/// Returns whether a command runs only where a test found that this file is not
/// there: `[ -f .env ] ||`, `[ ! -f .env ] &&`.
fn is_missing_before(scene: &Scene<'_>, command: &Command, file: &Word) -> bool {
    const TESTS: List = List("[ [[ test");
    let script = scene.script;
    let Some(here) = script
        .commands
        .iter()
        .position(|one| std::ptr::eq(one, command))
    else {
        return false;
    };
    let commands = script.commands[..here].iter().enumerate();
    let near = commands.skip(here.saturating_sub(NEAR));
    let by_commands = near.filter_map(|(at, one)| {
        let tests = program(one).is_some_and(|name| TESTS.has(&name));
        tests.then_some((at, &one.words))
    });
    let by_words = script.tests.iter().map(|(at, words)| (*at, words));
    let by_words = by_words.filter(|(at, _)| *at <= here && at + NEAR >= here);
    let about = |test: &(usize, &Vec<Word>)| test.1.contains(file);
    let mut tests = by_commands.chain(by_words).filter(about);
    tests.any(|(at, words)| {
        let negated = words.iter().any(|word| leading_text(word) == "!");
        let alternatives = script.alternatives.iter();
        let mut alternatives = alternatives.filter(|range| range.start >= at);
        negated != alternatives.any(|range| range.contains(&here))
    })
}

/// Returns the words without the addresses that have no scheme:
/// `localhost:3000/.env`.
fn without_hosts(words: &[Word]) -> Vec<Word> {
    let is_address = |word: &&Word| {
        let text = leading_text(word);
        let host = text.split('/').next().unwrap_or_default();
        let port = host.rsplit_once(':').map_or("", |(_, port)| port);
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    let named = words.iter().filter(|word| !is_address(word));
    named.cloned().collect()
}

/// Judges the names that come from a stream: from a `find` that looks for
/// secrets, or from what says or lists their names.
fn judge_stream(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    if !command.more_arguments {
        return None;
    }
    let commands = &scene.script.commands;
    let wrapper = commands.get(command.started_by?)?;
    if let Some(denial) = judge_names(scene, wrapper) {
        return Some(denial);
    }
    [&command.stdin, &wrapper.stdin]
        .into_iter()
        .find_map(|stdin| match stdin {
            Stdin::Pipe(range) => {
                let source = commands.get(range.clone())?;
                source.iter().find_map(|one| judge_names(scene, one))
            }
            Stdin::Inherited | Stdin::Text(_) => None,
        })
}

/// Judges the words that are what a command finds or lists, itself or through
/// a loop that reads it (`cat $(find . -name .env)`).
fn judge_outputs(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let commands = &scene.script.commands;
    let outputs = command.words[1..]
        .iter()
        .filter_map(|word| match word.parts.as_slice() {
            [Part::Output { commands, .. }] => Some(commands.clone()),
            [Part::Variable { name, .. }] => match &scene.reader(name)?.stdin {
                Stdin::Pipe(range) => Some(range.clone()),
                _ => None,
            },
            _ => None,
        });
    outputs
        .filter_map(|range| commands.get(range))
        .flatten()
        .find_map(|one| judge_names(scene, one))
}

/// Judges the names that a command finds, says or lists.
fn judge_names(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let folder = scene.folder(&command.dirs);
    let words = command.words.get(1..)?;
    match &*program(command)? {
        "find" | "gfind" => {
            let find = find::read(words);
            let names = find.names.into_iter().find_map(judge_search);
            names.or_else(|| {
                find.roots
                    .into_iter()
                    .find_map(|root| judge_path(scene, root, &folder))
            })
        }
        "fd" | "fdfind" | "locate" => words.iter().find_map(judge_regex),
        "grep" | "egrep" | "rg" => match &command.stdin {
            Stdin::Pipe(range) => {
                let source = scene.script.commands.get(range.clone())?;
                words.iter().find_map(|word| {
                    let hidden = source.iter().any(lists_hidden) && leading_text(word) == "env";
                    hidden
                        .then(|| deny(Secret::Environment, ".env"))
                        .or_else(|| judge_regex(word))
                })
            }
            _ => None,
        },
        "echo" | "printf" | "ls" => words
            .iter()
            .find_map(|word| judge_path(scene, word, &folder)),
        _ => None,
    }
}

/// Returns whether a command lists names that begin with a dot.
fn lists_hidden(command: &Command) -> bool {
    let words = command.words.get(1..).unwrap_or_default();
    let arguments = read(words, &super::super::arguments::FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    match program(command).as_deref() {
        Some("ls") => has('a', "all") || has('A', "almost-all"),
        Some("fd" | "fdfind") => has('H', "hidden"),
        Some("find" | "gfind") => true,
        Some("git") => words
            .first()
            .is_some_and(|word| leading_text(word) == "ls-files"),
        _ => false,
    }
}

fn deny(secret: Secret, name: &str) -> Denial {
    match secret {
        Secret::Environment => Denial {
            rule: "secrets.env-file".into(),
            reason: format!("`{name}` may hold secrets, so no agent reads, copies or changes it."),
            instead: "Read the names of its settings in `cat .env.example`, make a missing one \
                      with `cp -n .env.example .env`, and ask the user for what else you need."
                .to_owned(),
        },
        Secret::Key => Denial {
            rule: "secrets.key-file".into(),
            reason: format!("`{name}` holds keys, passwords or what a person typed."),
            instead: "Let the program use it that owns it, such as `gh auth status`, or ask the \
                      user to do this step."
                .to_owned(),
        },
    }
}

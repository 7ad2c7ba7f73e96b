//! Secrets: no file of them is read, copied, sent or changed, whatever program
//! its name is given to. Programs that look at names alone, and arguments that
//! are data, are no matter.

use std::path::Path;

use super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading, leading_text, options, path_candidates, program, read,
};
use super::super::list::List;
use super::super::place::Place;
use super::super::programs::{self, Usage};
use super::super::scene::Scene;
use super::super::secret_files::{self, Secret};
use super::super::shell::{Command, Redirection, Word};
use super::super::starts::{self, Code};
use super::{Access, Denial, Surroundings};
use copies::never_overwrites;
use names::{judge_outputs, judge_search, judge_stream};

mod copies;
mod names;

/// Returns the objection to a file tool's path.
pub(super) fn judge_file(
    path: &Path,
    _access: Access,
    around: &Surroundings<'_>,
) -> Option<Denial> {
    let place = Place::of_path(path);
    secret_files::of_place(&place, around.home).map(|secret| deny(secret, &place.to_string()))
}

/// Returns the objections to what a script does with files of secrets.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.starting_commands();
    let in_commands = commands.filter_map(|(command, starts)| {
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
    let denial = judge_stream(scene, command)
        .or_else(|| judge_outputs(scene, command))
        .or_else(|| judge_loaded(scene, command, starts));
    if denial.is_some() {
        return denial;
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
        // It looks on the host for a text.
        "gh" if words
            .first()
            .is_some_and(|word| leading_text(word) == "search") =>
        {
            None
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
            )
            .or_else(|| judge_code_with_files(scene, command, &folder)),
        },
    }
}

/// Judges what tells the environment by the files that those who start it load
/// into that: `docker run --env-file .env x printenv`.
fn judge_loaded(scene: &Scene<'_>, command: &Command, starts: bool) -> Option<Denial> {
    let tells = matches!(program(command).as_deref(), Some("env" | "printenv"));
    if !tells || starts {
        return None;
    }
    scene.starters(command).find_map(|starter| {
        let folder = scene.folder(&starter.dirs);
        let is_text = |word: &&Word| leading_text(word).contains(char::is_whitespace);
        let words = starter.words.iter().skip(1);
        let mut words = words.filter(|word| !is_text(word));
        let denial = words.find_map(|word| judge_word(scene, word, &folder));
        denial.filter(|denial| denial.rule == "secrets.env-file")
    })
}

/// Returns whether a program that starts others reads files of its own.
fn reads_besides(program: &str) -> bool {
    matches!(
        program,
        "git"
            | "tar"
            | "rsync"
            | "scp"
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
    let arguments = read(words, &FLAGS_ONLY);
    let shows = |letter: char| arguments.iter().any(|one| one.is(Some(letter), ""));
    first.is_some_and(|first| SHOWING.has(&first)) && ['w', 'g', 'd'].into_iter().any(shows)
}

/// Judges the files that code on the line has at hand: `node --env-file=.env -e …`.
fn judge_code_with_files(scene: &Scene<'_>, command: &Command, folder: &Place) -> Option<Denial> {
    let Some(Code::Words(_)) = starts::code(command) else {
        return None;
    };
    let arguments = read(command.words.get(1..)?, &programs::LOADING);
    arguments.iter().find_map(|argument| match argument {
        Argument::Valued(_, file) if argument.is(None, "env-file") => {
            judge_path(scene, file, folder)
        }
        _ => None,
    })
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
        } else if program == "zip" && matches!(text, "-x" | "--exclude") {
            let behind = words.as_slice().iter();
            let names = behind.take_while(|word| !leading_text(word).starts_with('-'));
            let names = names.count();
            words = words.as_slice()[names..].iter();
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
    secret_files::of_place(&place, scene.around.home).map(|secret| deny(secret, &place.to_string()))
}

fn judge_usage(scene: &Scene<'_>, usage: &Usage, words: &[Word], folder: &Place) -> Option<Denial> {
    let files = usage.files(words);
    let found = files
        .iter()
        .find_map(|file| judge_word(scene, file, folder));
    found.or_else(|| usage.patterns(words).iter().find_map(judge_search))
}

/// The subcommands of git that look at names alone.
const GIT_NAMES_ONLY: List = List(
    "\
    branch check-attr check-ignore config help ls-files ls-tree remote rev-list rev-parse status \
    tag",
);

fn judge_git(scene: &Scene<'_>, words: &[Word], folder: &Place) -> Option<Denial> {
    let (subcommand, words) = super::super::git_line::subcommand(words)?;
    let has = |flag: &str| {
        words
            .iter()
            .any(|word| word.literal().as_deref() == Some(flag))
    };
    match &*subcommand {
        "update-index" if !has("--add") => None,
        name if GIT_NAMES_ONLY.has(name) => None,
        "rm" if has("--cached") => None,
        // The index alone changes.
        "reset" => None,
        "restore" if (has("--staged") || has("-S")) && !has("--worktree") && !has("-W") => None,
        "log" | "shortlog" if !has("-p") && !has("-u") && !has("--patch") => None,
        "grep" => judge_usage(scene, programs::git_grep(), words, folder),
        _ => judge_words(scene, "git", words, folder).or_else(|| {
            let behind = words.iter().skip_while(|word| leading_text(word) != "--");
            behind.skip(1).find_map(judge_search)
        }),
    }
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

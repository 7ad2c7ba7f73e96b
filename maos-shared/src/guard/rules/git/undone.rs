//! Changes that are undone without a word of it: by their own diff the other way
//! round, by an older version of a file that is written over it.

use std::borrow::Cow;
use std::ops::Range;

use super::super::super::arguments::{
    Argument, FLAGS_ONLY, behind, leading_text, options, program, read, skip,
};
use super::super::super::git_line;
use super::super::super::list::List;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Part, Word, unquoted};
use super::Loss;

/// Returns what a command undoes, which need not be one of git.
pub(super) fn loss(scene: &Scene<'_>, command: &Command) -> Option<Loss> {
    let words = command.words.get(1..)?;
    let undoes = match &*program(command)? {
        "git" | "hub" => {
            let (subcommand, words) = git_line::subcommand(words)?;
            match &*subcommand {
                "apply" => applies_own_diff(scene, command, words),
                "show" | "cat-file" => writes_version_over(command, words),
                _ => false,
            }
        }
        "patch" => applies_own_diff(scene, command, words),
        "tar" | "bsdtar" | "gtar" => unpacks_version(scene, command, words),
        _ => false,
    };
    undoes.then_some(Loss::CheckoutDiscard)
}

/// Returns whether a patch takes away what a diff of the worktree shows, which is
/// kept nowhere: `git diff | git apply -R`.
fn applies_own_diff(scene: &Scene<'_>, command: &Command, words: &[Word]) -> bool {
    const TELLING: List = List("--cached --check --dry-run --numstat --stat --summary");
    let tells = |word: &Word| TELLING.has(leading_text(word));
    let reverses = has(words, 'R', "reverse");
    let mut diffs = given_by(scene, command).filter_map(reversed_diff);
    !words.iter().any(tells) && diffs.any(|reversed| reversed != reverses)
}

/// Returns whether a diff of what no commit has is shown the other way round.
fn reversed_diff(command: &Command) -> Option<bool> {
    const OTHER: List = List("--cached --staged --no-index");
    let words = git_words(command, "diff")?;
    let is_other = |word: &Word| {
        let text = leading_text(word);
        OTHER.has(text) || text.contains("..")
    };
    (!words.iter().any(is_other)).then(|| has(words, 'R', ""))
}

/// Returns whether a version of a file is written over the file:
/// `git show HEAD:src/x > src/x`.
fn writes_version_over(command: &Command, words: &[Word]) -> bool {
    let plain = |path: Word| -> Vec<Part> {
        let path = match leading_text(&path).starts_with("./") {
            true => skip(&path, 2),
            false => path,
        };
        path.parts.iter().map(unquoted).collect()
    };
    let versions: Vec<Word> = words.iter().filter_map(|word| behind(word, ':')).collect();
    let mut over = command.redirections.iter();
    over.any(|one| {
        let target = plain(one.target.clone());
        let is_same = |path: &Word| plain(path.clone()) == target;
        matches!(one.operator, ">" | ">|") && versions.iter().any(is_same)
    })
}

/// Returns whether a version of all files is unpacked over them.
fn unpacks_version(scene: &Scene<'_>, command: &Command, words: &[Word]) -> bool {
    let first = words.first().map_or("", leading_text);
    let bundled = !first.starts_with('-') && first.contains('x');
    let arguments = read(words, &options("fC", "file directory"));
    let extracts = arguments.iter().any(|one| one.is(Some('x'), "extract"));
    let into = arguments.iter().find_map(|argument| match argument {
        Argument::Valued(_, folder) if argument.is(Some('C'), "directory") => Some(folder),
        _ => None,
    });
    let mut folder = scene.folder(&command.dirs);
    if let Some(into) = into {
        folder = Cow::Owned(scene.place(into, &folder));
    }
    (bundled || extracts)
        && folder.may_be(scene.around.project)
        && given_by(scene, command).any(|one| git_words(one, "archive").is_some())
}

/// Returns the words behind a subcommand of git, where a command is a call of it.
fn git_words<'a>(command: &'a Command, subcommand: &str) -> Option<&'a [Word]> {
    program(command).filter(|name| name == "git")?;
    let (name, words) = git_line::subcommand(command.words.get(1..)?)?;
    (name == subcommand).then_some(words)
}

fn has(words: &[Word], letter: char, long: &str) -> bool {
    let arguments = read(words, &FLAGS_ONLY);
    arguments.iter().any(|one| one.is(Some(letter), long))
}

/// Returns the commands whose output a command reads, through any filters, or as
/// a file.
fn given_by<'a>(scene: &'a Scene<'_>, command: &'a Command) -> impl Iterator<Item = &'a Command> {
    let files = command
        .words
        .iter()
        .filter_map(|word| match word.parts.first()? {
            Part::Process { commands } => Some(commands.clone()),
            _ => None,
        });
    let before = |range: &Range<usize>| {
        let commands = scene.script.commands.get(range.clone())?;
        let before = commands.first()?.piped()?;
        (before.start < range.start).then_some(before)
    };
    let ranges = std::iter::successors(command.piped(), before).take(FILTERS);
    let commands = ranges
        .chain(files)
        .filter_map(|range| scene.script.commands.get(range));
    commands.flatten()
}

/// How many filters are followed.
const FILTERS: usize = 16;

//! Programs that remove besides what they are for: moves, `git rm`.

use super::super::super::arguments::{FLAGS_ONLY, Options, options, read};
use super::super::super::git_line;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Word};
use super::places::{is_system_file, judge_place, judge_word};
use super::{Extent, Finding, Objection, operands};

/// Judges a move by what it takes from its place: a folder without which
/// nothing works where it was.
pub(super) fn judge_mv(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    const OPTIONS: Options = options("tS", "target-directory suffix");
    let arguments = read(&command.words[1..], &OPTIONS);
    let named = arguments
        .iter()
        .any(|one| one.is(Some('t'), "target-directory"));
    let all: Vec<&Word> = operands(&arguments).collect();
    let sources = match (named, all.split_last()) {
        (false, Some((_, sources))) => sources,
        _ => &all,
    };
    let folder = scene.folder(&command.dirs);
    let judge = |word: &&Word| {
        let place = scene.place(word, &folder);
        let objection = judge_place(scene, &place, Extent::Trees)?;
        let of_system = place.names.len() <= 2 && is_system_file(scene, &place);
        let is_missed = objection.is_catastrophic() || objection == Objection::Git || of_system;
        is_missed.then_some((objection, place))
    };
    sources.iter().find_map(judge)
}

/// Judges a `git rm` that takes files of the worktree away without asking.
pub(super) fn judge_git_rm(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    let (subcommand, words) = git_line::subcommand(&command.words[1..])?;
    let arguments = read(words, &FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(letter, long));
    let takes = subcommand == "rm" && has(Some('r'), "") && has(Some('f'), "force");
    if !takes || has(None, "cached") || has(Some('n'), "dry-run") {
        return None;
    }
    let folder = scene.folder(&command.dirs);
    operands(&arguments).find_map(|word| judge_word(scene, word, &folder, Extent::Trees))
}

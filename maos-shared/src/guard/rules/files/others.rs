//! Programs that remove besides what they are for: moves, copies that delete,
//! `git rm`.

use super::super::super::arguments::{Argument, FLAGS_ONLY, Options, options, read};
use super::super::super::git_line;
use super::super::super::place::{Name, Place};
use super::super::super::scene::{self, Scene};
use super::super::super::shell::{Command, Word};
use super::places::{both, is_system_file, judge_contents, judge_place, judge_word};
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

/// Judges an `rsync --delete` by the folder that it makes equal to another.
pub(super) fn judge_rsync(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    const OPTIONS: Options = options(
        "efTBM",
        "rsh filter exclude exclude-from include include-from files-from temp-dir backup-dir \
         compare-dest link-dest",
    );
    let arguments = read(&command.words[1..], &OPTIONS);
    let deletes = |argument: &Argument<'_>| match argument {
        Argument::Flag(name) => name.starts_with("--del"),
        _ => false,
    };
    let only_says = arguments.iter().any(|one| one.is(Some('n'), "dry-run"));
    if only_says || !arguments.iter().any(deletes) {
        return None;
    }
    let operands: Vec<&Word> = operands(&arguments).collect();
    let (target, sources) = operands.split_last()?;
    let folder = scene.folder(&command.dirs);
    // It is then to take away all that is there.
    let from_nothing = sources
        .iter()
        .any(|word| is_empty_folder(&scene.place(word, &folder)));
    both(scene, target, &folder, |place| {
        judge_contents(scene, place).filter(|objection| {
            from_nothing
                || objection.is_catastrophic()
                || matches!(objection, Objection::Project | Objection::Git)
        })
    })
}

/// Returns whether a folder surely is there for having nothing in it.
fn is_empty_folder(place: &Place) -> bool {
    let Some(Name::Known(name)) = place.names.last() else {
        return false;
    };
    name.starts_with(scene::FRESH) || name.to_ascii_lowercase().contains("empty")
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

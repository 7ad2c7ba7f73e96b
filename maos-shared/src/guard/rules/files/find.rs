//! Removal by `find`: `-delete`, and what its names are given to.

use super::super::super::arguments::program;
use super::super::super::find::{self, Find};
use super::super::super::place::Place;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Stdin};
use super::places::{both, judge_contents};
use super::{Denial, Finding, Objection};

/// Judges a `find -delete` by the folders that it searches.
pub(super) fn judge(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    let deletes = find::read(&command.words[1..]).deletes;
    deletes.then(|| judge_found(scene, command)).flatten()
}

/// Returns the objection to a `find -delete` that is the one to a removal.
pub(super) fn deny(removal: Denial) -> Denial {
    Denial {
        rule: "files.find-delete".into(),
        instead: format!(
            "Name a folder of build products or a temporary one to delete below, such as \
             `find build -name '*.o' -delete`; to see what would go, end with `-print`. {}",
            removal.instead
        ),
        ..removal
    }
}

pub(super) fn is_find(command: &&Command) -> bool {
    matches!(program(command).as_deref(), Some("find" | "gfind"))
}

/// Returns the last of the commands that write to an input.
pub(super) fn last_of<'a>(scene: &Scene<'a>, stdin: &Stdin) -> Option<&'a Command> {
    match stdin {
        Stdin::Pipe(range) => scene.script.commands.get(range.clone())?.last(),
        _ => None,
    }
}

pub(super) fn judge_found(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    let Find { roots, narrow, .. } = find::read(&command.words[1..]);
    let folder = scene.folder(&command.dirs);
    let judge = |place: &Place| {
        let objection = judge_contents(scene, place)?;
        let few = narrow && objection == Objection::Project;
        (!(few && place.is_within(scene.around.project))).then_some(objection)
    };
    if roots.is_empty() {
        return judge(&folder).map(|objection| (objection, folder.into_owned()));
    }
    roots
        .into_iter()
        .find_map(|root| both(scene, root, &folder, judge))
}

//! Removal by `find`: `-delete`, and what its names are given to.

use super::super::super::arguments::program;
use super::super::super::find;
use super::super::super::listing::{Listed, Listing};
use super::super::super::place::Place;
use super::super::super::scene::Scene;
use super::super::super::shell::Command;
use super::places::{both, judge_contents, judge_word};
use super::{Denial, Extent, Finding, Objection};

/// Judges a `find -delete` by the folders that it searches.
pub(super) fn judge(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    let deletes = find::read(&command.words[1..]).deletes;
    deletes
        .then(|| judge_listing(scene, &Listing::of(command)?))
        .flatten()
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

pub(super) fn is_find(command: &Command) -> bool {
    matches!(program(command).as_deref(), Some("find" | "gfind"))
}

/// Judges the removal of all whose names are listed.
pub(super) fn judge_listing(scene: &Scene<'_>, listing: &Listing<'_>) -> Option<Finding> {
    let Listed {
        roots,
        named,
        narrow,
        ..
    } = &listing.listed;
    let folder = scene.folder(&listing.command.dirs);
    let judge = |place: &Place| {
        let objection = judge_contents(scene, place)?;
        let few = *narrow && objection == Objection::Project;
        (!(few && place.is_within(scene.around.project))).then_some(objection)
    };
    if roots.is_empty() && named.is_empty() {
        return judge(&folder).map(|objection| (objection, folder.into_owned()));
    }
    let mut named = named.iter();
    let mut roots = roots.iter();
    named
        .find_map(|word| judge_word(scene, word, &folder, Extent::Trees))
        .or_else(|| roots.find_map(|root| both(scene, root, &folder, judge)))
}

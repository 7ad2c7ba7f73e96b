//! Removal by `find`: `-delete`, and what its names are given to.

use super::super::super::arguments::program;
use super::super::super::find;
use super::super::super::list::List;
use super::super::super::listing::{Listed, Listing};
use super::super::super::place::{Name, Place};
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Word};
use super::emptied::SOURCES;
use super::places::{both, judge_contents, judge_word};
use super::{Denial, Extent, Finding, Objection, is_made_anew};

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

/// Which files of those that somebody writes a search finds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    None,
    /// All of a kind, wherever they lie: `-name '*.ts'`.
    Kind,
    /// All that there are.
    All,
}

/// Returns what a search finds of what somebody writes.
fn written_among(listing: &Listing<'_>) -> Written {
    let is_source = |name: &Word| {
        let name = name.literal().unwrap_or_default();
        let ending = name.strip_prefix("*.");
        ending.is_some_and(|ending| SOURCES.has(ending))
    };
    // Links, and files with nothing in them, are no loss.
    let is_void = |word: &Word| {
        word.known()
            .is_some_and(|text| text == "-empty" || text == "l")
    };
    let Listed { names, narrow, .. } = &listing.listed;
    let is_kind = !names.is_empty() && names.iter().all(is_source);
    match listing.command.words.iter().any(is_void) {
        true => Written::None,
        false if is_kind => Written::Kind,
        false if *narrow => Written::None,
        false => Written::All,
    }
}

/// Returns whether a folder is one for what somebody writes, as its name says.
fn is_for_sources(folder: &Place) -> bool {
    const FOLDERS: List = List("app crates lib packages pkg source sources spec src test tests");
    matches!(folder.names.last(), Some(Name::Known(name)) if FOLDERS.has(name))
}

/// Returns whether somebody writes what is in a folder: it is in the project, and
/// nothing makes it anew.
fn is_written_in(scene: &Scene<'_>, folder: &Place) -> bool {
    let project = scene.around.project;
    let is_own = folder.is_within(project) || folder.may_be(project);
    is_own && !folder.names.iter().any(is_made_anew)
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
    let written = written_among(listing);
    let takes_sources = |place: &Place| match written {
        Written::None => false,
        Written::Kind => is_written_in(scene, place),
        Written::All => is_for_sources(place) && is_written_in(scene, place),
    };
    let judge = |place: &Place| {
        if takes_sources(place) {
            return Some(Objection::Sources);
        }
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

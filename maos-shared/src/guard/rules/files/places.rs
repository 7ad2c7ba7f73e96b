//! Which places may go: the nearest known folder above one decides.

use std::path::{Path, PathBuf};

use super::super::super::list::List;
use super::super::super::place::{Name, Place};
use super::super::super::scene::Scene;
use super::super::super::shell::{Part, Word};
use super::{Extent, Finding, Objection};

pub(super) fn judge_word(
    scene: &Scene<'_>,
    word: &Word,
    folder: &Place,
    extent: Extent,
) -> Option<Finding> {
    if extent == Extent::Files && !has_pattern(word) {
        let place = scene.place(word, folder);
        return is_system_file(scene, &place).then_some((Objection::System, place));
    }
    both(scene, word, folder, |place| {
        judge_place(scene, place, extent)
    })
}

/// Returns whether a pattern in a word may make several names of it.
pub(super) fn has_pattern(word: &Word) -> bool {
    let expands = |part: &Part| matches!(part, Part::Glob(_));
    word.parts.iter().any(expands)
}

/// Returns whether a place may be one of the folders right below the root that
/// systems have.
pub(in super::super) fn holds_top_folder(place: &Place) -> bool {
    TOP_FOLDERS
        .names()
        .any(|name| matches!(place.names.as_slice(), [top, ..] if top.may_be(name)))
}

/// The folders right below the root.
const TOP_FOLDERS: List = List(
    "\
    bin boot dev etc home lib lib32 lib64 media mnt opt private proc root run sbin snap srv sys tmp \
    usr var Applications Library System Users Volumes",
);

/// Judges the place of a word, and the place where it is if what is not known
/// about it turns out empty; where somebody took care that it is not, by
/// catastrophes alone.
pub(super) fn both(
    scene: &Scene<'_>,
    word: &Word,
    folder: &Place,
    judge: impl Fn(&Place) -> Option<Objection>,
) -> Option<Finding> {
    let place = scene.place(word, folder);
    if let Some(objection) = judge(&place) {
        return Some((objection, place));
    }
    let empty = scene.place_if_empty(word, folder)?;
    let objection = judge(&empty)?;
    let counts = match objection {
        // Another one is hardly there: `"$dir/build"`.
        Objection::TopFolder => holds_top_folder(&empty),
        objection => !empty.promised || objection.is_catastrophic(),
    };
    counts.then_some((objection, empty))
}

pub(super) fn judge_place(scene: &Scene<'_>, place: &Place, extent: Extent) -> Option<Objection> {
    if place.names.last().is_some_and(Name::is_sweeping) && !place.promised {
        let mut folder = place.parent();
        while folder.names.last().is_some_and(Name::is_sweeping) {
            folder = folder.parent();
        }
        return judge_contents(scene, &folder);
    }
    match extent {
        Extent::Trees => judge_tree(scene, place),
        Extent::Files => is_system_file(scene, place).then_some(Objection::System),
    }
}

/// Judges the removal of all that is in a folder.
pub(super) fn judge_contents(scene: &Scene<'_>, folder: &Place) -> Option<Objection> {
    let is_temp = scene.around.temp.iter().any(|temp| folder.may_be(temp));
    if is_temp && !holds_ground(scene, folder) {
        return None;
    }
    judge_tree(scene, folder)
}

/// Returns whether it may hold the folder worked in, the project or the home.
fn holds_ground(scene: &Scene<'_>, place: &Place) -> bool {
    let around = scene.around;
    [Some(around.cwd), Some(around.project), around.home]
        .into_iter()
        .flatten()
        .any(|ground| place.may_hold(ground))
}

/// Judges the removal of a folder with all that is in it. Where somebody took
/// care of what it is, it is meant to be one that may go.
fn judge_tree(scene: &Scene<'_>, place: &Place) -> Option<Objection> {
    let around = scene.around;
    let is_meant = place.promised;
    if place.names.is_empty() {
        return match place.anchored {
            true => Some(Objection::Root),
            false => (!is_meant).then_some(Objection::Unknown),
        };
    }
    if around.home.is_some_and(|home| place.may_hold(home)) {
        return Some(Objection::Home);
    }
    if !is_meant && (place.may_hold(around.project) || place.may_hold(around.cwd)) {
        return Some(Objection::Project);
    }
    if holds_repository(place) {
        return Some(Objection::Git);
    }
    if !place.anchored {
        return None;
    }
    if place.names.len() == 1 || around.temp.iter().any(|temp| place.may_hold(temp)) {
        return Some(Objection::TopFolder);
    }
    (!is_free(scene, place)).then_some(Objection::Outside)
}

/// Returns whether the nearest known folder above it is the project or a
/// temporary folder. A project that holds the home is none.
pub(super) fn is_free(scene: &Scene<'_>, place: &Place) -> bool {
    let around = scene.around;
    let depth = |root: &Path| place.is_below(root).then(|| root.components().count());
    let home = around.home.and_then(depth);
    let temp = around
        .temp
        .iter()
        .map(PathBuf::as_path)
        .filter_map(depth)
        .max();
    let holds_home = around
        .home
        .is_some_and(|home| home.starts_with(around.project));
    let project = depth(around.project).filter(|_| !holds_home);
    project.max(temp) > home
}

/// What a repository cannot do without, or what has no other copy.
const GIT_VITALS: List = List("objects refs logs HEAD config packed-refs worktrees modules lfs");

/// Returns whether it may be a `.git` folder or one of its vital parts.
pub(super) fn holds_repository(place: &Place) -> bool {
    let is_git = |name: &Name| name.may_be(".git");
    let Some(at) = place.names.iter().position(is_git) else {
        return false;
    };
    match place.names.get(at + 1) {
        None => true,
        Some(below) => GIT_VITALS.names().any(|vital| below.may_be(vital)),
    }
}

/// The folders whose files belong to the system.
const SYSTEM: List = List(
    "\
    /bin /boot /dev /etc /lib /lib32 /lib64 /proc /sbin /sys /usr /System /Library",
);

pub(super) fn is_system_file(scene: &Scene<'_>, place: &Place) -> bool {
    SYSTEM
        .names()
        .any(|folder| place.may_be_within(Path::new(folder)))
        && !place.is_within(Path::new("/usr/local"))
        && !place.is_within(Path::new("/dev/shm"))
        && !is_free(scene, place)
}

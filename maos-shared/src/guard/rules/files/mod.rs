//! Removal of files: `rm`, `find -delete`, and what feeds names to them; files
//! that are emptied.
//!
//! What may go: anything below a temporary folder, anything named below the
//! project but its root and its `.git`, single files. The nearest known folder
//! above a place decides, so a project in a temporary folder is a project.

use std::borrow::Cow;
use std::path::Path;

use super::super::arguments::{Argument, program};
use super::super::list::List;
use super::super::listing::Listing;
use super::super::place::{Name, Place};
use super::super::scene::Scene;
use super::super::shell::{Command, Word};
use super::super::starts::elsewhere::{CONTAINERS, given_folders};
use super::Denial;
use places::has_pattern;

mod emptied;
pub(super) mod emptying;
mod find;
mod others;
pub(super) mod places;
mod remove;
mod synced;

/// Returns the objections to the removals of a script.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.commands();
    commands
        .filter_map(|command| {
            let finding = judge_command(scene, command);
            let finding = finding.filter(|found| !is_excused(scene, command, found));
            let removal = finding.map(|(objection, place)| deny(objection, &place));
            match is_find(command) {
                true => removal.map(find::deny),
                false => removal.or_else(|| {
                    let (objection, place) = emptied::judge(scene, command)?;
                    Some(deny(objection, &place))
                }),
            }
        })
        .collect()
}

fn is_find(command: &Command) -> bool {
    !command.words.is_empty() && find::is_find(command)
}

fn judge_command(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    if command.words.is_empty() || command.calls_function {
        return None;
    }
    let Some(name) = program(command) else {
        return remove::judge_unknown_program(scene, command);
    };
    let name = &*name;
    let lower: Cow<'_, str> = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => name.to_ascii_lowercase().into(),
        false => name.into(),
    };
    match &*lower {
        "rm" | "grm" | "rimraf" | "unlink" | "srm" | "wipe" | "remove-item" | "ri" | "rd"
        | "del" | "del-cli" => remove::judge(scene, command),
        "shred" if command.more_arguments => remove::judge(scene, command),
        "find" | "gfind" => find::judge(scene, command),
        "mv" => others::judge_mv(scene, command),
        "git" => others::judge_git_rm(scene, command),
        name @ ("rsync" | "rclone" | "robocopy" | "robocopy.exe" | "aws" | "gsutil" | "gcloud"
        | "mc") => synced::judge(scene, command, name),
        name => remove::judge_carried(scene, command, name),
    }
}

/// What a removal takes away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Single files.
    Files,
    /// Folders with all that is in them.
    Trees,
}

/// Why a removal must not run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Objection {
    Root,
    TopFolder,
    Home,
    Project,
    Git,
    System,
    Outside,
    Unknown,
    Stream,
    /// What a search finds of the files that somebody writes, wherever they lie
    /// below.
    Sources,
    /// It is not removed, but left without what was in it.
    Emptied,
}

/// An objection with the place that it is about.
type Finding = (Objection, Place);

impl Objection {
    /// Returns whether no guess about the command excuses it.
    fn is_catastrophic(self) -> bool {
        matches!(self, Self::Root | Self::TopFolder | Self::Home)
    }
}

/// Returns whether what would be bad here is none of the guard's business where
/// it runs. In the home of another machine, no project is known. A container
/// has no files of the user's, but for those that it is given, which stand here
/// for what they are.
fn is_excused<'a>(scene: &Scene<'a>, command: &'a Command, (objection, place): &Finding) -> bool {
    let in_container = || {
        let mut starters = scene.starters(command);
        starters.any(|one| program(one).is_some_and(|name| CONTAINERS.has(&name)))
    };
    let picks = || {
        let listing = Listing::of(command).or_else(|| Listing::fed_to(scene, command));
        listing.is_some_and(|one| one.listed.narrow)
    };
    match objection {
        Objection::Root
        | Objection::Home
        | Objection::Project
        | Objection::Sources
        | Objection::Emptied => false,
        _ if is_given(scene, command, place) => false,
        Objection::Git => !place.anchored && in_container(),
        Objection::Outside if is_deep_in_home(scene, place) || is_deployed(place, picks()) => {
            let sweeps = is_collection(place) && command.words.iter().any(has_pattern);
            (scene.is_on_machine(command) && !sweeps) || in_container()
        }
        _ => in_container(),
    }
}

/// Returns whether a place lies in a folder that a container is given.
fn is_given(scene: &Scene<'_>, command: &Command, place: &Place) -> bool {
    let containers = scene.starters(command).filter(|one| {
        let name = program(one);
        name.is_some_and(|name| CONTAINERS.has(&name))
    });
    containers
        .flat_map(|one| {
            let folder = scene.folder(&one.dirs);
            let given = given_folders(one).into_iter();
            given.map(move |source| scene.place(&source, &folder))
        })
        .any(|given| given.anchored && place.names.starts_with(&given.names))
}

/// Returns whether a place lies below a folder of the home.
fn is_deep_in_home(scene: &Scene<'_>, place: &Place) -> bool {
    let home = scene.around.home;
    home.is_some_and(|home| place.is_below(home) && place.parent().is_below(home))
}

/// Returns whether a place lies in what is deployed on a server, below a folder of
/// those that are for that; where few files are picked, also whether it is one of
/// these folders, or one with what servers leave behind.
fn is_deployed(place: &Place, picks: bool) -> bool {
    const DEPLOYED: List = List("/opt /srv /var/www");
    const LEFT: List =
        List("/backup /backups /data /home /mnt /var/backups /var/cache /var/log /var/spool");
    let lies_in = |roots: List, folder: &Place| {
        let mut roots = roots.names().map(Path::new);
        roots.any(|root| folder.is_below(root))
    };
    let is_inside = lies_in(DEPLOYED, place) && lies_in(DEPLOYED, &place.parent());
    is_inside || (picks && (lies_in(DEPLOYED, place) || lies_in(LEFT, place)))
}

/// Returns whether a folder of this name is made anew by itself.
fn is_made_anew(name: &Name) -> bool {
    const MADE_ANEW: List = List(
        ".cache .next .nuxt __pycache__ build cache caches coverage dist gen generated htmlcov log \
         logs node_modules out target temp tmp vendor",
    );
    matches!(name, Name::Known(name) if MADE_ANEW.has(name))
}

/// Returns whether a place stands for all that is in a folder which is not made
/// anew by itself.
fn is_collection(place: &Place) -> bool {
    place.names.last().is_some_and(Name::is_sweeping) && !place.names.iter().any(is_made_anew)
}

fn operands<'a, 'w>(arguments: &'a [Argument<'w>]) -> impl Iterator<Item = &'w Word> + 'a {
    arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(*word),
        _ => None,
    })
}

fn deny(objection: Objection, place: &Place) -> Denial {
    let (rule, what) = match objection {
        Objection::Root => ("files.rm-root", "the root of the file system"),
        Objection::TopFolder => ("files.rm-root", "a top folder of the system"),
        Objection::Home => ("files.rm-root", "the user's home or a folder that holds it"),
        Objection::Project => (
            "files.rm-project",
            "the folder that you work in, the project's root or a folder that holds them",
        ),
        Objection::Sources => (
            "files.rm-project",
            "whatever a search finds of what somebody wrote there",
        ),
        Objection::Git => (
            "files.rm-git",
            "the repository itself, with all its history",
        ),
        Objection::System => ("files.rm-system", "a file of the system"),
        Objection::Outside => (
            "files.rm-outside",
            "outside the project and the temporary folders",
        ),
        Objection::Emptied => ("files.overwrite", ""),
        Objection::Unknown | Objection::Stream => ("files.rm-unknown", ""),
    };
    let reason = match objection {
        Objection::Stream => "This removes whatever names come through the pipe.".to_owned(),
        Objection::Unknown => {
            "This removes a folder that is known only when it runs, and that may be any.".to_owned()
        }
        Objection::Emptied => format!(
            "This would overwrite `{place}` with nothing: its changes that no commit holds are gone."
        ),
        _ => format!("This would remove `{place}`: {what}."),
    };
    let instead = match objection {
        Objection::Project => {
            "Name what is to go, such as `rm -rf build`; `git clean -nd` lists what git does not \
             track."
        }
        Objection::Git => {
            "Let git change its own folder; a stale lock alone goes with `rm -f .git/index.lock`."
        }
        Objection::Emptied => {
            "Write what is to be in it, or let git take it away with `git rm --cached file` or \
             `git rm file`."
        }
        Objection::Unknown | Objection::Stream => {
            "Write the folder out, such as `rm -rf build`, or make it in the same command with \
             `mktemp -d`."
        }
        _ => {
            "Remove what is named below the project or a temporary folder, such as \
             `rm -rf build`; for anything else ask the user."
        }
    };
    Denial {
        rule: rule.into(),
        reason,
        instead: instead.to_owned(),
    }
}

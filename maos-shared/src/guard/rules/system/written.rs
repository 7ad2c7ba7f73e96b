//! Files that no write passes to: those that say who may do what, and those by
//! which the kernel is told to stop.

use std::path::Path;

use super::super::super::arguments::{FLAGS_ONLY, program};
use super::super::super::list::List;
use super::super::super::place::Place;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Redirection};
use super::{Harm, has, operands};

/// Returns the harm of what a command writes, by its arguments or redirections.
pub(super) fn judge(scene: &Scene<'_>, command: &Command) -> Option<Harm> {
    let redirected = places_of(scene, &command.redirections);
    let mut places = written(scene, command).into_iter().chain(redirected);
    places.find_map(|place| of_written(&place).or_else(|| lets_in(scene, command, &place)))
}

/// Returns the places that redirections write to.
fn places_of<'a>(
    scene: &'a Scene<'_>,
    redirections: &'a [Redirection],
) -> impl Iterator<Item = Place> + 'a {
    let writes = redirections.iter().filter(|one| one.operator != "<");
    writes.map(|one| scene.place(&one.target, &scene.folder(&one.dirs)))
}

/// Returns the harm where a command lets somebody log in here; on another
/// machine that is how it is set up.
fn lets_in(scene: &Scene<'_>, command: &Command, place: &Place) -> Option<Harm> {
    let [.., folder, file] = place.names.as_slice() else {
        return None;
    };
    let lets_in = folder.may_be(".ssh") && file.may_be("authorized_keys");
    (lets_in && !scene.is_on_machine(command)).then(|| Harm::Accounts(format!("`{place}`")))
}

/// Returns the places that a command overwrites.
fn written(scene: &Scene<'_>, command: &Command) -> Vec<Place> {
    const COPIERS: List = List("cp gcp install ln mv rsync");
    const WRITERS: List = List("shred sponge tee truncate");
    let name = program(command).unwrap_or_default();
    let words = command.words.get(1..).unwrap_or_default();
    let folder = scene.folder(&command.dirs);
    let named = || operands(words, &FLAGS_ONLY);
    let targets = match &*name {
        name if COPIERS.has(name) => named().last().copied().into_iter().collect(),
        name if WRITERS.has(name) => named(),
        "sed" | "gsed" if has(words, 'i', "in-place") => named(),
        _ => Vec::new(),
    };
    let places = targets.into_iter().map(|word| scene.place(word, &folder));
    places.collect()
}

/// The files that say who may do what, and what the machine starts from.
const ACCOUNTS: [&str; 9] = [
    "/etc/passwd",
    "/etc/shadow",
    "/etc/group",
    "/etc/gshadow",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/pam.d",
    "/etc/fstab",
    "/etc/ld.so.preload",
];

/// Returns whether no write to a place passes here.
pub(in super::super) fn is_vital(place: &Place) -> bool {
    of_written(place).is_some()
}

/// Returns the harm of writing to a place.
fn of_written(place: &Place) -> Option<Harm> {
    if TRIGGERS.iter().any(|path| place.may_be(Path::new(path))) {
        return Some(Harm::PowerOff);
    }
    let mut accounts = ACCOUNTS.iter();
    accounts
        .any(|path| place.is_within(Path::new(path)))
        .then(|| Harm::Accounts(format!("`{place}`")))
}

/// The files of the kernel that stop the machine when they are written.
const TRIGGERS: [&str; 2] = ["/proc/sysrq-trigger", "/proc/sys/kernel/sysrq"];

/// Returns the harm of what redirections write.
pub(super) fn redirected(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Harm> {
    places_of(scene, redirections).find_map(|place| of_written(&place))
}

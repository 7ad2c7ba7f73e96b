//! The permissions and owners of the folders that the system counts on.

use std::path::Path;

use super::super::super::arguments::Options;
use super::super::super::list::List;
use super::super::super::listing::Listing;
use super::super::super::place::Place;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Word};
use super::super::files::places::holds_top_folder;
use super::{Harm, has, operands};

/// The folders whose permissions the system counts on.
const SYSTEM: List = List(
    "\
    /bin /boot /dev /etc /lib /lib32 /lib64 /opt /proc /root /run /sbin /sys /usr /var /System \
    /Library /Applications",
);

/// Returns the harm where a command changes them below one of those folders.
pub(super) fn permissions<'a>(scene: &Scene<'a>, command: &'a Command) -> Option<Harm> {
    const OPTIONS: Options = Options {
        short: "m",
        long: List("reference from modify"),
    };
    let words = &command.words[1..];
    let recursive = has(words, 'R', "recursive");
    let around = scene.around;
    let folder = scene.folder(&command.dirs);
    let shakes = |place: &Place| {
        let is_free = around.temp.iter().any(|temp| place.is_below(temp))
            || place.is_within(around.project)
            || around.home.is_some_and(|home| place.is_below(home))
            || place.is_within(Path::new("/usr/local"));
        let is_top = match place.names.len() {
            0 => place.anchored,
            1 => place.anchored && holds_top_folder(place),
            _ => false,
        };
        let holds_home = around.home.is_some_and(|home| place.may_hold(home));
        let of_system = SYSTEM
            .names()
            .any(|folder| place.is_within(Path::new(folder)));
        (is_top || holds_home || of_system) && !is_free
    };
    let found = found_by(scene, command);
    let operands = operands(words, &OPTIONS);
    let mut places = operands
        .iter()
        .chain(&found)
        .map(|word| scene.place(word, &folder));
    let shaken = places.find(|place| shakes(&swept(place)))?;
    (recursive || !found.is_empty()).then(|| Harm::Permissions(shaken.to_string()))
}

/// Returns the folders of the listing that gives a command its names, where it
/// gives about all that is there.
fn found_by<'a>(scene: &Scene<'a>, command: &'a Command) -> Vec<&'a Word> {
    let listing = Listing::fed_to(scene, command).map(|listing| listing.listed);
    let listing = listing.filter(|listed| !listed.narrow && !listed.is_picked);
    listing.map_or_else(Vec::new, |listed| listed.roots)
}

/// Returns the folder whose whole contents a place stands for; itself where it
/// names something.
fn swept(place: &Place) -> Place {
    match place.names.last() {
        Some(name) if name.is_sweeping() => place.parent(),
        _ => place.clone(),
    }
}

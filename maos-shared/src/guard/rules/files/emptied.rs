//! Files that are left without what was in them: `: > file`, `truncate -s 0`,
//! `cp /dev/null file`, `shred`.
//!
//! No file is read here, so what git tracks is not known: source files and
//! manifests of the project count, files of the system, and the files in the
//! home that a shell starts from. Logs and data may be emptied.

use super::super::super::arguments::{Options, options, program, read};
use super::super::super::list::List;
use super::super::super::listing::Listing;
use super::super::super::place::{Name, Place};
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Redirection, Word};
use super::emptying::{named, says_nothing};
use super::places::{has_pattern, holds_repository, is_free, is_system_file};
use super::{Finding, Objection, is_collection, is_made_anew, operands};

/// Judges the files that a command empties or shreds.
pub(super) fn judge<'a>(scene: &Scene<'a>, command: &'a Command) -> Option<Finding> {
    let name = program(command).unwrap_or_default();
    let counts = |place: &Place| matters(scene, place) || is_all(scene, place);
    if name == "shred" || name == "gshred" {
        const SHRED: Options = options("ns", "iterations size random-source");
        let arguments = read(&command.words[1..], &SHRED);
        let is_lost = |place: &Place| matters(scene, place) || is_sweep(scene, place);
        let kept = operands(&arguments).find_map(|word| {
            let is_picked = |place: &Place| has_pattern(word) && is_outside(scene, place);
            lost(scene, command, word, |place| {
                is_lost(place) || is_picked(place)
            })
        });
        let is_kept = |place: &Place| counts(place) && !place.names.iter().any(is_made_anew);
        let kept = kept.or_else(|| listed(scene, &Listing::fed_to(scene, command)?, is_kept))?;
        return Some((Objection::Emptied, kept));
    }
    let is_lost = counts;
    let by_arguments = || {
        let named = named(scene, command, &name)?;
        let mut words = named.iter();
        let found = words.find_map(|word| lost(scene, command, word, is_lost));
        found.or_else(|| listed(scene, &Listing::fed_to(scene, command)?, is_lost))
    };
    let found = by_arguments().or_else(|| {
        let writes = command.redirections.iter().filter(|one| writes_anew(one));
        let mut silent = writes.filter(|_| says_nothing(scene, command, &name));
        silent.find_map(|one| written(scene, command, one, is_lost))
    });
    found.map(|place| (Objection::Emptied, place))
}

/// Returns the place that a redirection writes to, where it is lost by that.
fn written<'a>(
    scene: &Scene<'a>,
    command: &'a Command,
    redirection: &Redirection,
    is_lost: impl Fn(&Place) -> bool,
) -> Option<Place> {
    let target = &redirection.target;
    if let Some(listing) = Listing::in_word(scene, command, target) {
        return listed(scene, &listing, is_lost);
    }
    let place = scene.place(target, &scene.folder(&redirection.dirs));
    let lost = matters(scene, &place) || (has_pattern(target) && is_lost(&place));
    lost.then_some(place)
}

/// Returns the place of those that a word of a command stands for which is lost.
fn lost<'a>(
    scene: &Scene<'a>,
    command: &'a Command,
    word: &Word,
    is_lost: impl Fn(&Place) -> bool,
) -> Option<Place> {
    match Listing::in_word(scene, command, word) {
        Some(listing) => listed(scene, &listing, is_lost),
        None => Some(scene.place(word, &scene.folder(&command.dirs))).filter(is_lost),
    }
}

/// Returns the place of the files whose names are listed that is lost: any of
/// those that git tracks, whatever they are called.
fn listed(
    scene: &Scene<'_>,
    listing: &Listing<'_>,
    is_lost: impl Fn(&Place) -> bool,
) -> Option<Place> {
    let folder = scene.folder(&listing.command.dirs);
    let patterns = listing.patterns();
    let mut places = patterns.iter().map(|word| scene.place(word, &folder));
    places
        .find(|place| is_lost(place) || (listing.listed.is_tracked && !is_temporary(scene, place)))
}

fn writes_anew(redirection: &Redirection) -> bool {
    matches!(redirection.operator, ">" | ">|")
}

fn is_temporary(scene: &Scene<'_>, place: &Place) -> bool {
    let temp = scene.around.temp.iter().any(|temp| place.is_below(temp));
    temp && !place.is_within(scene.around.project)
}

/// Returns whether a place lies neither in the project nor in a folder that is
/// made anew by itself.
fn is_outside(scene: &Scene<'_>, place: &Place) -> bool {
    place.anchored
        && !place.is_below(scene.around.project)
        && !is_temporary(scene, place)
        && !place.names.iter().any(is_made_anew)
}

/// Returns whether a place stands for all that is in a folder which is not
/// temporary.
fn is_sweep(scene: &Scene<'_>, place: &Place) -> bool {
    place.names.last().is_some_and(Name::is_sweeping) && !is_temporary(scene, place)
}

/// Returns whether a place stands for all that is in a folder, but for one of the
/// project which is made anew by itself.
fn is_all(scene: &Scene<'_>, place: &Place) -> bool {
    let in_project = place.parent().is_below(scene.around.project);
    is_sweep(scene, place) && (!in_project || is_collection(place))
}

/// Returns whether a place is worth keeping.
fn matters(scene: &Scene<'_>, place: &Place) -> bool {
    if is_system_file(scene, place) {
        return !super::super::system::is_vital(place)
            && !place.is_within(std::path::Path::new("/dev"));
    }
    let Some(last) = place.names.last() else {
        return false;
    };
    if holds_repository(place) {
        return true;
    }
    let home = scene.around.home.map(Place::of_path);
    if let Name::Known(name) = last
        && home == Some(place.parent())
        && SHELL_FILES.has(name)
    {
        return true;
    }
    let in_project = place.is_below(scene.around.project) && is_free(scene, place);
    in_project && !is_temporary(scene, place) && is_source(last)
}

/// What shells start from, in the home.
const SHELL_FILES: List =
    List(".bash_profile .bashrc .gitconfig .profile .vimrc .zprofile .zshenv .zshrc");

/// The endings of files that somebody writes by hand.
pub(super) const SOURCES: List = List(
    "\
    c cc cpp cs css dart ex exs go h hpp hs html java jl js jsx kt lua m ml php pl proto ps1 py r rb rs \
    scala scss sh sql svelte swift tf ts tsx vue zig",
);

/// The files that describe a project.
const MANIFESTS: List = List(
    "\
    .gitignore Cargo.lock Cargo.toml Dockerfile Gemfile Makefile README.md composer.json \
    docker-compose.yml go.mod go.sum package-lock.json package.json pnpm-lock.yaml pom.xml \
    pyproject.toml requirements.txt setup.py tsconfig.json yarn.lock",
);

/// Files of these names are often made with nothing in them.
const OFTEN_EMPTY: List = List("__init__.py");

fn is_source(name: &Name) -> bool {
    let text = match name {
        Name::Known(name) => name.to_string(),
        Name::Pattern(pattern) => pattern.suffix(),
    };
    let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
    (SOURCES.has(ending) || MANIFESTS.has(&text)) && !OFTEN_EMPTY.has(&text)
}

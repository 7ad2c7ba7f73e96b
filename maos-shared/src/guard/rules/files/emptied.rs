//! Files that are left without what was in them: `: > file`, `truncate -s 0`,
//! `cp /dev/null file`, `shred`.
//!
//! No file is read here, so what git tracks is not known: source files and
//! manifests of the project count, files of the system, and the files in the
//! home that a shell starts from. Logs and data may be emptied.

use super::super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading_text, options, program, read, skip,
};
use super::super::super::list::List;
use super::super::super::listing::Listing;
use super::super::super::place::{Name, Place};
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Redirection, Stdin, Word};
use super::places::{has_pattern, is_free, is_system_file};
use super::{Finding, Objection, operands};

/// Judges the files that a command empties or shreds.
pub(super) fn judge<'a>(scene: &Scene<'a>, command: &'a Command) -> Option<Finding> {
    let places = |word: &Word| places(scene, command, word);
    let name = program(command).unwrap_or_default();
    if name == "shred" || name == "gshred" {
        const SHRED: Options = options("ns", "iterations size random-source");
        let arguments = read(&command.words[1..], &SHRED);
        let mut places = operands(&arguments).flat_map(places);
        let kept = places.find(|place| matters(scene, place) || is_sweep(scene, place))?;
        return Some((Objection::Emptied, kept));
    }
    let is_lost = |place: &Place| matters(scene, place) || is_all(scene, place);
    let by_arguments = || {
        let named = named(scene, command, &name)?;
        let fed = Listing::fed_to(scene, command);
        let fed = fed.iter().flat_map(|listing| listed(scene, listing));
        named.iter().flat_map(places).chain(fed).find(is_lost)
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
        return listed(scene, &listing).into_iter().find(is_lost);
    }
    let place = scene.place(target, &scene.folder(&redirection.dirs));
    let lost = matters(scene, &place) || (has_pattern(target) && is_lost(&place));
    lost.then_some(place)
}

/// Returns the places that a word of a command stands for.
fn places<'a>(scene: &Scene<'a>, command: &'a Command, word: &Word) -> Vec<Place> {
    match Listing::in_word(scene, command, word) {
        Some(listing) => listed(scene, &listing),
        None => vec![scene.place(word, &scene.folder(&command.dirs))],
    }
}

/// Returns the places of the files whose names are listed.
fn listed(scene: &Scene<'_>, listing: &Listing<'_>) -> Vec<Place> {
    let folder = scene.folder(&listing.command.dirs);
    let patterns = listing.patterns();
    patterns
        .iter()
        .map(|word| scene.place(word, &folder))
        .collect()
}

fn writes_anew(redirection: &Redirection) -> bool {
    matches!(redirection.operator, ">" | ">|")
}

/// Returns whether a command surely prints nothing.
fn says_nothing(scene: &Scene<'_>, command: &Command, name: &str) -> bool {
    let words = command.words.get(1..).unwrap_or_default();
    match name {
        "" => command.words.is_empty() && command.assignments.is_empty(),
        ":" | "true" => true,
        "cat" => is_null(words) || (words.is_empty() && reads_nothing(scene, command)),
        "printf" => words.len() == 1 && words[0].parts.is_empty(),
        "echo" => {
            words.first().is_some_and(|word| leading_text(word) == "-n")
                && words[1..].iter().all(|word| word.parts.is_empty())
        }
        _ => false,
    }
}

/// Returns whether there is surely nothing on the input of a command, or blank
/// lines alone.
pub(in super::super) fn reads_nothing(scene: &Scene<'_>, command: &Command) -> bool {
    let is_null =
        |one: &Redirection| one.operator == "<" && is_null(std::slice::from_ref(&one.target));
    let is_blank = match &command.stdin {
        Stdin::Text(text) => is_blank(text),
        Stdin::Pipe(range) => {
            let source = scene.script.commands.get(range.clone()).unwrap_or_default();
            let name = |one: &Command| program(one).unwrap_or_default().into_owned();
            let says_blank =
                |one: &Command| name(one) == "echo" && one.words[1..].iter().all(is_blank);
            let silent = |one: &Command| {
                says_blank(one) || (!one.words.is_empty() && says_nothing(scene, one, &name(one)))
            };
            !source.is_empty() && source.iter().all(silent)
        }
        Stdin::Inherited => false,
    };
    is_blank || command.redirections.iter().any(is_null)
}

fn is_blank(word: &Word) -> bool {
    word.literal().is_some_and(|text| text.trim().is_empty())
}

fn is_null(words: &[Word]) -> bool {
    matches!(words, [word] if word.literal().as_deref() == Some("/dev/null"))
}

/// Returns the files that a command empties by its arguments, where it does.
fn named(scene: &Scene<'_>, command: &Command, name: &str) -> Option<Vec<Word>> {
    const TRUNCATE: Options = options("sr", "size reference");
    let words = command.words.get(1..).unwrap_or_default();
    match name {
        "truncate" | "gtruncate" => {
            let arguments = read(words, &TRUNCATE);
            let to_nothing = |one: &Argument<'_>| match one {
                Argument::Valued(_, size) if one.is(Some('s'), "size") => {
                    size.literal().as_deref() == Some("0")
                }
                _ => false,
            };
            let empties = arguments.iter().any(to_nothing);
            empties.then(|| operands(&arguments).cloned().collect())
        }
        "cp" | "install" | "ln" => {
            let arguments = read(words, &FLAGS_ONLY);
            let named: Vec<&Word> = operands(&arguments).collect();
            match named.as_slice() {
                [from, to @ ..] if is_null(std::slice::from_ref(*from)) && to.len() < 2 => {
                    Some(to.iter().copied().cloned().collect())
                }
                _ => None,
            }
        }
        "dd" => {
            let from_null = words
                .iter()
                .any(|word| leading_text(word) == "if=/dev/null");
            let to = words
                .iter()
                .filter(|word| leading_text(word).starts_with("of="));
            let empties = from_null || reads_nothing(scene, command);
            empties.then(|| to.map(|word| skip(word, 3)).collect())
        }
        "sed" | "gsed" => {
            const SED: Options = options("efl", "expression file line-length");
            const ALL: List = List("d 1,$d //d /./d /^/d /.*/d");
            let arguments = read(words, &SED);
            let in_place = arguments.iter().any(|one| one.is(Some('i'), "in-place"));
            let mut operands = operands(&arguments);
            let script = operands.next()?.literal()?;
            (in_place && ALL.has(&script)).then(|| operands.cloned().collect())
        }
        "tee" => {
            let files = words
                .iter()
                .filter(|word| !leading_text(word).starts_with('-'));
            reads_nothing(scene, command).then(|| files.cloned().collect())
        }
        _ => None,
    }
}

fn is_temporary(scene: &Scene<'_>, place: &Place) -> bool {
    let temp = scene.around.temp.iter().any(|temp| place.is_below(temp));
    temp && !place.is_within(scene.around.project)
}

/// Returns whether a place stands for all that is in a folder which is not
/// temporary.
fn is_sweep(scene: &Scene<'_>, place: &Place) -> bool {
    place.names.last().is_some_and(Name::is_sweeping) && !is_temporary(scene, place)
}

/// Returns whether a place stands for all that is in the project, or in a
/// folder that is none of its own.
fn is_all(scene: &Scene<'_>, place: &Place) -> bool {
    is_sweep(scene, place) && !place.parent().is_below(scene.around.project)
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
const SOURCES: List = List(
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

//! Removal by `rm` and its kin.

use super::super::super::arguments::{Argument, FLAGS_ONLY, is_streamed, program, read};
use super::super::super::list::List;
use super::super::super::listing::Listing;
use super::super::super::paths;
use super::super::super::place::Place;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Part, Word};
use super::find::judge_listing;
use super::places::judge_word;
use super::{Extent, Finding, Objection, operands};

/// Returns the values that a variable is given where the text does not define a
/// function or a trap, the word being nothing else: these are written before it
/// is.
fn set_later<'a>(scene: &Scene<'a>, word: &Word) -> Option<Vec<&'a Word>> {
    let [Part::Variable { name, .. }] = word.parts.as_slice() else {
        return None;
    };
    let given = scene.script.assigned.get(name)?.iter();
    let values: Vec<&Word> = given
        .filter(|one| !one.deferred)
        .map(|one| &one.value)
        .collect();
    (!values.is_empty()).then_some(values)
}

pub(super) fn judge(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    let arguments = read(&command.words[1..], &FLAGS_ONLY);
    let recursive = |argument: &Argument<'_>| {
        argument.is(Some('r'), "recursive") || argument.is(Some('R'), "recursive")
    };
    let always = matches!(program(command).as_deref(), Some("rimraf" | "del-cli"));
    let extent = match always || arguments.iter().any(recursive) {
        true => Extent::Trees,
        false => Extent::Files,
    };
    let operands: Vec<&Word> = operands(&arguments).collect();
    let flags_unsure = operands.iter().any(|word| may_be_flags(word));
    let folder = scene.folder(&command.dirs);
    let mut named = operands.iter().filter(|word| !is_from_stream(word));
    let found = named.find_map(|word| {
        let listing = Listing::in_word(scene, command, word);
        if let Some(listing) = listing.filter(|one| !one.listed.is_picked) {
            return judge_listing(scene, &listing);
        }
        let judge = |word: &Word| judge_word(scene, word, &folder, extent);
        let later = command.deferred.then(|| set_later(scene, word)).flatten();
        let found = match later {
            Some(values) => values.into_iter().find_map(judge),
            None => judge(word),
        };
        found.or_else(|| {
            let worst = judge_word(scene, word, &folder, Extent::Trees)?;
            (flags_unsure && worst.0.is_catastrophic()).then_some(worst)
        })
    });
    found.or_else(|| judge_stream(scene, command, &operands, extent))
}

fn may_be_flags(word: &Word) -> bool {
    matches!(
        word.parts.first(),
        Some(
            Part::Variable { quoted: false, .. }
                | Part::Output { quoted: false, .. }
                | Part::Unknown { quoted: false }
        )
    )
}

/// Returns whether a word is a name from a stream and nothing else.
fn is_from_stream(word: &Word) -> bool {
    word.parts.as_slice() == [Part::Streamed]
}

/// Judges the names that come from a stream: those that a search gives lie
/// below its folders, others may be any.
fn judge_stream(
    scene: &Scene<'_>,
    command: &Command,
    operands: &[&Word],
    extent: Extent,
) -> Option<Finding> {
    if !command.more_arguments {
        return None;
    }
    if operands
        .iter()
        .any(|word| is_streamed(word) && !is_from_stream(word))
    {
        return None;
    }
    match Listing::fed_to(scene, command).filter(|one| !one.listed.is_picked) {
        Some(listing) => judge_listing(scene, &listing),
        None => (extent == Extent::Trees).then(|| (Objection::Stream, Place::unknown())),
    }
}

/// Programs that start a command somewhere among their words.
const CARRIERS: List = List(
    "\
    adb cmd docker foreman heroku incus just kubectl lxc \
    machinectl mosh nerdctl npm npx oc pnpm podman sem yarn",
);

/// Judges an `rm` among the words of such a program by whether it would take
/// all of the machine or the home.
pub(super) fn judge_carried(scene: &Scene<'_>, command: &Command, name: &str) -> Option<Finding> {
    if !CARRIERS.has(name) {
        return None;
    }
    let is_rm = |word: &Word| {
        let text = word.literal().unwrap_or_default();
        paths::base_name(&text) == "rm"
    };
    let at = command.words.iter().skip(1).position(is_rm)?;
    let arguments = read(&command.words[at + 2..], &FLAGS_ONLY);
    let recursive = |one: &Argument<'_>| one.is(Some('r'), "") || one.is(Some('R'), "");
    if !arguments.iter().any(recursive) {
        return None;
    }
    let folder = scene.folder(&command.dirs);
    operands(&arguments).find_map(|word| {
        judge_word(scene, word, &folder, Extent::Trees)
            .filter(|(objection, _)| matches!(objection, Objection::Root | Objection::Home))
    })
}

/// Judges a program that is not known by what `rm` would do with its arguments.
pub(super) fn judge_unknown_program(scene: &Scene<'_>, command: &Command) -> Option<Finding> {
    let arguments = read(&command.words[1..], &FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    if !(has('r', "recursive") || has('R', "recursive")) || !has('f', "force") {
        return None;
    }
    let folder = scene.folder(&command.dirs);
    operands(&arguments).find_map(|word| {
        judge_word(scene, word, &folder, Extent::Trees)
            .filter(|(objection, _)| objection.is_catastrophic())
    })
}

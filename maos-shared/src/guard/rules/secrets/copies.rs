//! Copies that make a file of secrets where there is none yet, from a sample:
//! they lose nothing and show nothing.

use super::super::super::arguments::{Argument, FLAGS_ONLY, read};
use super::super::super::place::Place;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Word};
use super::judge_word;

/// Returns whether a `cp` leaves a file alone that is there already, and copies
/// no secret.
pub(super) fn never_overwrites(scene: &Scene<'_>, command: &Command, folder: &Place) -> bool {
    let words = &command.words[1..];
    let arguments = read(words, &FLAGS_ONLY);
    let operands: Vec<&Word> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Operand(word) => Some(*word),
            _ => None,
        })
        .collect();
    let Some((target, sources)) = operands.split_last() else {
        return false;
    };
    if judge_word(scene, target, folder).is_none() {
        return false;
    }
    let careful = arguments.iter().any(|one| one.is(Some('n'), "no-clobber"));
    let mut sources = sources.iter();
    careful && sources.all(|word| judge_word(scene, word, folder).is_none())
}

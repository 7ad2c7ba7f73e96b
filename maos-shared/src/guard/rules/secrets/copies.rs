//! Copies that make a file of secrets where there is none yet, from a sample:
//! they lose nothing and show nothing.

use super::super::super::arguments::{Argument, FLAGS_ONLY, leading_text, program, read};
use super::super::super::list::List;
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
    (careful || is_missing_before(scene, command, target))
        && sources
            .iter()
            .all(|word| judge_word(scene, word, folder).is_none())
}

/// How many commands before one are looked at for a test.
const NEAR: usize = 64;

/// Returns whether a command runs only where a test found that this file is not
/// there: `[ -f .env ] ||`, `[ ! -f .env ] &&`.
fn is_missing_before(scene: &Scene<'_>, command: &Command, file: &Word) -> bool {
    const TESTS: List = List("[ [[ test");
    let script = scene.script;
    let Some(here) = script
        .commands
        .iter()
        .position(|one| std::ptr::eq(one, command))
    else {
        return false;
    };
    let commands = script.commands[..here].iter().enumerate();
    let near = commands.skip(here.saturating_sub(NEAR));
    let by_commands = near.filter_map(|(at, one)| {
        let tests = program(one).is_some_and(|name| TESTS.has(&name));
        tests.then_some((at, &one.words))
    });
    let by_words = script.tests.iter().map(|(at, words)| (*at, words));
    let by_words = by_words.filter(|(at, _)| *at <= here && at + NEAR >= here);
    let about = |test: &(usize, &Vec<Word>)| test.1.contains(file);
    let mut tests = by_commands.chain(by_words).filter(about);
    tests.any(|(at, words)| {
        let negated = words.iter().any(|word| leading_text(word) == "!");
        let alternatives = script.alternatives.iter();
        let mut alternatives = alternatives.filter(|range| range.start >= at);
        negated != alternatives.any(|range| range.contains(&here))
    })
}

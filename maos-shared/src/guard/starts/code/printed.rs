//! What code prints: the literals behind `print`, `puts`, `console.log`, and
//! what awk makes of the fields of its input.

use super::super::words::{self, push_text, unknown};
use super::super::{Line, values_of};
use super::program::Program;
use super::tokens::Source;
use super::values::Value;
use super::{Given, bindings, calls};
use crate::config::limits;
use crate::guard::arguments::leading;
use crate::guard::shell::Word;

/// The name of the whole line.
pub(super) const LINE: &str = FIELDS[0];

/// The names of the fields of a line that are followed; the first one is all.
const FIELDS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Returns all that the code of an interpreter prints; `None` where that is not
/// known to be anything.
pub(in crate::guard::starts) fn printed(line: &Line<'_>) -> Option<Word> {
    let given = Given::of(line)?;
    given.language.prints.names().next()?;
    let source = Source::of(&given.code);
    let mut all = Word::default();
    if !given.language.pipes {
        print(&mut given.program(&source), &given, &mut all);
        return Some(all).filter(|all| !all.parts.is_empty());
    }
    let (arguments, _) = leading(line.words, &given.language.options);
    let separator = values_of(&arguments, &[('F', "field-separator")]).last();
    let separator = separator.and_then(Word::literal);
    let input = line.stdin.map(words::lines).unwrap_or_default();
    let input = match input.len() {
        1..=limits::STREAM_COMMANDS => input,
        _ => vec![unknown()],
    };
    for one in &input {
        let mut program = given.program(&source);
        set_fields(&mut program, one, separator.as_deref());
        print(&mut program, &given, &mut all);
    }
    Some(all).filter(|all| !all.parts.is_empty())
}

/// Gives the variables of a line's fields their values.
fn set_fields(program: &mut Program<'_>, line: &Word, separator: Option<&str>) {
    program.set(FIELDS[0], Value::Text(line.clone()));
    let Some(known) = line.literal() else { return };
    let fields: Vec<&str> = match separator {
        Some(separator) if separator != " " => known.split(separator).collect(),
        _ => known.split_ascii_whitespace().collect(),
    };
    for (name, field) in FIELDS[1..].iter().zip(&fields) {
        program.set(name, Value::Text(words::word(field)));
    }
    if let Some(last) = fields.last() {
        program.set("NF", Value::Text(words::word(last)));
    }
}

/// Adds what each `print` of a program says.
fn print(program: &mut Program<'_>, given: &Given, all: &mut Word) {
    for at in 0..program.tokens.len() {
        let Some(name) = program.name(at) else {
            continue;
        };
        if !given.language.prints.has(name) {
            bindings::bind(program, at);
            continue;
        }
        let arguments = calls::bare_arguments(program, at);
        let values = arguments.into_iter().map(|one| program.printable(one));
        let mut said: Vec<Word> = values.collect();
        if said.is_empty() && given.language.pipes {
            said = fields(program);
        }
        if said.is_empty() {
            continue;
        }
        let said = match (name, said.split_first()) {
            ("printf", Some((format, given))) => formatted(format, given),
            _ => words::join(&said, " "),
        };
        said.parts
            .into_iter()
            .for_each(|part| words::push(all, part));
        push_text(all, "\n");
    }
}

/// Returns a format with what it is given in the places for it.
pub(super) fn formatted(format: &Word, given: &[Word]) -> Word {
    let Some(known) = format.literal() else {
        return words::join(std::iter::once(format).chain(given), " ");
    };
    let mut said = Word::default();
    let mut given = given.iter();
    let mut rest = &*known;
    while let Some((before, behind)) = rest.split_once('%') {
        push_text(&mut said, before);
        let conversion = behind.chars().next().unwrap_or('%');
        rest = behind.get(conversion.len_utf8()..).unwrap_or_default();
        let one = match conversion {
            '%' => words::word("%"),
            'c' => given.next().map(character).unwrap_or_default(),
            _ => given.next().cloned().unwrap_or_default(),
        };
        said = words::join([&said, &one], "");
    }
    push_text(&mut said, rest);
    said
}

/// Returns the character that a number stands for, or that a text begins with.
fn character(word: &Word) -> Word {
    let Some(text) = word.literal() else {
        return unknown();
    };
    let meant = text.parse().ok().and_then(char::from_u32);
    let meant = meant.or_else(|| text.chars().next());
    meant.map_or_else(Word::default, |meant| {
        words::word(meant.encode_utf8(&mut [0; 4]))
    })
}

/// Returns the fields of the line that is read, or all of it where they are not
/// known.
fn fields(program: &mut Program<'_>) -> Vec<Word> {
    let mut fields = Vec::new();
    for name in &FIELDS[1..] {
        match program.variable(name) {
            Value::Text(field) => fields.push(field),
            _ => break,
        }
    }
    match fields.is_empty() {
        true => vec![program.variable(FIELDS[0]).into_word()],
        false => fields,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{test_command, test_word};
    use super::super::super::words::word;
    use super::*;

    fn printed_by(command: &str, input: &str) -> Option<String> {
        let command = test_command(command);
        let input = test_word(input);
        let text_of = |_: &Word| None;
        let line = Line::of(&command, Some(&input), &text_of)?;
        let printed = printed(&line)?;
        words::replace(&printed, "¤", &word("")).literal()
    }

    #[test]
    fn fields_and_literals_are_printed() {
        for (command, input, expected) in [
            ("awk '{print $2,$3}'", "a rm x", Some("rm x\n")),
            ("awk -F: '{print $2}'", "a:rm x\n", Some("rm x\n")),
            ("awk '{$1=\"\"; print}'", "a rm x", Some(" rm x\n")),
            ("awk '{print}'", "rm x", Some("rm x\n")),
            ("awk '{print \"rm \" $NF}'", "a x", Some("rm x\n")),
            ("awk 'BEGIN{print \"rm x\"}'", "", Some("rm x\n")),
            ("awk 'BEGIN{printf \"rm %s\", \"x\"}'", "", Some("rm x\n")),
            ("python3 -c 'print(\"rm x\")'", "", Some("rm x\n")),
            ("perl -e 'print \"rm x\"'", "", Some("rm x\n")),
            ("ruby -e 'puts \"rm x\"'", "", Some("rm x\n")),
            ("node -e 'console.log(\"rm x\")'", "", Some("rm x\n")),
            ("php -r 'echo \"rm x\";'", "", Some("rm x\n")),
            ("awk '{n++}'", "a", None),
        ] {
            assert_eq!(printed_by(command, input).as_deref(), expected, "{command}");
        }
    }
}

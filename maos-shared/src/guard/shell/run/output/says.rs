//! What `echo`, `printf` and those print that tell where programs are.

use super::super::scope::map_text;
use crate::guard::shell::escapes::{self, Dialect};
use crate::guard::shell::{Part, Word};
use crate::guard::starts;

pub(super) fn echo(words: &[Word]) -> Option<Word> {
    let (mut newline, mut escapes) = (true, false);
    let mut rest = words;
    while let [word, after @ ..] = rest
        && let Some(flags) = word.literal()
        && let Some(letters) = flags.strip_prefix('-')
        && !letters.is_empty()
        && letters.chars().all(|c| "neE".contains(c))
    {
        newline &= !letters.contains('n');
        for letter in letters.chars().filter(|c| *c != 'n') {
            escapes = letter == 'e';
        }
        rest = after;
    }
    let mut printed = Word::default();
    for (at, word) in rest.iter().enumerate() {
        if at > 0 {
            printed.push_text(" ");
        }
        word.parts
            .iter()
            .for_each(|part| printed.push(part.clone()));
    }
    if escapes {
        printed = decoded_escapes(&printed)?;
    }
    if newline {
        printed.push_text("\n");
    }
    Some(printed)
}

/// Returns what the escapes in a word mean; `None` where one ends all output.
fn decoded_escapes(word: &Word) -> Option<Word> {
    let decode = |text: &str| escapes::decode(text, Dialect::Echo);
    let ends = |part: &Part| matches!(part, Part::Text(text) if decode(text).1);
    (!word.parts.iter().any(ends)).then(|| map_text(word, |text| decode(text).0))
}

/// Returns where programs are, a line each: somewhere, under their names. `None`
/// where more is told of them than that, or nothing asked.
pub(super) fn places(program: &str, words: &[Word]) -> Option<Word> {
    let options = words.iter().map_while(|word| {
        let text = word.literal()?;
        text.starts_with('-').then_some(text)
    });
    let options: Vec<String> = options.collect();
    let names = words.get(options.len()..)?;
    let tells_paths = match program {
        "command" => options == ["-v"],
        "type" | "whence" => matches!(options.as_slice(), [one] if one == "-p" || one == "-P"),
        _ => options.is_empty(),
    };
    let mut printed = Word::default();
    for name in names {
        let name = name.literal().filter(|name| !name.contains('/'))?;
        printed.push(Part::Unknown { quoted: true });
        printed.push_text(&format!("/{name}\n"));
    }
    (tells_paths && !names.is_empty()).then_some(printed)
}

/// Returns what a format makes of its arguments; `None` where it has more than
/// plain conversions.
pub(super) fn printf(words: &[Word]) -> Option<Word> {
    let words = match words {
        [first, rest @ ..] if first.literal().as_deref() == Some("--") => rest,
        all => all,
    };
    let (format, arguments) = words.split_first()?;
    let format = format.literal()?;
    let mut arguments = arguments.iter();
    let mut printed = Word::default();
    loop {
        let before = arguments.len();
        print_once(&format, &mut arguments, &mut printed)?;
        let used = arguments.len() < before;
        if arguments.len() == 0 || !used {
            return Some(printed);
        }
    }
}

fn print_once(
    format: &str,
    arguments: &mut std::slice::Iter<'_, Word>,
    printed: &mut Word,
) -> Option<()> {
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        printed.push_text(&escapes::decode(before, Dialect::Printf).0);
        let conversion = after.chars().next()?;
        rest = &after[conversion.len_utf8()..];
        if conversion == '%' {
            printed.push_text("%");
            continue;
        }
        let argument = arguments.next().cloned().unwrap_or_default();
        let argument = match conversion {
            's' => argument,
            'q' => starts::quoted(&argument),
            'd' | 'i' if is_made_of(&argument, |c| c.is_ascii_digit()) => argument,
            'b' => decoded_escapes(&argument)?,
            _ => return None,
        };
        argument
            .parts
            .into_iter()
            .for_each(|part| printed.push(part));
    }
    printed.push_text(&escapes::decode(rest, Dialect::Printf).0);
    Some(())
}

/// Returns whether a word has characters and all of them are known to be such.
fn is_made_of(word: &Word, such: impl Fn(char) -> bool) -> bool {
    word.literal()
        .is_some_and(|text| !text.is_empty() && text.chars().all(such))
}

//! What `echo`, `printf` and those print that tell where programs are.

use super::super::scope::{map_text, text};
use crate::guard::list::List;
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

/// Returns the last name of a path, or the folder that it is in.
pub(super) fn name(program: &str, words: &[Word]) -> Option<Word> {
    let path = words.first()?.literal()?;
    let path = path.trim_end_matches('/');
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    let ending = words.get(1).and_then(Word::literal).unwrap_or_default();
    let named = match program {
        "dirname" => folder,
        _ => name.strip_suffix(&ending).unwrap_or(name),
    };
    (!path.starts_with('-')).then(|| text(&format!("{named}\n")))
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
        let width = after.trim_start_matches(|c: char| c.is_ascii_digit());
        let (width, after) = (&after[..after.len() - width.len()], width);
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
            'b' => decoded_escapes(&argument)?,
            'c' => text(argument.literal()?.get(..1)?),
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => text(&number(&argument, conversion, width)?),
            _ => return None,
        };
        if !width.is_empty() && argument.literal()?.len() < width.parse().ok()? {
            return None;
        }
        argument
            .parts
            .into_iter()
            .for_each(|part| printed.push(part));
    }
    printed.push_text(&escapes::decode(rest, Dialect::Printf).0);
    Some(())
}

/// Returns a number as a conversion prints it, with zeros in front where the
/// width begins with one.
fn number(word: &Word, conversion: char, width: &str) -> Option<String> {
    let given = word.literal()?;
    let code = given
        .strip_prefix(['\'', '"'])
        .and_then(|text| text.chars().next());
    let number = match (code, given.strip_prefix("0x")) {
        (Some(code), _) => u32::from(code),
        (_, Some(digits)) => u32::from_str_radix(digits, 16).ok()?,
        (_, None) => given.parse().ok()?,
    };
    let zeros = match width.starts_with('0') {
        true => width.parse().ok()?,
        false => 0,
    };
    Some(match conversion {
        'o' => format!("{number:0zeros$o}"),
        'x' | 'X' => format!("{number:0zeros$x}"),
        _ => format!("{number:0zeros$}"),
    })
}

/// Returns what a program prints by a template that it is given, where there is
/// more in that than fields: `git for-each-ref --format='git branch -D %(refname)'`.
pub(super) fn templated(program: &str, words: &[Word]) -> Option<Word> {
    /// The programs that take one, and what stands before it.
    const TAKING: [(&str, List); 5] = [
        (
            "git",
            List("--format= --format --pretty= --pretty=format: --pretty=tformat:"),
        ),
        ("find", List("-printf")),
        ("stat", List("-c --format= --format --printf= --printf")),
        ("docker", List("--format= --format")),
        ("date", List("+")),
    ];
    let (_, options) = TAKING.iter().find(|row| row.0 == program)?;
    let template = words.iter().enumerate().find_map(|(at, word)| {
        let word = word.literal()?;
        if options.has(&word) {
            return words.get(at + 1)?.literal();
        }
        let joined = |option: &&str| !option.starts_with("--") || option.ends_with(['=', ':']);
        let mut joining = options.names().filter(joined);
        joining.find_map(|option| word.strip_prefix(option).map(str::to_owned))
    })?;
    let mut printed = Word::default();
    let mut says = false;
    let mut rest = &*template;
    while let Some(at) = rest.find('%').into_iter().chain(rest.find("{{")).min() {
        says |= rest[..at].trim().contains(' ') || rest[..at].ends_with(' ');
        printed.push_text(&escapes::decode(&rest[..at], Dialect::Printf).0);
        printed.push(Part::Unknown { quoted: true });
        let close = match rest[at..].get(..2)? {
            "{{" => "}}",
            "%(" => ")",
            _ => "",
        };
        let behind = &rest[at + 1..];
        let length = behind.chars().next().map_or(0, char::len_utf8);
        rest = match close {
            "" => &behind[length..],
            close => behind.split_once(close)?.1,
        };
    }
    says |= rest.trim().contains(' ');
    printed.push_text(&escapes::decode(rest, Dialect::Printf).0);
    printed.push_text("\n");
    says.then_some(printed)
}

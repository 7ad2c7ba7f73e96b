//! Texts that code puts together of texts and numbers, where all of these are
//! known: `chr(46)`, `"".join([…])`, `"%senv" % "."`, `"vne."[::-1]`.

use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words::{self, push_text, unknown, word};
use super::printed;
use super::values::{Value, size};
use crate::config::limits;

/// Functions that give the characters which numbers stand for.
const CHARACTERS: List = List("bytearray bytes char chr fromCharCode fromCodePoint mb_chr");

/// Functions and methods that turn a text around, or a list.
const REVERSING: List = List("array_reverse reverse reversed strrev");

/// Those that give the same letters, small or capital.
const LOWER: List = List("downcase lc lower strtolower toLocaleLowerCase toLowerCase");
const UPPER: List = List("strtoupper toLocaleUpperCase toUpperCase uc upcase upper");

/// Those that put the texts of a list together.
const JOINING: List = List("concat implode join");

/// Those that put a text in another's place.
const REPLACING: List = List("gsub replace replaceAll str_replace sub");

/// Methods that make a text, or a list, of the one that they are called on.
pub(super) const METHODS: List = List(
    "\
    at charAt chars chr concat delete downcase format gsub join lower pack replace replaceAll reverse \
    slice split sub substr substring toLowerCase toUpperCase upcase upper",
);

/// Words that may stand before their value without brackets.
pub(super) const BARE: List = List("chr lc reverse uc");

/// Those that take all that stands behind them.
pub(super) const OF_LISTS: List = List("join map pack sprintf");

/// Returns what a function makes of its arguments; `named` is the name that the
/// first of them is.
pub(super) fn by_function(name: &str, on: &str, named: &str, given: &[Value]) -> Option<Value> {
    let first = given.first()?;
    match (name, given) {
        _ if CHARACTERS.has(name) => characters(given),
        ("from", [Value::List(_)]) if on == "Buffer" => characters(given),
        ("apply", [_, list]) if CHARACTERS.has(on) => characters(std::slice::from_ref(list)),
        ("map" | "array_map", [_, list @ Value::List(_)]) if CHARACTERS.has(named) => {
            each_character(list)
        }
        ("map", [_, numbers @ ..]) if CHARACTERS.has(named) => {
            let numbers = numbers.iter().cloned().map(Value::into_word);
            each_character(&Value::List(numbers.collect()))
        }
        ("array_map", [Value::Text(name), list]) => {
            let is_one = CHARACTERS.has(&name.known()?);
            is_one.then(|| each_character(list)).flatten()
        }
        ("pack", [Value::Text(template), rest @ ..]) if is_of_numbers(template) => characters(rest),
        ("str_replace", [old, new, text]) => replaced(text, old, new, true),
        ("substr" | "mb_substr", [text, cut @ ..]) => by_length(text, cut),
        ("sub", [text, cut @ ..]) if on == "string" => from_one(text, cut),
        // Of PHP and Perl, where the separator comes first, and of Lua.
        ("implode" | "join", [Value::Text(separator), Value::List(texts)]) => {
            together(texts, &separator.known()?)
        }
        ("join", [Value::Text(separator), rest @ ..]) if on.is_empty() => joined(rest, separator),
        ("concat", [Value::List(texts), rest @ ..]) => {
            let separator = rest.first().map_or(Some(String::new()), known);
            together(texts, &separator?)
        }
        _ if given.len() == 1 || on == "string" => of_one(name, first),
        _ => None,
    }
}

/// Returns what a method makes of its value. `is_called` says whether brackets
/// stand behind its name.
pub(super) fn by_method(
    name: &str,
    value: &Value,
    given: &[Value],
    is_called: bool,
) -> Option<Value> {
    match (name, value, given) {
        ("chr", Value::Text(_), _) => characters(std::slice::from_ref(value)),
        ("chars", Value::Text(text), []) => Some(split(text, "")?),
        ("split", Value::Text(text), [Value::Text(separator), ..]) => {
            split(text, &separator.known()?)
        }
        ("pack", Value::List(_), [Value::Text(template)]) if is_of_numbers(template) => {
            characters(std::slice::from_ref(value))
        }
        ("concat", Value::Text(text), rest) => {
            let all = std::iter::once(text.clone());
            let all = all.chain(rest.iter().cloned().map(Value::into_word));
            Some(Value::Text(words::join(&all.collect::<Vec<_>>(), "")))
        }
        ("join", Value::List(texts), []) => {
            // Only where brackets stand there is it not Ruby's.
            together(texts, if is_called { "," } else { "" })
        }
        // Of Lua and Java.
        ("format" | "formatted", Value::Text(text), given)
            if text
                .known()
                .is_some_and(|text| text.contains('%') && !text.contains('{')) =>
        {
            let given: Vec<Word> = given.iter().cloned().map(Value::into_word).collect();
            Some(Value::Text(printed::formatted(text, &given)))
        }
        ("format", Value::Text(text), given) => Some(filled(text, given)),
        ("slice", Value::List(_), [from, rest @ ..]) => {
            let end = rest
                .first()
                .map_or(Some(None), |end| number(end).map(Some))?;
            by_subscript(value, &[number(from), end], false)
        }
        ("slice" | "substring", Value::Text(text), [from, rest @ ..]) => {
            let (start, end) = (
                number(from)?,
                rest.first().map_or(Some(usize::MAX), number)?,
            );
            part(text, start, end)
        }
        ("substr", _, cut) => by_length(value, cut),
        ("charAt" | "at", Value::Text(text), [at]) => {
            let at = number(at)?;
            part(text, at, at.saturating_add(1))
        }
        ("sub", Value::Text(_), [from, ..]) if number(from).is_some() => from_one(value, given),
        (name, Value::Text(_), [old, new]) if REPLACING.has(name) => {
            replaced(value, old, new, name != "sub")
        }
        ("delete", Value::Text(_), [old]) => replaced(value, old, &Value::Text(word("")), true),
        (_, _, []) => of_one(name, value),
        _ => None,
    }
}

/// Returns what a subscript makes of a value: `[2]`, `[:4]`, `[0, 4]`. Each of its
/// numbers may be left out.
pub(super) fn by_subscript(
    value: &Value,
    numbers: &[Option<usize>],
    by_length: bool,
) -> Option<Value> {
    match (value, numbers) {
        (Value::Text(text), [Some(at)]) => part(text, *at, at.checked_add(1)?),
        (Value::List(texts), [Some(at)]) => texts.get(*at).cloned().map(Value::Text),
        (Value::Text(text), [start, end]) => {
            let start = start.unwrap_or(0);
            let end = end.unwrap_or(usize::MAX);
            part(
                text,
                start,
                if by_length {
                    start.saturating_add(end)
                } else {
                    end
                },
            )
        }
        (Value::List(texts), [start, end]) if !by_length => {
            let start = start.unwrap_or(0);
            let end = end.unwrap_or(usize::MAX).min(texts.len());
            Some(Value::List(texts.get(start..end)?.to_vec()))
        }
        _ => None,
    }
}

/// Returns what a function or a method without arguments makes of a value.
fn of_one(name: &str, value: &Value) -> Option<Value> {
    if let Value::List(texts) = value {
        return match REVERSING.has(name) {
            true => Some(Value::List(texts.iter().rev().cloned().collect())),
            false if JOINING.has(name) => together(texts, ""),
            false => None,
        };
    }
    let change: fn(&str) -> String = match name {
        _ if REVERSING.has(name) => |text| text.chars().rev().collect(),
        _ if LOWER.has(name) => str::to_lowercase,
        _ if UPPER.has(name) => str::to_uppercase,
        _ => return None,
    };
    Some(Value::Text(word(&change(&known(value)?))))
}

fn known(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => text.literal(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<usize> {
    parsed(&known(value)?)
}

/// Returns the number that a text of the code is.
pub(super) fn parsed(text: &str) -> Option<usize> {
    match text.strip_prefix("0x") {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Returns whether a template of `pack` is one for characters by their numbers.
fn is_of_numbers(template: &Word) -> bool {
    template
        .known()
        .is_some_and(|text| const { List("C* c* U* W* C c U W") }.has(&text))
}

/// Returns the text of the characters that numbers stand for; for the variable of
/// a loop, the list of them.
fn characters(given: &[Value]) -> Option<Value> {
    let mut text = String::new();
    for value in given {
        match value {
            Value::List(numbers) if given.len() == 1 => {
                for number in numbers {
                    text.push(character(&number.known()?)?);
                }
            }
            value => text.push(character(&known(value)?)?),
        }
    }
    Some(Value::Text(word(&text)))
}

/// Returns the list of the characters that the numbers of a list stand for.
pub(super) fn each_character(list: &Value) -> Option<Value> {
    let Value::List(numbers) = list else {
        return None;
    };
    let each = numbers.iter().map(|number| {
        let character = character(&number.known()?)?;
        Some(word(character.encode_utf8(&mut [0; 4])))
    });
    each.collect::<Option<_>>().map(Value::List)
}

fn character(number: &str) -> Option<char> {
    char::from_u32(u32::try_from(parsed(number)?).ok()?)
}

fn joined(values: &[Value], separator: &Word) -> Option<Value> {
    let texts = values.iter().map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    let texts: Vec<Word> = texts.collect::<Option<_>>()?;
    together(&texts, &separator.known()?)
}

fn split(text: &Word, separator: &str) -> Option<Value> {
    let known = text.known()?;
    let pieces: Vec<Word> = match separator {
        "" => {
            let chars = known.chars().take(limits::CODE_COPIED_BYTES);
            chars.map(|c| word(c.encode_utf8(&mut [0; 4]))).collect()
        }
        separator => known.split(separator).map(word).collect(),
    };
    Some(Value::List(pieces))
}

fn replaced(text: &Value, old: &Value, new: &Value, all: bool) -> Option<Value> {
    let (text, old, new) = (known(text)?, known(old)?, known(new)?);
    if old.is_empty() {
        return None;
    }
    let times = if all { text.matches(&old).count() } else { 1 };
    let size = text.len().saturating_add(times.saturating_mul(new.len()));
    (size <= limits::CODE_COPIED_BYTES)
        .then(|| Value::Text(word(&text.replacen(&old, &new, times))))
}

/// Returns the texts of a list with a separator between them, where that is not
/// too long.
pub(super) fn together(texts: &[Word], separator: &str) -> Option<Value> {
    let sizes = texts.iter().map(|text| size(text) + separator.len());
    (sizes.sum::<usize>() <= limits::CODE_COPIED_BYTES)
        .then(|| Value::Text(words::join(texts, separator)))
}

/// Returns the characters of a text from one place to another.
fn part(text: &Word, start: usize, end: usize) -> Option<Value> {
    let known = text.known()?;
    let taken = known.chars().skip(start).take(end.saturating_sub(start));
    Some(Value::Text(word(&taken.collect::<String>())))
}

/// Returns the part that begins at a place and has this length, where one is given.
fn by_length(text: &Value, cut: &[Value]) -> Option<Value> {
    let Value::Text(text) = text else { return None };
    let start = number(cut.first()?)?;
    let length = cut.get(1).map_or(Some(usize::MAX), number)?;
    part(text, start, start.saturating_add(length))
}

/// Returns the part from one place up to another, where places count from one.
fn from_one(text: &Value, cut: &[Value]) -> Option<Value> {
    let Value::Text(text) = text else { return None };
    let start = number(cut.first()?)?.checked_sub(1)?;
    part(text, start, cut.get(1).map_or(Some(usize::MAX), number)?)
}

/// Returns a text with values in the places that are left for them: `{}`, `{1}`.
fn filled(text: &Word, given: &[Value]) -> Value {
    let Some(known) = text.known() else {
        return Value::Text(words::replace(text, "{}", &unknown()));
    };
    let mut filled = Word::default();
    let mut rest = &*known;
    let mut next = 0;
    let mut left = limits::CODE_COPIED_BYTES;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((place, after)) = behind.split_once('}') else {
            break;
        };
        push_text(&mut filled, before);
        let at = match place.is_empty() {
            true => Some(next),
            false => place.parse().ok(),
        };
        next += 1;
        let value = at.and_then(|at| given.get(at));
        left = match left.checked_sub(value.map_or(0, Value::size)) {
            Some(left) => left,
            None => return Value::Unknown,
        };
        let value = value.cloned().map_or_else(unknown, Value::into_word);
        value
            .parts
            .into_iter()
            .for_each(|part| words::push(&mut filled, part));
        rest = after;
    }
    push_text(&mut filled, rest);
    Value::Text(filled)
}

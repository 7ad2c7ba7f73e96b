//! String literals: where they end, and what their escapes mean.

use crate::config::limits;

/// A piece of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Characters, with those that stand for what is not known.
    Text(String),
    /// The value of a variable of the code.
    Name(&'a str),
    /// The user's home.
    Home,
    /// The value of code in the string.
    Code(&'a str),
    /// Anything else.
    Unknown,
}

impl<'a> Piece<'a> {
    /// Returns the code that it embeds, once; its value is unknown then.
    pub(super) fn take_code(&mut self) -> Option<&'a str> {
        match *self {
            Self::Code(code) => {
                *self = Self::Unknown;
                Some(code)
            }
            _ => None,
        }
    }
}

/// How a string is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    escapes: Escapes,
    embeds: Embeds,
    /// It cannot go on behind the end of its line.
    on_one_line: bool,
}

/// What a backslash does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// Nothing, but that a quote behind it does not end the string.
    Kept,
    /// Nothing at all.
    None,
    /// It takes away what a quote or a backslash means.
    Quotes,
    /// `\n`, `\x41`, `\101`, `\u0041`.
    All,
    /// As [`Self::All`], with `\065` in decimal.
    Decimal,
}

/// Code within a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Embeds {
    None,
    /// `{x}`; `{{` is a brace.
    Braces,
    /// `#{x}`.
    Hash,
    /// `${x}`.
    DollarBraces,
    /// `$x`, `${x}`, `@{x}`, `{$x}`.
    Dollar,
}

const fn style(escapes: Escapes, embeds: Embeds, on_one_line: bool) -> Style {
    Style {
        escapes,
        embeds,
        on_one_line,
    }
}

/// Every character means itself.
pub(super) const RAW: Style = style(Escapes::None, Embeds::None, false);
/// `'it\'s'` of Perl, Ruby and PHP.
pub(super) const PLAIN: Style = style(Escapes::Quotes, Embeds::None, false);
/// Strings with escapes, on one line.
pub(super) const ESCAPED: Style = style(Escapes::All, Embeds::None, true);
/// Strings with escapes, on any number of lines.
pub(super) const LONG: Style = style(Escapes::All, Embeds::None, false);
/// Strings of Lua.
pub(super) const DECIMAL: Style = style(Escapes::Decimal, Embeds::None, true);
/// `"…$x…"` of Perl, PHP and Julia.
pub(super) const DOLLAR: Style = style(Escapes::All, Embeds::Dollar, false);
/// `"…#{x}…"` of Ruby.
pub(super) const HASH: Style = style(Escapes::All, Embeds::Hash, false);
/// `` `…${x}…` `` of JavaScript.
pub(super) const TEMPLATE: Style = style(Escapes::All, Embeds::DollarBraces, false);

/// Returns how a string of Python with this prefix is read, in lowercase.
pub(super) fn prefixed(prefix: &str) -> Style {
    Style {
        escapes: match prefix.contains('r') {
            true => Escapes::Kept,
            false => Escapes::All,
        },
        embeds: match prefix.contains('f') {
            true => Embeds::Braces,
            false => Embeds::None,
        },
        on_one_line: true,
    }
}

/// Returns the quote that a string of Python begins with, and how it is read.
pub(super) fn python(text: &str, style: Style) -> (Style, &str) {
    let triple = ["'''", "\"\"\""]
        .iter()
        .any(|quote| text.starts_with(quote));
    let long = Style {
        on_one_line: !triple,
        ..style
    };
    (long, &text[..if triple { 3 } else { 1 }])
}

/// Returns whether a character can stand around `q…`, `s…` and their kin in
/// Perl; those that stand behind names too are none.
pub(super) fn is_delimiter(c: char) -> bool {
    c.is_ascii_punctuation()
        && !matches!(
            c,
            '_' | ',' | ';' | ')' | '=' | '-' | '.' | '>' | '}' | ']' | ':'
        )
}

/// Returns the character that opens another level in brackets, and what closes
/// a string that begins with this delimiter.
pub(super) fn delimiters(text: &str) -> (Option<char>, &str) {
    match text.chars().next() {
        Some('(') => (Some('('), ")"),
        Some('[') => (Some('['), "]"),
        Some('{') => (Some('{'), "}"),
        Some('<') => (Some('<'), ">"),
        Some(other) => (None, &text[..other.len_utf8()]),
        None => (None, ""),
    }
}

/// Returns the pieces of a string and its length with what closes it. One that
/// stays open ends with the text; `None` where it would have to end on its line.
pub(super) fn read<'a>(
    text: &'a str,
    open: Option<char>,
    close: &str,
    style: Style,
) -> Option<(Vec<Piece<'a>>, usize)> {
    let mut pieces = Vec::new();
    let mut known = String::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if depth == 0 && rest.starts_with(close) && !close.is_empty() {
            push_known(&mut pieces, known);
            return Some((pieces, at + close.len()));
        }
        if c == '\n' && style.on_one_line {
            return None;
        }
        if c == '\\' && style.escapes != Escapes::None {
            at += 1 + unescape(&rest[1..], close, style.escapes, &mut known);
            continue;
        }
        if let Some((piece, length)) = embedded(rest, style.embeds) {
            push_known(&mut pieces, std::mem::take(&mut known));
            pieces.push(piece);
            at += length;
            continue;
        }
        if open == Some(c) {
            depth += 1;
        } else if open.is_some() && close.starts_with(c) {
            depth -= 1;
        }
        let doubled =
            style.embeds == Embeds::Braces && (rest.starts_with("{{") || rest.starts_with("}}"));
        known.push(c);
        at += c.len_utf8() + usize::from(doubled);
    }
    if style.on_one_line {
        return None;
    }
    push_known(&mut pieces, known);
    Some((pieces, text.len()))
}

fn push_known(pieces: &mut Vec<Piece<'_>>, known: String) {
    if !known.is_empty() {
        pieces.push(Piece::Text(known));
    }
}

/// Adds what an escape means to `known`; returns its length behind the
/// backslash.
fn unescape(text: &str, close: &str, escapes: Escapes, known: &mut String) -> usize {
    let Some(c) = text.chars().next() else {
        return 0;
    };
    let plain = c.len_utf8();
    match escapes {
        Escapes::Kept => {
            known.push('\\');
            known.push(c);
            return plain;
        }
        Escapes::Quotes => {
            if c != '\\' && !close.starts_with(c) {
                known.push('\\');
            }
            known.push(c);
            return plain;
        }
        Escapes::None | Escapes::All | Escapes::Decimal => {}
    }
    let (digits, radix, start) = match c {
        'x' if text[1..].starts_with('{') => (8, 16, 2),
        'x' => (2, 16, 1),
        'u' if text[1..].starts_with('{') => (8, 16, 2),
        'u' => (4, 16, 1),
        'U' => (8, 16, 1),
        '0'..='9' if escapes == Escapes::Decimal => (3, 10, 0),
        '0'..='7' => (3, 8, 0),
        _ => {
            known.extend(match c {
                'n' => Some('\n'),
                't' => Some('\t'),
                'r' => Some('\r'),
                'e' => Some('\u{1b}'),
                '\n' => None,
                other => Some(other),
            });
            return plain;
        }
    };
    let number = &text[start..];
    let is_digit = |c: &char| c.is_digit(radix);
    let length = number.chars().take(digits).take_while(is_digit).count();
    let meant = u32::from_str_radix(&number[..length], radix).ok();
    let Some(meant) = meant.and_then(char::from_u32) else {
        known.push(c);
        return plain;
    };
    known.push(meant);
    let closed = start == 2 && number[length..].starts_with('}');
    start + length + usize::from(closed)
}

/// Returns the code that a text begins with, and its length.
fn embedded(text: &str, embeds: Embeds) -> Option<(Piece<'_>, usize)> {
    let opening = match embeds {
        Embeds::Braces if text.starts_with("{{") => return None,
        Embeds::Braces => text.starts_with('{').then_some(1),
        Embeds::Hash => text.starts_with("#{").then_some(2),
        Embeds::DollarBraces => text.starts_with("${").then_some(2),
        Embeds::Dollar if text.starts_with("{$") => Some(1),
        Embeds::Dollar if text.starts_with('$') || text.starts_with('@') => {
            return dollar(text);
        }
        Embeds::Dollar | Embeds::None => None,
    }?;
    braced(text, opening)
}

fn braced(text: &str, opening: usize) -> Option<(Piece<'_>, usize)> {
    let inside = &text[opening..];
    let mut depth = 1_usize;
    for (at, c) in inside
        .char_indices()
        .take_while(|(at, _)| *at < limits::CODE_EMBEDDED_BYTES)
    {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((piece(&inside[..at]), opening + at + 1));
        }
    }
    None
}

fn dollar(text: &str) -> Option<(Piece<'_>, usize)> {
    if text[1..].starts_with('{') {
        return braced(text, 2);
    }
    let name = name_at(&text[1..]);
    if name.is_empty() || text.starts_with('@') {
        return None;
    }
    let end = 1 + name.len();
    let after = &text[end..];
    let home = ["{HOME}", "{'HOME'}", "[HOME]", "['HOME']"];
    if let Some(index) = home.iter().find(|index| after.starts_with(**index)) {
        return Some((Piece::Home, end + index.len()));
    }
    Some((Piece::Name(name), end))
}

fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| c != '_' && !c.is_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

fn piece(code: &str) -> Piece<'_> {
    let bare = code.trim().trim_start_matches(['$', '@']);
    let asks_home = ["HOME", "homedir()", ".home()", "Dir.home"];
    if !bare.is_empty() && name_at(bare).len() == bare.len() {
        Piece::Name(bare)
    } else if asks_home.iter().any(|home| code.contains(home)) {
        Piece::Home
    } else {
        Piece::Code(code)
    }
}

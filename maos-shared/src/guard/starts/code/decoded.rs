//! Texts that code decodes, where they are known.

use super::super::super::list::List;
use super::super::super::shell::{Word, decode};
use super::super::words::word;
use super::values::Value;

/// How a text is written.
#[derive(Clone, Copy)]
enum Form {
    Base64,
    Base32,
    Hexadecimal,
    /// Each letter is the one half an alphabet further.
    Rotated,
    /// `%2e`
    Percent,
}

/// Functions by the form that they decode.
const FUNCTIONS: [(List, Form); 5] = [
    (
        List(
            "\
            a2b_base64 atob b64decode base64_decode decode64 decode_base64 standard_b64decode \
            strict_decode64 urlsafe_b64decode urlsafe_decode64",
        ),
        Form::Base64,
    ),
    (List("b32decode"), Form::Base32),
    (
        List("a2b_hex b16decode fromhex hex2bin unhexlify"),
        Form::Hexadecimal,
    ),
    (List("str_rot13"), Form::Rotated),
    (
        List("decodeURI decodeURIComponent rawurldecode unescape unquote urldecode"),
        Form::Percent,
    ),
];

/// Returns what a function makes of its arguments, where it decodes a text that
/// is known: `atob("…")`, `Buffer.from("…", "hex")`, `pack("H*", "…")`.
pub(super) fn by_function(
    name: &str,
    on: &str,
    first: &Value,
    second: Option<&Value>,
) -> Option<Value> {
    let form = FUNCTIONS.iter().find(|(names, _)| names.has(name));
    match (name, form) {
        (_, Some((_, form))) => decoded(first, *form),
        ("decode", _) if on == "codecs" => decoded(first, named(second?)?),
        ("from", _) if on == "Buffer" => decoded(first, named(second?)?),
        ("pack", _) => decoded(second?, packed(first)?),
        _ => None,
    }
}

/// Returns what a method makes of its value: `"…".decode("hex")`,
/// `["…"].pack("H*")`, `"…".unpack1("m")`.
pub(super) fn by_method(name: &str, value: &Value, given: &Value) -> Option<Value> {
    match (name, value) {
        ("decode", Value::Text(_)) => decoded(value, named(given)?),
        ("unpack" | "unpack1", Value::Text(_)) => decoded(value, packed(given)?),
        ("pack", Value::List(texts)) => {
            let [text] = texts.as_slice() else {
                return None;
            };
            decoded(&Value::Text(text.clone()), packed(given)?)
        }
        _ => None,
    }
}

fn decoded(value: &Value, form: Form) -> Option<Value> {
    let text = known(value)?;
    let decoded = match form {
        Form::Base64 => decode::base64(&text),
        Form::Base32 => decode::base32(&text),
        Form::Hexadecimal => decode::hexadecimal(&text),
        Form::Rotated => Some(text.chars().map(rotated).collect()),
        Form::Percent => Some(without_percents(&text)),
    };
    decoded.map(|text| Value::Text(word(&text)))
}

/// Returns the form that an encoding has by its name.
fn named(encoding: &Value) -> Option<Form> {
    match known(encoding)?.as_str() {
        "base64" | "base64url" => Some(Form::Base64),
        "hex" => Some(Form::Hexadecimal),
        "rot13" | "rot_13" => Some(Form::Rotated),
        _ => None,
    }
}

/// Returns the form that a template of `pack` and `unpack` stands for.
fn packed(template: &Value) -> Option<Form> {
    match known(template)?.as_str() {
        "H*" => Some(Form::Hexadecimal),
        "m" | "m0" => Some(Form::Base64),
        _ => None,
    }
}

fn rotated(letter: char) -> char {
    let turned = |first: u8| {
        let place = u8::try_from(letter).map_or(0, |letter| letter - first);
        char::from(first + (place + 13) % 26)
    };
    match letter {
        'a'..='z' => turned(b'a'),
        'A'..='Z' => turned(b'A'),
        other => other,
    }
}

/// Returns a text with the characters that stand there as `%2e`.
fn without_percents(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece.get(..2);
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) if code.is_ascii() => {
                plain.push(char::from(code));
                plain.push_str(&piece[2..]);
            }
            _ => {
                plain.push('%');
                plain.push_str(piece);
            }
        }
    }
    plain
}

fn known(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Word::literal(text),
        _ => None,
    }
}

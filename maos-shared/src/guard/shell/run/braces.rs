//! Brace expansion: `{a,b}`, `{1..9}`.

use std::collections::HashMap;

use super::super::Error;
use super::super::syntax::tree::Piece;
use crate::config::limits;

/// A piece of a word whose braces are expanded.
#[derive(Clone, Debug)]
pub(super) enum Atom<'t> {
    /// Characters outside of quotes.
    Bare(String),
    /// One of very many words.
    Any,
    Piece(&'t Piece),
}

/// Returns the words that the braces of a word make of it.
///
/// # Errors
/// [`Error::Limit`] where they are too many.
pub(super) fn expand(pieces: &[Piece]) -> Result<Vec<Vec<Atom<'_>>>, Error> {
    let braced = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Bare(text) if text.contains('{')));
    if !braced {
        return Ok(vec![pieces.iter().map(Atom::Piece).collect()]);
    }
    let tokens = tokens(pieces);
    let groups = groups(&tokens)?;
    let mut braces = Braces {
        tokens: &tokens,
        groups: &groups,
        budget: limits::SHELL_TEXT_BYTES,
    };
    braces.words(0, tokens.len())
}

enum Token<'t> {
    Open,
    Comma,
    Close,
    Bare(&'t str),
    Piece(&'t Piece),
}

fn tokens(pieces: &[Piece]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for piece in pieces {
        let Piece::Bare(text) = piece else {
            tokens.push(Token::Piece(piece));
            continue;
        };
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', ',', '}']) {
            if at > 0 {
                tokens.push(Token::Bare(&rest[..at]));
            }
            tokens.push(match rest.as_bytes()[at] {
                b'{' => Token::Open,
                b',' => Token::Comma,
                _ => Token::Close,
            });
            rest = &rest[at + 1..];
        }
        if !rest.is_empty() {
            tokens.push(Token::Bare(rest));
        }
    }
    tokens
}

/// Braces that stand for several words.
struct Group {
    commas: Vec<usize>,
    close: usize,
    /// The words of `{1..9}`.
    range: Option<Vec<Atom<'static>>>,
}

/// A brace that is not closed yet.
struct Open {
    at: usize,
    commas: Vec<usize>,
    /// How deeply groups lie in it.
    depth: usize,
}

/// Returns the groups by where they open; all other braces are text.
fn groups(tokens: &[Token<'_>]) -> Result<HashMap<usize, Group>, Error> {
    let mut groups = HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => open.push(Open {
                at,
                commas: Vec::new(),
                depth: 0,
            }),
            Token::Comma => {
                if let Some(last) = open.last_mut() {
                    last.commas.push(at);
                }
            }
            Token::Close => {
                let Some(last) = open.pop() else { continue };
                let range = match tokens.get(last.at + 1..at) {
                    Some([Token::Bare(text)]) => range(text),
                    _ => None,
                };
                let is_group = range.is_some() || !last.commas.is_empty();
                let depth = last.depth + usize::from(is_group);
                if depth > limits::SHELL_DEPTH {
                    return Err(Error::Limit {
                        what: "nested too deeply",
                        limit: limits::SHELL_DEPTH,
                    });
                }
                if let Some(outer) = open.last_mut() {
                    outer.depth = outer.depth.max(depth);
                }
                if is_group {
                    let (commas, close) = (last.commas, at);
                    groups.insert(
                        last.at,
                        Group {
                            commas,
                            close,
                            range,
                        },
                    );
                }
            }
            Token::Bare(_) | Token::Piece(_) => {}
        }
    }
    Ok(groups)
}

/// Most words that a range is written out as; a longer one is one word of which
/// nothing is known.
const RANGE_WORDS: u64 = 256;

/// Returns the words of `1..9`, `a..e`, `1..9..2`.
fn range(text: &str) -> Option<Vec<Atom<'static>>> {
    let mut ends = text.split("..");
    let (from, to, step) = (ends.next()?, ends.next()?, ends.next());
    if ends.next().is_some() {
        return None;
    }
    let step = match step {
        Some(step) => step.parse::<i64>().ok()?.unsigned_abs().max(1),
        None => 1,
    };
    let (first, last, is_letter) = match (from.parse::<i64>(), to.parse::<i64>()) {
        (Ok(first), Ok(last)) => (first, last, false),
        _ => (letter(from)?, letter(to)?, true),
    };
    let steps = first.abs_diff(last) / step;
    if steps >= RANGE_WORDS {
        return Some(vec![Atom::Any]);
    }
    let is_padded = |end: &str| end.trim_start_matches('-').starts_with('0') && end.len() > 1;
    let width = match is_padded(from) || is_padded(to) {
        true => from.len().max(to.len()),
        false => 0,
    };
    let words = (0..=steps).filter_map(|at| {
        let offset = i64::try_from(at * step).ok()?;
        let value = match first <= last {
            true => first.checked_add(offset)?,
            false => first.checked_sub(offset)?,
        };
        Some(Atom::Bare(match is_letter {
            true => char::from(u8::try_from(value).ok()?).to_string(),
            false => format!("{value:0width$}"),
        }))
    });
    Some(words.collect())
}

fn letter(text: &str) -> Option<i64> {
    match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(i64::from(*byte)),
        _ => None,
    }
}

struct Braces<'t, 'p> {
    tokens: &'p [Token<'t>],
    groups: &'p HashMap<usize, Group>,
    /// How many more bytes the words may take.
    budget: usize,
}

impl<'t> Braces<'t, '_> {
    /// Returns the words that the tokens `start..end` become.
    fn words(&mut self, start: usize, end: usize) -> Result<Vec<Vec<Atom<'t>>>, Error> {
        let mut words = vec![Vec::new()];
        let mut at = start;
        while at < end {
            if let Some(group) = self.groups.get(&at) {
                let endings = self.alternatives(at, group)?;
                words = self.product(&words, &endings)?;
                at = group.close;
            } else {
                let atom = match self.tokens[at] {
                    Token::Open => Atom::Bare("{".to_owned()),
                    Token::Comma => Atom::Bare(",".to_owned()),
                    Token::Close => Atom::Bare("}".to_owned()),
                    Token::Bare(text) => Atom::Bare(text.to_owned()),
                    Token::Piece(piece) => Atom::Piece(piece),
                };
                for word in &mut words {
                    self.push(word, &atom)?;
                }
            }
            at += 1;
        }
        Ok(words)
    }

    fn alternatives(&mut self, open: usize, group: &Group) -> Result<Vec<Vec<Atom<'t>>>, Error> {
        if let Some(range) = &group.range {
            return Ok(range.iter().map(|atom| vec![atom.clone()]).collect());
        }
        let mut alternatives = Vec::new();
        let mut start = open + 1;
        for end in group.commas.iter().copied().chain([group.close]) {
            alternatives.extend(self.words(start, end)?);
            if alternatives.len() > limits::SHELL_WORDS {
                return Err(too_many());
            }
            start = end + 1;
        }
        Ok(alternatives)
    }

    fn product(
        &mut self,
        starts: &[Vec<Atom<'t>>],
        endings: &[Vec<Atom<'t>>],
    ) -> Result<Vec<Vec<Atom<'t>>>, Error> {
        if starts.len().saturating_mul(endings.len()) > limits::SHELL_WORDS {
            return Err(too_many());
        }
        let mut words = Vec::with_capacity(starts.len() * endings.len());
        for start in starts {
            for ending in endings {
                let mut word = Vec::with_capacity(start.len() + ending.len());
                for atom in start.iter().chain(ending) {
                    self.push(&mut word, atom)?;
                }
                words.push(word);
            }
        }
        Ok(words)
    }

    fn push(&mut self, word: &mut Vec<Atom<'t>>, atom: &Atom<'t>) -> Result<(), Error> {
        let size = match atom {
            Atom::Bare(text) => text.len(),
            Atom::Any | Atom::Piece(_) => 1,
        };
        self.budget = self.budget.checked_sub(size).ok_or_else(too_many)?;
        match (word.last_mut(), atom) {
            (Some(Atom::Bare(last)), Atom::Bare(text)) => last.push_str(text),
            _ => word.push(atom.clone()),
        }
        Ok(())
    }
}

fn too_many() -> Error {
    Error::Limit {
        what: "made of too many words",
        limit: limits::SHELL_WORDS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let pieces = [Piece::Bare(text.to_owned())];
        let words = expand(&pieces).unwrap();
        let texts = words.iter().map(|word| {
            let atoms = word.iter().map(|atom| match atom {
                Atom::Bare(text) | Atom::Piece(Piece::Bare(text)) => text.as_str(),
                _ => "?",
            });
            atoms.collect()
        });
        texts.collect()
    }

    #[test]
    fn braces_expand_as_in_bash() {
        for (text, expected) in [
            ("a{b,c}d", "abd acd"),
            ("{1..3}{a,b}", "1a 1b 2a 2b 3a 3b"),
            ("{a,{b,c}", "{a,b {a,c"),
            ("{a,{b,c},d}", "a b c d"),
            ("{a}..b", "{a}..b"),
            ("{01..03}", "01 02 03"),
            ("{c..a}", "c b a"),
            ("{1..5..2}", "1 3 5"),
            ("{3..1}", "3 2 1"),
            ("{-1..1}", "-1 0 1"),
            ("{a,b", "{a,b"),
            ("a,b}", "a,b}"),
            ("{}", "{}"),
            ("{{a},b}", "{a} b"),
            ("{a{b,c}}", "{ab} {ac}"),
            ("{1..9999999999}", "?"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
        assert_eq!(words("{,x}"), ["", "x"]);
    }

    #[test]
    fn braces_that_would_become_too_much_are_refused() {
        for text in ["{a,b}".repeat(100), "{a,".repeat(300) + &"}".repeat(300)] {
            let pieces = [Piece::Bare(text)];
            assert!(matches!(expand(&pieces), Err(Error::Limit { .. })));
        }
    }
}

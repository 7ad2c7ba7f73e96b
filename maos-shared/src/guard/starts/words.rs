//! Words made of words: joined to a text, cut from one.

use super::super::shell::{Part, Word};

/// Returns the word that is this text.
pub(super) fn word(text: &str) -> Word {
    match text {
        "" => Word::default(),
        text => Word {
            parts: vec![Part::Text(text.to_owned())],
        },
    }
}

/// Returns one word of which nothing is known.
pub(super) fn unknown() -> Word {
    Word {
        parts: vec![Part::Unknown { quoted: true }],
    }
}

/// Returns the word that a name from a stream takes the place of.
pub(super) fn streamed() -> Word {
    Word {
        parts: vec![Part::Streamed],
    }
}

/// Returns whether something of a word is known, if only the name of a
/// variable.
pub(super) fn is_known(word: &Word) -> bool {
    let known = |part: &Part| !matches!(part, Part::Unknown { .. } | Part::Streamed);
    word.parts.iter().any(known)
}

/// Returns the words in one, `separator` between them.
pub(super) fn join<'a>(words: impl IntoIterator<Item = &'a Word>, separator: &str) -> Word {
    let mut joined = Word::default();
    for (at, word) in words.into_iter().enumerate() {
        if at > 0 {
            push_text(&mut joined, separator);
        }
        for part in &word.parts {
            push(&mut joined, part.clone());
        }
    }
    joined
}

/// Adds characters to a word.
pub(super) fn push_text(word: &mut Word, text: &str) {
    match word.parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => word.parts.push(Part::Text(text.to_owned())),
    }
}

/// Adds a part to a word.
pub(super) fn push(word: &mut Word, part: Part) {
    match part {
        Part::Text(text) => push_text(word, &text),
        part => word.parts.push(part),
    }
}

/// Returns the lines of a text, those with nothing in them left out; a zero ends
/// one too, as of `find -print0`.
pub(super) fn lines(text: &Word) -> Vec<Word> {
    pieces(text, |c| matches!(c, '\n' | '\0'))
}

/// Returns a word as a shell must read it to get the same: within quotes, where
/// not all of it is plain.
pub(in crate::guard) fn quoted(word: &Word) -> Word {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    let is_plain = |part: &Part| match part {
        Part::Text(text) => text.chars().all(is_plain),
        Part::Tilde(_) => true,
        Part::Variable { name, .. } => name == "HOME",
        _ => false,
    };
    if !word.parts.is_empty() && word.parts.iter().all(is_plain) {
        return word.clone();
    }
    in_quotes(word)
}

/// Returns a word within single quotes.
pub(in crate::guard) fn in_quotes(word: &Word) -> Word {
    let quote = self::word("'");
    let inside = replace(word, "'", &self::word("'\\''"));
    join([&quote, &inside, &quote], "")
}

/// Returns the words of a text as `xargs` reads them: separated by white space,
/// but for what stands in quotes or after a backslash.
pub(super) fn split(text: &Word) -> Vec<Word> {
    split_by(text, |c, quote| match quote {
        Some('\'') => Escaped::Kept,
        _ => Escaped::Is(c),
    })
}

/// Returns the words of a text as `env -S` reads them, which knows the escapes
/// of C.
pub(super) fn split_string(text: &Word) -> Vec<Word> {
    split_by(text, |c, quote| match (c, quote) {
        ('\\' | '\'', Some('\'')) => Escaped::Is(c),
        (_, Some('\'')) => Escaped::Kept,
        ('_', None) => Escaped::Separator,
        ('_', Some(_)) => Escaped::Is(' '),
        ('n', _) => Escaped::Is('\n'),
        ('t', _) => Escaped::Is('\t'),
        ('r', _) => Escaped::Is('\r'),
        ('f', _) => Escaped::Is('\x0c'),
        ('v', _) => Escaped::Is('\x0b'),
        ('c', None) => Escaped::End,
        (c, _) => Escaped::Is(c),
    })
}

/// What a backslash and the character behind it are.
enum Escaped {
    /// This character.
    Is(char),
    /// Both of them, as they stand there.
    Kept,
    /// The end of a word.
    Separator,
    /// The end of all words.
    End,
}

fn split_by(text: &Word, escaped: impl Fn(char, Option<char>) -> Escaped) -> Vec<Word> {
    let mut words = Vec::new();
    let mut current: Option<Word> = None;
    let mut quote = None;
    let add = |current: &mut Option<Word>, c: char| {
        push_text(current.get_or_insert_default(), c.encode_utf8(&mut [0; 4]));
    };
    for part in &text.parts {
        let Part::Text(known) = part else {
            push(current.get_or_insert_default(), part.clone());
            continue;
        };
        let mut chars = known.chars();
        while let Some(c) = chars.next() {
            match (c, quote) {
                (c, Some(open)) if c == open => quote = None,
                ('\'' | '"', None) => {
                    quote = Some(c);
                    current.get_or_insert_default();
                }
                ('\\', _) => {
                    let Some(next) = chars.clone().next() else {
                        continue;
                    };
                    match escaped(next, quote) {
                        Escaped::Kept => {
                            add(&mut current, c);
                            continue;
                        }
                        Escaped::Is(c) => add(&mut current, c),
                        Escaped::Separator => words.extend(current.take()),
                        Escaped::End => {
                            words.extend(current);
                            return words;
                        }
                    }
                    chars.next();
                }
                (c, None) if c.is_ascii_whitespace() => words.extend(current.take()),
                (c, _) => add(&mut current, c),
            }
        }
    }
    words.extend(current);
    words
}

/// Returns the shell text that expands a value once more, where there are commands
/// in it: within a heredoc quotes are of no matter.
pub(in crate::guard) fn expansion(value: &Word) -> Option<Word> {
    let has_commands = |part: &Part| match part {
        Part::Text(text) => text.contains("$(") || text.contains('`'),
        _ => false,
    };
    let has_any = value.parts.iter().any(has_commands);
    let (begin, end) = (word(": <<EXPANDED\n"), word("\nEXPANDED\n"));
    has_any.then(|| join([&begin, value, &end], ""))
}

/// Returns what lies between separators, in order; nothing for two in a row.
pub(super) fn pieces(text: &Word, is_separator: impl Fn(char) -> bool) -> Vec<Word> {
    let mut pieces = Vec::new();
    let mut current = Word::default();
    for part in &text.parts {
        let Part::Text(known) = part else {
            push(&mut current, part.clone());
            continue;
        };
        for (at, piece) in known.split(&is_separator).enumerate() {
            if at > 0 {
                pieces.push(std::mem::take(&mut current));
            }
            push_text(&mut current, piece);
        }
    }
    pieces.push(current);
    pieces.retain(|piece| !piece.parts.is_empty());
    pieces
}

/// Returns the word with `from` replaced by `to` wherever it stands.
pub(super) fn replace(word: &Word, from: &str, to: &Word) -> Word {
    if from.is_empty() {
        return word.clone();
    }
    let mut replaced = Word::default();
    for part in &word.parts {
        let Part::Text(text) = part else {
            push(&mut replaced, part.clone());
            continue;
        };
        for (at, piece) in text.split(from).enumerate() {
            if at > 0 {
                to.parts
                    .iter()
                    .for_each(|part| push(&mut replaced, part.clone()));
            }
            push_text(&mut replaced, piece);
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_white_space_outside_quotes() {
        let texts = |text: &str| -> Vec<String> {
            let words = split(&word(text));
            words.iter().filter_map(Word::literal).collect()
        };
        assert_eq!(texts(" a  b\tc\n"), ["a", "b", "c"]);
        assert_eq!(
            texts("'a b' \"c\\\"d\" e\\ f ''"),
            ["a b", "c\"d", "e f", ""]
        );
        assert_eq!(texts("'open \" end"), ["open \" end"]);
        assert_eq!(texts(r"'a\nb' a\nb"), [r"a\nb", "anb"]);
    }

    #[test]
    fn a_split_string_has_the_escapes_of_c() {
        let texts = |text: &str| -> Vec<String> {
            let words = split_string(&word(text));
            words.iter().filter_map(Word::literal).collect()
        };
        assert_eq!(texts(r#"a\_b "c\_d\n" \"e"#), ["a", "b", "c d\n", "\"e"]);
        assert_eq!(texts(r"'a\'b\n' c\c d"), [r"a'b\n", "c"]);
    }

    #[test]
    fn what_is_not_known_stays_in_its_word() {
        let unknown = Part::Unknown { quoted: true };
        let mut text = word("rm a");
        text.parts.push(unknown.clone());
        push_text(&mut text, " b");
        let words = split(&text);
        assert_eq!(words.len(), 3);
        assert_eq!(words[1].parts, [Part::Text("a".to_owned()), unknown]);
        assert_eq!(join(&words, " "), text);
    }
}

//! What programs make of the lines that they get.
//!
//! Where the order or the number of lines is all that a filter changes, every
//! line counts as printed: what is not printed after all is judged once too
//! often.

use super::super::scope::{text, unknown};
use super::{TextOf, decode, pattern};
use crate::guard::arguments::{Argument, NONE, Options, options, read};
use crate::guard::sed::{self, Step};
use crate::guard::shell::{Part, Word};

/// Returns what a filter prints; `None` where it is none that is known, or does
/// what is not followed.
pub(super) fn of(
    program: &str,
    words: &[Word],
    input: Option<&Word>,
    text_of: TextOf<'_>,
) -> Option<Word> {
    const HEAD: Options = options("ncsb", "lines bytes");
    const CUT: Options = options("dfcb", "delimiter fields characters bytes output-delimiter");
    const PASTE: Options = options("d", "delimiters");
    const SORT: Options = options("kotST", "key output field-separator");
    const GREP: Options = options("efmABC", "regexp file max-count");
    let (options, first_is_data) = match program {
        "head" | "tail" => (HEAD, false),
        "cut" => (CUT, false),
        "paste" => (PASTE, false),
        "sort" | "uniq" | "shuf" => (SORT, false),
        "grep" | "egrep" | "fgrep" => (GREP, true),
        "tr" => (options("", ""), true),
        "sed" | "gsed" => (sed::OPTIONS, true),
        "tac" | "rev" | "base64" | "gbase64" | "base32" | "basenc" | "xxd" | "envsubst"
        | "dos2unix" | "pv" | "stdbuf" | "column" | "openssl" => (options("w", "wrap"), false),
        _ => return None,
    };
    let spelled = with_count(words);
    let arguments = read(&spelled, &options);
    let line = Line {
        words,
        arguments: &arguments,
    };
    let whole = line.input(first_is_data, program, input, text_of);
    if matches!(program, "sed" | "gsed") {
        let edited = line.edited(&whole.unwrap_or_else(unknown))?;
        let says = |part: &Part| !matches!(part, Part::Unknown { .. });
        return edited.parts.iter().any(says).then_some(edited);
    }
    let whole = whole?;
    if matches!(
        program,
        "tac" | "sort" | "uniq" | "shuf" | "grep" | "egrep" | "fgrep" | "head"
    ) && whole.literal().is_none()
    {
        return Some(whole);
    }
    let lines = whole.literal()?;
    let printed = match program {
        "head" => line.first_lines(&lines),
        "tail" => line.last_lines(&lines),
        "cut" => line.cut(&lines),
        "tr" => line.translated(&lines),
        "paste" => line.pasted(&lines),
        "tac" => Some(of_lines(lines.lines().rev().map(str::to_owned))),
        "rev" => Some(of_lines(
            lines.lines().map(|line| line.chars().rev().collect()),
        )),
        "base64" | "gbase64" => line.decodes().then(|| decode::base64(&lines)).flatten(),
        "base32" => line.decodes().then(|| decode::base32(&lines)).flatten(),
        "xxd" => line
            .decodes()
            .then(|| decode::hexadecimal(&lines))
            .flatten(),
        "openssl" | "basenc" => None,
        _ => Some(lines),
    };
    printed.map(|printed| text(&printed))
}

/// Returns the words with `-5` of `head` and `tail` spelled `-n5`.
fn with_count(words: &[Word]) -> Vec<Word> {
    let mut spelled = words.to_vec();
    if let Some(first) = spelled.first_mut()
        && let Some(given) = first.literal()
        && let Some(count) = given.strip_prefix('-')
        && !count.is_empty()
        && count.bytes().all(|byte| byte.is_ascii_digit())
    {
        *first = text(&format!("-n{count}"));
    }
    spelled
}

fn of_lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |mut all, line| {
        all.push_str(&line);
        all.push('\n');
        all
    })
}

/// The line of a filter.
struct Line<'a> {
    words: &'a [Word],
    arguments: &'a [Argument<'a>],
}

impl Line<'_> {
    fn value(&self, letter: char, long: &str) -> Option<String> {
        self.arguments.iter().find_map(|argument| match argument {
            Argument::Valued(_, value) if argument.is(Some(letter), long) => value.literal(),
            _ => None,
        })
    }

    fn has(&self, letter: char, long: &str) -> bool {
        self.arguments.iter().any(|one| one.is(Some(letter), long))
    }

    fn operands(&self) -> Vec<&Word> {
        let operands = self.arguments.iter().filter_map(|argument| match argument {
            Argument::Operand(word) => Some(*word),
            _ => None,
        });
        operands.collect()
    }

    fn decodes(&self) -> bool {
        self.has('d', "decode") || self.has('D', "") || self.has('r', "revert")
    }

    /// Returns what it reads: the files that it names, else its input.
    fn input(
        &self,
        first_is_data: bool,
        program: &str,
        input: Option<&Word>,
        text_of: TextOf<'_>,
    ) -> Option<Word> {
        let mut files = self.operands();
        let data = match program {
            "tr" => files.len(),
            _ if self.has('e', "expression") || self.has('e', "regexp") => 0,
            _ => usize::from(first_is_data),
        };
        files.drain(..data.min(files.len()));
        match files.as_slice() {
            [] => input.cloned(),
            [file] if file.literal().as_deref() == Some("-") => input.cloned(),
            [file] => text_of(file),
            _ => None,
        }
    }

    fn first_lines(&self, lines: &str) -> Option<String> {
        if let Some(bytes) = self.value('c', "bytes") {
            return lines.get(..bytes.parse().ok()?).map(str::to_owned);
        }
        let count = self.value('n', "lines").unwrap_or_else(|| "10".to_owned());
        let all: Vec<&str> = lines.lines().collect();
        let kept = match count.strip_prefix('-') {
            Some(left) => all.len().saturating_sub(left.parse().ok()?),
            None => count.parse().ok()?,
        };
        Some(of_lines(all.into_iter().take(kept).map(str::to_owned)))
    }

    fn last_lines(&self, lines: &str) -> Option<String> {
        let count = |given: &str| given.trim_start_matches('-').parse::<usize>().ok();
        if let Some(bytes) = self.value('c', "bytes") {
            let start = match bytes.strip_prefix('+') {
                Some(from) => from.parse::<usize>().ok()?.saturating_sub(1),
                None => lines.len().saturating_sub(count(&bytes)?),
            };
            return lines.get(start..).map(str::to_owned);
        }
        let given = self.value('n', "lines").unwrap_or_else(|| "10".to_owned());
        let all: Vec<&str> = lines.lines().collect();
        let skipped = match given.strip_prefix('+') {
            Some(from) => from.parse::<usize>().ok()?.saturating_sub(1),
            None => all.len().saturating_sub(count(&given)?),
        };
        Some(of_lines(all.into_iter().skip(skipped).map(str::to_owned)))
    }

    fn cut(&self, lines: &str) -> Option<String> {
        let characters = self
            .value('c', "characters")
            .or_else(|| self.value('b', "bytes"));
        if let Some(list) = characters {
            let picked = lines.lines().map(|line| {
                let characters: Vec<char> = line.chars().collect();
                let wanted = ranges(&list, characters.len())?;
                Some(wanted.map(|at| characters[at]).collect::<String>())
            });
            return Some(of_lines(picked.collect::<Option<Vec<_>>>()?.into_iter()));
        }
        let list = self.value('f', "fields")?;
        let delimiter = self
            .value('d', "delimiter")
            .unwrap_or_else(|| "\t".to_owned());
        let joined = self
            .value(NONE, "output-delimiter")
            .unwrap_or_else(|| delimiter.clone());
        let picked = lines.lines().map(|line| {
            if !line.contains(&delimiter) {
                return Some(line.to_owned());
            }
            let fields: Vec<&str> = line.split(&delimiter).collect();
            let wanted = ranges(&list, fields.len())?;
            Some(
                wanted
                    .map(|at| fields[at])
                    .collect::<Vec<_>>()
                    .join(&joined),
            )
        });
        Some(of_lines(picked.collect::<Option<Vec<_>>>()?.into_iter()))
    }

    fn pasted(&self, lines: &str) -> Option<String> {
        let delimiter = self.value('d', "delimiters");
        let delimiter = delimiter.unwrap_or_else(|| "\t".to_owned());
        let all: Vec<&str> = lines.lines().collect();
        (self.has('s', "serial")).then(|| all.join(&delimiter) + "\n")
    }

    fn translated(&self, lines: &str) -> Option<String> {
        let sets: Option<Vec<String>> = self.operands().into_iter().map(Word::literal).collect();
        let sets = sets?;
        let flags: String = self
            .words
            .iter()
            .filter_map(Word::literal)
            .filter(|word| word.starts_with('-'))
            .collect();
        let complement = flags.contains(['c', 'C']);
        let from = pattern::set(sets.first()?)?;
        let is_meant = |c: char| from.contains(&c) != complement;
        match sets.get(1) {
            _ if flags.contains('d') => Some(lines.chars().filter(|c| !is_meant(*c)).collect()),
            None => {
                let mut last = None;
                let kept = lines.chars().filter(|c| {
                    let again = last.replace(*c) == Some(*c);
                    !(again && is_meant(*c) && flags.contains('s'))
                });
                Some(kept.collect())
            }
            Some(to) => {
                let to = pattern::set(to)?;
                let end = *to.last()?;
                let changed = lines.chars().map(|c| {
                    let at = from.iter().position(|one| *one == c);
                    match (complement, at) {
                        (false, Some(at)) => to.get(at).copied().unwrap_or(end),
                        (true, None) => end,
                        _ => c,
                    }
                });
                Some(changed.collect())
            }
        }
    }

    /// Returns what the substitutions of a `sed` make of each line; of a line
    /// that is not known, what they put at its start or in its place.
    fn edited(&self, whole: &Word) -> Option<Word> {
        let scripts = sed::scripts(self.arguments);
        let scripts: Option<Vec<String>> = scripts.into_iter().map(Word::literal).collect();
        let scripts = scripts?;
        let mut edited = whole.clone();
        for step in scripts.iter().flat_map(|script| sed::read(script)) {
            match step {
                Step::Prints(_) => {}
                Step::Substitute {
                    pattern,
                    replacement,
                    flags,
                } => edited = pattern::substitute(&edited, pattern, &replacement, flags)?,
                _ => return None,
            }
        }
        Some(edited)
    }
}

/// Returns the places, from 0, that a list such as `2-4,7-` picks of so many.
fn ranges(list: &str, of: usize) -> Option<impl Iterator<Item = usize>> {
    let mut picked = vec![false; of];
    for range in list.split(',') {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str, if_none| match text {
            "" => Some(if_none),
            text => text.parse::<usize>().ok(),
        };
        let from = number(from, 1)?.checked_sub(1)?;
        let to = number(to, of)?.min(of);
        let places = picked.get_mut(from..to).into_iter().flatten();
        places.for_each(|place| *place = true);
    }
    let places = picked.into_iter().enumerate();
    Some(places.filter_map(|(at, is_picked)| is_picked.then_some(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cases: &[(&str, &str, Option<&str>)]) {
        for (command, input, expected) in cases {
            let words: Vec<Word> = command
                .split(' ')
                .map(|word| text(&word.replace('␣', " ")))
                .collect();
            let program = words[0].literal().unwrap_or_default();
            let printed = of(&program, &words[1..], Some(&text(input)), &|_| None);
            let printed = printed.as_ref().and_then(Word::literal);
            assert_eq!(printed.as_deref(), *expected, "{command}");
        }
    }

    #[test]
    fn lines_and_pieces_of_them_are_picked() {
        check(&[
            ("cut -d: -f2", "a:b:c\n", Some("b\n")),
            ("cut -d: -f2-", "a:b:c\n", Some("b:c\n")),
            ("cut -d␣ -f1,3", "a b c", Some("a c\n")),
            ("cut -f2", "a\tb\n", Some("b\n")),
            ("cut -c2-3", "abcd\n", Some("bc\n")),
            ("cut -c9-", "abcd\n", Some("\n")),
            ("head -n1", "a\nb\n", Some("a\n")),
            ("head -1", "a\nb\n", Some("a\n")),
            ("head -n -1", "a\nb\n", Some("a\n")),
            ("tail -1", "a\nb\n", Some("b\n")),
            ("tail -n +2", "a\nb\nc\n", Some("b\nc\n")),
            ("tail -c3", "abcd", Some("bcd")),
            ("tac", "a\nb\n", Some("b\na\n")),
            ("rev", "abc\n", Some("cba\n")),
            ("paste -sd,", "a\nb\n", Some("a,b\n")),
            ("grep x", "ax\nb\n", Some("ax\nb\n")),
            ("cut -d: -f0", "a:b\n", None),
        ]);
    }

    #[test]
    fn characters_are_changed() {
        check(&[
            ("tr A-Z a-z", "RM X", Some("rm x")),
            ("tr [:upper:] [:lower:]", "RM", Some("rm")),
            ("tr X ␣", "rmX-rf", Some("rm -rf")),
            ("tr -d x", "xrxm", Some("rm")),
            ("tr -s ␣", "a  b", Some("a b")),
            ("tr -dc a-z", "r1m", Some("rm")),
            ("base64 -d", "cm0geA==\n", Some("rm x")),
            ("base64", "rm", None),
            ("xxd -r -p", "726d", Some("rm")),
            ("sed s/_/␣/g", "rm_-rf_x", Some("rm -rf x")),
            ("sed -e s/^foo␣// -e s/x/y/", "foo rm x", Some("rm y")),
            ("sed 1e␣rm", "x", None),
        ]);
    }
}

//! The command line of `env`.

use super::super::super::arguments::{Options, leading, options};
use super::super::super::shell::Word;
use super::super::{Started, values_of, words};
use super::{assigned, leading_text_of};

/// Returns what an `env` starts.
pub(super) fn started(words: &[Word]) -> Vec<Started> {
    follow(words, ENV_DEPTH)
}

/// How often `env -S` within `env -S` is followed.
const ENV_DEPTH: usize = 4;

fn follow(words: &[Word], depth: usize) -> Vec<Started> {
    const OPTIONS: Options = options("uCSPa", "unset chdir split-string argv0");
    let words = match split_string_end(words, &OPTIONS) {
        Some(end) => (&words[..end], &words[end..]),
        None => (words, &[][..]),
    };
    let (arguments, rest) = leading(words.0, &OPTIONS);
    let rest = [rest, words.1].concat();
    let rest = rest.as_slice();
    let folder = values_of(&arguments, &[('C', "chdir")]).last().cloned();
    let started = match values_of(&arguments, &[('S', "split-string")]).next() {
        Some(_) if depth == 0 => Vec::new(),
        Some(text) => {
            let mut words = words::split_string(text);
            words.extend_from_slice(rest);
            follow(&words, depth - 1)
        }
        None if leading_text_of(rest) == "-" => follow(&rest[1..], depth),
        None => assigned(rest).into_iter().collect(),
    };
    let moved = started.into_iter();
    moved
        .map(|one| match one.folder {
            None => one.in_folder(folder.clone()),
            Some(_) => one,
        })
        .collect()
}

/// Returns how many words lead up to the text of `-S`, it included: what stands
/// behind is no option of `env`.
fn split_string_end(words: &[Word], options: &Options) -> Option<usize> {
    (1..=words.len().min(ENV_OPTIONS)).find(|end| {
        let (arguments, _) = leading(&words[..*end], options);
        values_of(&arguments, &[('S', "split-string")]).any(|text| !text.parts.is_empty())
    })
}

/// How many words of `env` may stand in front of a text to split.
const ENV_OPTIONS: usize = 16;

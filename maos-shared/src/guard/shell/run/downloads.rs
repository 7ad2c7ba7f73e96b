//! The files that downloads are kept in.

use super::scope::text;
use super::written::operands;
use crate::guard::arguments::{Argument, Options, options, read};
use crate::guard::shell::Word;

/// Returns the files that a download is kept in: those that its options name,
/// or the last name of the address.
pub(super) fn downloads(program: &str, words: &[Word]) -> Vec<Word> {
    const CURL: Options = options(
        "oHdXAubeTFKmxwrzEc",
        "output header data request user-agent user cookie form max-time proxy retry",
    );
    const WGET: Options = options(
        "OoPaeUtTwQ",
        "output-document output-file directory-prefix header user-agent tries timeout",
    );
    const ARIA: Options = options("odjsxk", "out dir");
    let (options, letter, long, names_itself) = match program {
        "curl" => (CURL, 'o', "output", false),
        "wget" => (WGET, 'O', "output-document", true),
        _ => (ARIA, 'o', "out", true),
    };
    let arguments = read(words, &options);
    let named = arguments.iter().filter_map(|argument| match argument {
        Argument::Valued(_, file) if argument.is(Some(letter), long) => Some(file.clone()),
        _ => None,
    });
    let named: Vec<Word> = named.collect();
    let remote =
        |one: &Argument<'_>| one.is(Some('O'), "remote-name") || one.is(None, "remote-name-all");
    if !named.is_empty() || !(names_itself || arguments.iter().any(remote)) {
        return named;
    }
    let last_names = operands(&arguments).filter_map(|address| {
        let address = address.literal()?;
        let path = address.split(['?', '#']).next()?;
        path.rsplit_once('/').map(|(_, name)| text(name))
    });
    last_names.filter(|name| !name.parts.is_empty()).collect()
}

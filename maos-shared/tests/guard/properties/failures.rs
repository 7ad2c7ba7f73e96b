//! What went wrong, by the wrapper or the place.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What went wrong among many commands.
#[derive(Default)]
pub(crate) struct Failures {
    tried: usize,
    found: BTreeMap<String, Vec<String>>,
}

impl Failures {
    /// How many texts of a place are shown.
    const SHOWN: usize = 3;

    /// Notes what came of a text that has a command in this place.
    pub(crate) fn note(&mut self, place: &str, text: &str, holds: bool) {
        self.tried += 1;
        if !holds {
            let texts = self.found.entry(place.to_owned()).or_default();
            texts.push(text.to_owned());
        }
    }

    /// Fails with all that was found.
    pub(crate) fn are_none(&self) {
        let mut list = String::new();
        let mut count = 0;
        for (place, texts) in &self.found {
            count += texts.len();
            writeln!(list, "{place}: {}", texts.len()).expect("a string");
            for text in texts.iter().take(Self::SHOWN) {
                writeln!(list, "    {text:?}").expect("a string");
            }
        }
        assert!(count == 0, "{count} of {} are wrong:\n{list}", self.tried);
    }
}

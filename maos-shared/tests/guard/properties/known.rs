//! What does not hold yet. The list must shrink: an entry that nothing needs
//! any more fails the test.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// An exception.
pub(crate) struct Known {
    /// The wrapper or the place; every one where it is empty.
    pub(crate) place: &'static str,
    /// A part of the commands that it is about.
    pub(crate) part: &'static str,
    /// What is missing.
    pub(crate) why: &'static str,
}

impl Known {
    /// Returns whether it is about this command in this place.
    pub(crate) fn covers(&self, place: &str, command: &str) -> bool {
        (self.place.is_empty() || self.place == place) && command.contains(self.part)
    }
}

/// What went wrong, by wrapper or place.
pub(crate) struct Failures {
    known: &'static [Known],
    needed: Vec<bool>,
    tried: usize,
    found: BTreeMap<String, Vec<String>>,
}

impl Failures {
    /// How many texts of a place are shown.
    const SHOWN: usize = 3;

    pub(crate) fn except(known: &'static [Known]) -> Self {
        Self {
            known,
            needed: vec![false; known.len()],
            tried: 0,
            found: BTreeMap::new(),
        }
    }

    /// Returns whether an exception is about this command, so that it has to
    /// be tried although it is in no sample.
    pub(crate) fn is_known(&self, place: &str, command: &str) -> bool {
        self.known.iter().any(|known| known.covers(place, command))
    }

    /// Notes what came of a command in a place.
    pub(crate) fn note(&mut self, place: &str, command: &str, text: &str, holds: bool) {
        self.tried += 1;
        if holds {
            return;
        }
        let mut excused = false;
        for (known, needed) in self.known.iter().zip(&mut self.needed) {
            if known.covers(place, command) {
                (*needed, excused) = (true, true);
            }
        }
        if !excused {
            let texts = self.found.entry(place.to_owned()).or_default();
            texts.push(text.to_owned());
        }
    }

    /// Fails with all that was found, and with what no exception needs.
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
        for (known, needed) in self.known.iter().zip(&self.needed) {
            let (part, why) = (known.part, known.why);
            assert!(needed, "{part:?} holds now; take it from the list: {why}");
        }
    }
}

//! The journal of what was said to the person: `.maos/logs/notify.jsonl`.

use serde::Serialize;

use super::Kind;
use crate::config::Provider;
use crate::journal::{rfc3339, shorten};
use crate::state::{State, atomic};

/// The journal's name.
const JOURNAL: &str = "notify";

/// Where lines of one notification go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) state: &'a State,
    pub(super) session: &'a str,
    pub(super) kind: Kind,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    time: String,
    session: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'static str>,
    /// `said`, `silent` or `failed`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl Record<'_> {
    /// Writes down that nothing is said, and why.
    pub(super) fn silent(&self, reason: &str) {
        self.line(None, "silent", Some(reason));
    }

    /// Writes down what became of a provider.
    pub(super) fn tried(&self, provider: Provider, outcome: &Result<(), String>) {
        match outcome {
            Ok(()) => self.line(Some(provider), "said", None),
            Err(reason) => self.line(Some(provider), "failed", Some(reason)),
        }
    }

    /// A line that cannot be written stops no work.
    fn line(&self, provider: Option<Provider>, outcome: &'static str, reason: Option<&str>) {
        let line = Line {
            time: rfc3339(self.state.now()),
            session: shorten(self.session),
            kind: self.kind.name(),
            provider: provider.map(Provider::name),
            outcome,
            reason: reason.map(shorten),
        };
        let written = serde_json::to_vec(&line)
            .map_err(Into::into)
            .and_then(|mut line| {
                line.push(b'\n');
                self.state.prepare()?;
                atomic::append(&self.state.log(JOURNAL)?, &line)
            });
        if let Err(error) = written {
            log::warn!("journal of notifications: {error}");
        }
    }
}

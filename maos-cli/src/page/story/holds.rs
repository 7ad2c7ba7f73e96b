//! Who held which file, and when.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::Deserialize;

use super::{Span, moment};

/// A file that somebody held.
#[derive(Debug)]
pub(in crate::page) struct Hold {
    /// The file.
    pub(in crate::page) file: String,
    /// Who held it: an agent's id; `None` for the main agent.
    pub(in crate::page) agent: Option<String>,
    /// When.
    pub(in crate::page) span: Span,
}

/// A line of the journal of leases.
#[derive(Deserialize)]
pub(super) struct Step {
    pub(super) time: String,
    step: String,
    /// Nothing where all files of an agent, or of the session, were given back.
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    agent: Option<String>,
}

/// Who has which file, and since when.
type Open<'a> = BTreeMap<(&'a str, &'a Option<String>), SystemTime>;

/// Returns each time that somebody held a file, by file; what nobody gave back is
/// held until `end`.
pub(super) fn holds(steps: &[Step], end: SystemTime) -> Vec<Hold> {
    let mut open = Open::new();
    let mut holds = Vec::new();
    for step in steps {
        let Some(at) = moment(&step.time) else {
            continue;
        };
        let Some(file) = step.file.as_deref() else {
            close(&mut open, &mut holds, at, |_, agent| {
                match step.step.as_str() {
                    "ended" => true,
                    "released-all" => *agent == step.agent,
                    _ => false,
                }
            });
            continue;
        };
        if step.step == "acquired-copy" {
            open.entry((file, &step.agent)).or_insert(at);
        } else if step.step == "acquired" {
            // Of one that has run out nobody tells but who takes the file next.
            close(&mut open, &mut holds, at, |held, agent| {
                held == file && *agent != step.agent
            });
            open.entry((file, &step.agent)).or_insert(at);
        } else {
            close(&mut open, &mut holds, at, |held, agent| {
                held == file && *agent == step.agent
            });
        }
    }
    close(&mut open, &mut holds, end, |_, _| true);
    holds.sort_by(|a, b| (&a.file, a.span.from).cmp(&(&b.file, b.span.from)));
    holds
}

/// Ends those that are meant.
fn close(
    open: &mut Open<'_>,
    holds: &mut Vec<Hold>,
    at: SystemTime,
    is_meant: impl Fn(&str, &Option<String>) -> bool,
) {
    let ended = open.extract_if(.., |(file, agent), _| is_meant(file, agent));
    holds.extend(ended.map(|((file, agent), from)| Hold {
        file: file.to_owned(),
        agent: agent.clone(),
        span: Span::until(from, at),
    }));
}

#[cfg(test)]
mod tests {
    use super::super::tests::at;
    use super::*;

    fn lease(second: u64, step: &str, agent: &str) -> Step {
        Step {
            time: humantime::format_rfc3339_millis(at(second)).to_string(),
            step: step.to_owned(),
            file: Some("a.rs".to_owned()),
            agent: Some(agent.to_owned()),
        }
    }

    fn all(second: u64, step: &str, agent: Option<&str>) -> Step {
        Step {
            file: None,
            agent: agent.map(ToOwned::to_owned),
            ..lease(second, step, "")
        }
    }

    fn spans(steps: &[Step]) -> Vec<(SystemTime, SystemTime)> {
        let holds = holds(steps, at(99));
        holds
            .iter()
            .map(|hold| (hold.span.from, hold.span.to))
            .collect()
    }

    #[test]
    fn a_file_is_held_from_the_first_taking_to_the_release() {
        let steps = [
            lease(1, "acquired", "a"),
            lease(2, "acquired", "a"),
            lease(3, "released", "a"),
            lease(4, "released", "a"),
            lease(5, "acquired", "b"),
            all(6, "released-all", Some("c")),
            all(7, "released-all", Some("b")),
            lease(8, "acquired", "c"),
            all(9, "ended", None),
        ];
        assert_eq!(
            spans(&steps),
            [(at(1), at(3)), (at(5), at(7)), (at(8), at(9))]
        );
    }

    #[test]
    fn a_hold_that_ran_out_ends_where_another_begins() {
        let steps = [lease(1, "acquired", "a"), lease(5, "acquired", "b")];
        assert_eq!(spans(&steps), [(at(1), at(5)), (at(5), at(99))]);
    }

    #[test]
    fn who_holds_a_copy_holds_it_beside_another() {
        let steps = [
            lease(1, "acquired", "a"),
            lease(2, "acquired-copy", "b"),
            lease(3, "released", "a"),
        ];
        assert_eq!(spans(&steps), [(at(1), at(3)), (at(2), at(99))]);
    }
}

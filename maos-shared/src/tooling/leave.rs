//! Leaving what was found to those who edited the files: to each what it has not
//! heard, once.
//!
//! What an agent knows of a checkout is kept beside what waits for it. A finding
//! is new to it when it knows no such one of that file, whatever line that stands
//! in; what is gone is forgotten, so that it is new when it comes back.

use std::io;
use std::path::{Path, PathBuf};

use super::finding::{self, Finding, note_name};
use crate::config::limits::KNOWN_FINDINGS;
use crate::state::Session;
use crate::state::agents::Stage;

/// What the tools say of the files in a checkout.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) findings: Vec<Finding>,
    /// The tools that came to their end.
    pub(super) ran: Vec<String>,
    /// Those that cannot be found, and what they would have checked.
    pub(super) missing: Vec<(String, Vec<PathBuf>)>,
}

/// Leaves what is `said` of the files in `checkout` to an agent of `session` that
/// has edited those in `own`, or to the main thread.
///
/// A kill behind the note and before what is known tells the same once more.
///
/// # Errors
/// When state cannot be read or written.
pub(super) fn leave(
    session: &Session,
    agent: Option<&str>,
    own: &[PathBuf],
    said: &Said,
    checkout: &Path,
) -> io::Result<()> {
    let before: Vec<Finding> = session.known(agent, checkout)?;
    let is_own = |finding: &&Finding| own.contains(&finding.file);
    let current: Vec<Finding> = said.findings.iter().filter(is_own).cloned().collect();
    let mut told = fresh(&before, &current);
    let is_over = |known: &Finding| own.contains(&known.file) && said.ran.contains(&known.tool);
    let mut known: Vec<Finding> = before.into_iter().filter(|it| !is_over(it)).collect();
    known.extend(current.into_iter().filter(|it| !it.is_of_change()));

    let name = note_name(agent);
    let earlier = session.take_note(&name)?.unwrap_or_default();
    let (of_own, others): (Vec<&str>, Vec<&str>) = earlier
        .lines()
        .filter(|line| !line.is_empty())
        .partition(|line| {
            own.iter()
                .any(|file| finding::is_about(line, file, checkout))
        });
    // What it has not heard yet still waits where it still holds.
    for line in of_own {
        let holds = |it: &&Finding| it.is_in(line, checkout) && !told.contains(it);
        let found = known.iter().find(holds).cloned();
        told.extend(found);
    }
    crate::order::sort_by(&mut told, &|a, b| b.is_error.cmp(&a.is_error));
    let mut lines: Vec<String> = told.iter().map(|it| it.show(checkout)).collect();
    for (tool, files) in &said.missing {
        if let Some(file) = files.iter().find(|file| own.contains(file))
            && session.may_tell_of_missing(tool)?
        {
            let text = format!(
                "was not looked at: `{tool}` is not installed, or not on the PATH of this session"
            );
            lines.push(Finding::of_file(file, text).show(checkout));
        }
    }
    lines.extend(others.into_iter().map(ToOwned::to_owned));
    if !lines.is_empty() {
        session.add_to_note(&name, &lines.join("\n"))?;
    }
    known.drain(..known.len().saturating_sub(KNOWN_FINDINGS));
    session.keep_known(agent, checkout, &known)?;
    match agent {
        Some(agent) if session.stage(agent) == Some(Stage::Completed) => {
            pass_on(session, agent, checkout)
        }
        _ => Ok(()),
    }
}

/// Passes what waits for an agent that has ended on to the main thread: it is the
/// one that hears of it now. Safe beside the agent's end: who leaves a note looks
/// for that behind it, and who ends the agent for a note behind that.
///
/// # Errors
/// When state cannot be read or written.
pub(super) fn pass_on(session: &Session, agent: &str, checkout: &Path) -> io::Result<()> {
    let Some(note) = session.take_note(&note_name(Some(agent)))? else {
        return Ok(());
    };
    let agent_type = session.agent(agent)?.map(|agent| agent.agent_type);
    let who = agent_type.unwrap_or_else(|| agent.to_owned());
    let heard = note.lines().filter(|line| finding::is_worth_a_turn(line));
    let lines: Vec<String> = heard
        .map(|line| format!("{}/{line} (edited by {who})", checkout.display()))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    session.add_to_note(&note_name(None), &lines.join("\n"))
}

/// Returns those of `current` that are not among the `known`; one that is there
/// twice counts twice.
fn fresh(known: &[Finding], current: &[Finding]) -> Vec<Finding> {
    let mut known: Vec<&Finding> = known.iter().collect();
    let mut fresh: Vec<&Finding> = current.iter().collect();
    // Those in the same line are the same; of the others, as many as there were.
    for in_line in [true, false] {
        fresh.retain(|new| {
            let is_it = |old: &&Finding| old.is_as(new) && (!in_line || old.line == new.line);
            let found = known.iter().position(is_it);
            found.map(|at| known.swap_remove(at)).is_none()
        });
    }
    fresh.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use crate::state::agents::Agent;
    use std::time::SystemTime;

    const CHECKOUT: &str = "/c";

    fn finding(file: &str, line: usize, text: &str) -> Finding {
        Finding {
            file: Path::new(CHECKOUT).join(file),
            line,
            text: text.to_owned(),
            is_error: text.starts_with("error"),
            tool: "t".to_owned(),
        }
    }

    fn said(findings: &[Finding]) -> Said {
        Said {
            findings: findings.to_vec(),
            ran: vec!["t".to_owned()],
            missing: Vec::new(),
        }
    }

    /// What agent a1 is told after each of these checks of a.rs and b.rs.
    fn heard(session: &Session, checks: &[Said]) -> Vec<String> {
        let own = ["a.rs", "b.rs"].map(|file| Path::new(CHECKOUT).join(file));
        let hear = |said: &Said| {
            leave(session, Some("a1"), &own, said, Path::new(CHECKOUT)).unwrap();
            session
                .take_note("findings-a1")
                .unwrap()
                .unwrap_or_default()
        };
        checks.iter().map(hear).collect()
    }

    fn session(dir: &Path) -> Session {
        State::at(dir.join(".maos"), SystemTime::UNIX_EPOCH).session("s")
    }

    #[test]
    fn each_finding_is_told_once_and_again_when_it_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let moved = [finding("a.rs", 9, "x"), finding("b.rs", 1, "error: y")];
        let twice = [finding("a.rs", 2, "x"), finding("a.rs", 9, "x")];
        let failed = Said::default();
        let checks = [
            said(&[finding("a.rs", 1, "x")]),
            said(&moved),
            failed,
            said(&twice),
            said(&[]),
            said(&twice),
        ];
        let expected = [
            "a.rs:1: x",
            "b.rs:1: error: y",
            "",
            "a.rs:2: x",
            "",
            "a.rs:2: x\na.rs:9: x",
        ];
        assert_eq!(heard(&session(dir.path()), &checks), expected);
    }

    #[test]
    fn what_was_not_heard_waits_as_long_as_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        let leave = |file: &str, findings: &[Finding]| {
            let own = [Path::new(CHECKOUT).join(file)];
            leave(&session, None, &own, &said(findings), Path::new(CHECKOUT)).unwrap();
        };
        let changed = format!("was formatted{}", finding::CHANGED);
        leave(
            "a.rs",
            &[finding("a.rs", 1, "x"), finding("a.rs", 2, "gone")],
        );
        leave(
            "b.rs",
            &[finding("b.rs", 3, "y"), finding("b.rs", 0, &changed)],
        );
        leave(
            "a.rs",
            &[finding("a.rs", 5, "x"), finding("a.rs", 6, "error: z")],
        );
        let note = session.take_note("findings").unwrap().unwrap();
        let expected = format!("a.rs:6: error: z\na.rs:5: x\nb.rs:3: y\nb.rs: {changed}");
        assert_eq!(note, expected);
        // A file is changed as often as it is said.
        leave(
            "b.rs",
            &[finding("b.rs", 3, "y"), finding("b.rs", 0, &changed)],
        );
        let note = session.take_note("findings").unwrap().unwrap();
        assert_eq!(note, format!("b.rs: {changed}"));
    }

    #[test]
    fn the_main_thread_hears_what_an_agent_cannot_hear_any_more() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        let agent = Agent {
            agent_id: "a1".to_owned(),
            agent_type: "coder".to_owned(),
            registered: String::new(),
            client: None,
        };
        session.bring(&agent, Stage::Completed).unwrap();
        let changed = finding("b.rs", 0, finding::CHANGED);
        let checks = [said(&[finding("a.rs", 1, "error: x"), changed])];
        assert_eq!(heard(&session, &checks), [""]);
        let note = session.take_note("findings").unwrap();
        assert_eq!(
            note.as_deref(),
            Some("/c/a.rs:1: error: x (edited by coder)")
        );
    }

    #[test]
    fn a_tool_that_is_missing_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let missing = || Said {
            missing: vec![("t".to_owned(), vec![Path::new(CHECKOUT).join("b.rs")])],
            ..Said::default()
        };
        let heard = heard(&session(dir.path()), &[missing(), missing()]);
        assert!(
            heard[0].starts_with("b.rs: was not looked at: `t` is not installed"),
            "{heard:?}"
        );
        assert_eq!(heard[1], "");
    }
}

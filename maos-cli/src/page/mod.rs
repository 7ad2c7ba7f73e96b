//! One page that tells a session: no network, no script, every text escaped.

mod axis;
mod html;
mod story;
mod tables;
mod timeline;

use std::io;

use maos_shared::state::Session;

use crate::journal::Line;
use crate::overview::{SessionView, Work};
use crate::stats::stats;
use crate::when;
use html::Html;

/// What the page may load and run: nothing. Its own style is all that counts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE: &str = include_str!("page.css");

/// What a page is made of.
pub(crate) struct Told<'a> {
    /// The project's folder.
    pub(crate) project: &'a str,
    /// The session.
    pub(crate) session: &'a Session,
    /// What is known of it.
    pub(crate) view: &'a SessionView,
    /// Its lines of all journals, oldest first.
    pub(crate) lines: &'a [Line],
    /// Its lines of the audit journal.
    pub(crate) audit: &'a [Line],
}

/// Returns the page.
///
/// # Errors
/// What the system says about the session's journals.
pub(crate) fn page(told: &Told<'_>) -> io::Result<String> {
    let calls: Vec<Line> = told
        .lines
        .iter()
        .filter(|line| line.event == "PreToolUse")
        .cloned()
        .collect();
    let story = story::story(told.session, told.view, &calls)?;
    let mut html = Html::default();
    html.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .markup("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .markup(POLICY)
        .markup("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .element("title", format!("MAOS session {}", told.view.id))
        .markup("\n<style>\n")
        .markup(STYLE)
        .markup("</style>\n</head>\n<body>\n<main>\n");
    head(&mut html, told);
    timeline::lives(&mut html, &story);
    timeline::leases(&mut html, &story);
    tables::audit(&mut html, told.audit);
    tables::latency(&mut html, &stats(told.lines));
    html.markup("</main>\n</body>\n</html>\n");
    Ok(html.finish())
}

fn head(html: &mut Html, told: &Told<'_>) {
    let view = told.view;
    html.element("h1", told.project);
    let mut line = format!("session {}", view.id);
    if let Some(started) = &view.started {
        line.push_str(&format!(", from {}", when::clock(started)));
    }
    match (&view.ended, &view.end_reason) {
        (Some(ended), reason) => {
            let reason = reason.as_deref().unwrap_or_default();
            line.push_str(&format!(" to {} ({reason})", when::clock(ended)));
        }
        (None, _) => line.push_str(", still open"),
    }
    html.element("p class=\"soft\"", line);
    let count = |work: Work| {
        view.agents
            .iter()
            .filter(|agent| agent.work == work)
            .count()
    };
    let denied = told.audit.iter().filter(|line| line.is_denial()).count();
    html.markup("<ul class=\"counts\">\n");
    for (number, what) in [
        (view.agents.len(), "agents"),
        (count(Work::Returned), "returned"),
        (count(Work::Merged), "merged"),
        (count(Work::Unmerged), "to merge"),
        (
            count(Work::Uncommitted) + count(Work::Halted),
            "stuck or halted",
        ),
        (denied, "blocked calls"),
        (told.lines.len(), "events"),
    ] {
        html.markup("<li>")
            .element("b", number.to_string())
            .text(format!(" {what}"))
            .markup("</li>\n");
    }
    html.markup("</ul>\n");
}

#[cfg(test)]
mod tests;

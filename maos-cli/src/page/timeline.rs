//! The bars of the page: who was at work when, and who held which file. What a bar
//! shows stands beside it as text too: not everybody can see it, or point at it.

use std::time::SystemTime;

use maos_shared::journal::rfc3339;

use super::axis;
use super::html::Html;
use super::story::{Hold, Kind, Life, Span, Story};
use crate::journal::who;
use crate::output::counted;
use crate::when;

/// What the marks and bars mean.
const KEY: [(&str, &str); 6] = [
    ("bar", "at work"),
    ("edit", "edit"),
    ("block", "blocked"),
    ("wait", "waited for a file"),
    ("merge", "came back"),
    ("call", "other call"),
];
/// How many holders of a file are named at once; the others are one key away.
const HOLDERS: usize = 3;

/// A bar for each agent's life with a mark for each call.
pub(super) fn lives(html: &mut Html, story: &Story) {
    html.element("h2", "Agents")
        .markup("<p class=\"soft key\">")
        .text(format!(
            "{} in all; times are UTC.",
            when::length(story.whole.length())
        ));
    for (mark, meaning) in KEY {
        html.markup("<span class=\"pair\"><span class=\"")
            .markup(mark)
            .markup("\"></span>")
            .text(meaning)
            .markup("</span>");
    }
    html.markup("</p>\n");
    times(html, story);
    for life in &story.lives {
        html.markup("<div class=\"row\"><div>");
        name(html, life);
        html.markup("</div>");
        track(html, story, &summary(life));
        for span in &life.spans {
            bar(html, story, "bar", *span);
        }
        for wait in &life.waits {
            bar(html, story, "bar wait", *wait);
        }
        for mark in &life.marks {
            html.markup("<span class=\"mark ")
                .markup(class(mark.kind))
                .markup("\" style=\"left:")
                .number(story.whole.percent(mark.at))
                .markup("%\" title=\"")
                .text(&mark.text)
                .markup("\"></span>");
        }
        html.markup("</div></div>\n");
    }
}

/// A bar for each time that somebody held a file.
pub(super) fn leases(html: &mut Html, story: &Story) {
    html.element("h2", "Leases");
    if story.holds.is_empty() {
        html.element("p class=\"soft\"", "No file was held.");
        return;
    }
    times(html, story);
    for holds in story.holds.chunk_by(|one, next| one.file == next.file) {
        html.markup("<div class=\"row\"><div>")
            .element("code", holds[0].file.as_str());
        let (first, others) = holds.split_at(holds.len().min(HOLDERS));
        holders(html, story, first);
        if !others.is_empty() {
            html.markup("<details><summary class=\"soft\">")
                .text(format!("{} more", others.len()))
                .markup("</summary>");
            holders(html, story, others);
            html.markup("</details>");
        }
        html.markup("</div>");
        track(
            html,
            story,
            &format!("held {}", counted(holds.len(), "time")),
        );
        for hold in holds {
            bar(html, story, "bar", hold.span);
        }
        html.markup("</div></div>\n");
    }
}

fn holders(html: &mut Html, story: &Story, holds: &[Hold]) {
    for hold in holds {
        let (id, lives) = (hold.agent.as_deref(), story.lives.iter());
        let mut agents = lives.filter_map(|life| life.agent.as_ref());
        let agent = agents.find(|agent| Some(agent.id.as_str()) == id);
        let holder = who(id, agent.map(|agent| agent.agent_type.as_str()));
        let (from, time) = (clock(hold.span.from), when::length(hold.span.length()));
        html.markup("<br>")
            .element("span class=\"soft\"", format!("{from} {holder}, {time}"));
    }
}

/// The row above the bars that says which time is where.
fn times(html: &mut Html, story: &Story) {
    html.markup("<div class=\"row axis\"><div></div><div class=\"track\">");
    for (at, name) in axis::ticks(story.whole) {
        let percent = story.whole.percent(at);
        html.markup(match percent {
            // At the edges a name has room on one side alone.
            ..12.0 => "<span class=\"tick first\" style=\"left:",
            88.0.. => "<span class=\"tick last\" style=\"left:",
            _ => "<span class=\"tick\" style=\"left:",
        });
        html.number(percent)
            .markup("%\">")
            .element("b", name)
            .markup("</span>");
    }
    html.markup("</div></div>\n");
}

/// Begins a row of bars; the caller ends its element.
fn track(html: &mut Html, story: &Story, summary: &str) {
    html.markup("<div class=\"track\" tabindex=\"0\" role=\"img\" aria-label=\"")
        .text(summary)
        .markup("\">");
    for (at, _) in axis::ticks(story.whole) {
        html.markup("<span class=\"tick\" style=\"left:")
            .number(story.whole.percent(at))
            .markup("%\"></span>");
    }
}

fn name(html: &mut Html, life: &Life) {
    match &life.agent {
        None => {
            html.element("b", "main agent");
        }
        Some(agent) => {
            html.element("b", agent.name())
                .markup(" ")
                .element("span class=\"soft\"", agent.work.word().plain());
            if !agent.description.is_empty() {
                html.markup("<br>").text(&agent.description);
            }
        }
    }
    let told = life.marks.iter().filter(|mark| mark.kind != Kind::Call);
    let told: Vec<String> = told
        .map(|mark| format!("{} {}: {}", clock(mark.at), word(mark.kind), mark.text))
        .collect();
    let files = life.agent.as_ref().map(|agent| &*agent.files);
    let files = files.unwrap_or_default();
    details(html, &did(life), &told);
    details(html, &counted(files.len(), "file"), files);
}

/// Lines that are shown at a key or a click; nothing where there are none.
fn details(html: &mut Html, summary: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    html.markup("<details><summary class=\"soft\">")
        .text(summary)
        .markup("</summary>");
    for line in lines {
        html.element("code", line).markup("<br>");
    }
    html.markup("</details>");
}

/// Returns what a bar shows, for whoever does not see it.
fn summary(life: &Life) -> String {
    let calls = counted(life.marks.len() - life.count(Kind::Merge), "call");
    match did(life) {
        did if did.is_empty() => calls,
        did => format!("{calls}: {did}"),
    }
}

/// Returns what an agent did, in numbers; what it did not is left out.
fn did(life: &Life) -> String {
    let kinds = [Kind::Edit, Kind::Block, Kind::Wait, Kind::Merge];
    let kinds = kinds.map(|kind| (kind, life.count(kind)));
    let done = kinds.iter().filter(|(_, count)| *count > 0);
    let done = done.map(|(kind, count)| match (kind, count) {
        (Kind::Edit, count) => counted(*count, "edit"),
        (Kind::Merge, 1) => word(*kind).to_owned(),
        (kind, count) => format!("{count} {}", word(*kind)),
    });
    done.collect::<Vec<_>>().join(", ")
}

fn bar(html: &mut Html, story: &Story, class: &'static str, span: Span) {
    let left = story.whole.percent(span.from);
    html.markup("<span class=\"")
        .markup(class)
        .markup("\" style=\"left:")
        .number(left)
        .markup("%;width:")
        .number(story.whole.percent(span.to) - left)
        .markup("%\"></span>");
}

/// Returns the time of the day.
fn clock(at: SystemTime) -> String {
    rfc3339(at).get(11..19).unwrap_or_default().to_owned()
}

const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Edit => "edit",
        Kind::Block => "blocked",
        Kind::Wait => "waited for a file",
        Kind::Merge => "came back",
        Kind::Call => "call",
    }
}

const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Edit => "edit",
        Kind::Block => "block",
        Kind::Wait => "wait",
        Kind::Merge => "merge",
        Kind::Call => "call",
    }
}

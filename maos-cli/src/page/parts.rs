//! The parts of the page: timeline, leases, audit, latency.

use std::time::SystemTime;

use super::html::Html;
use super::story::{Kind, Life, Span, Story};
use crate::journal::{Line, short};
use crate::output::counted;
use crate::stats::Stats;
use crate::when;

/// What the marks and bars of the timeline mean.
const KEY: [(&str, &str); 6] = [
    ("bar still", "at work"),
    ("edit", "edit"),
    ("block", "blocked"),
    ("wait", "waited for a file"),
    ("merge", "came back"),
    ("call", "other call"),
];

/// A bar for each agent's life with a mark for each call.
pub(super) fn timeline(html: &mut Html, story: &Story) {
    html.element("h2", "Agents")
        .markup("<p class=\"soft key\">")
        .text(format!("{} in all.", when::span(story.length)));
    for (mark, meaning) in KEY {
        html.markup("<span class=\"pair\"><span class=\"")
            .markup(mark)
            .markup("\"></span>")
            .text(meaning)
            .markup("</span>");
    }
    html.markup("</p>\n");
    for life in &story.lives {
        html.markup("<div class=\"row\"><div>");
        who(html, life);
        html.markup("</div><div class=\"track\" tabindex=\"0\" role=\"img\" aria-label=\"")
            .text(summary(life))
            .markup("\">");
        for span in &life.spans {
            bar(html, story, *span);
            html.markup("\"></span>");
        }
        for mark in &life.marks {
            html.markup("<span class=\"mark ")
                .markup(class(mark.kind))
                .markup("\" style=\"left:")
                .number(percent(story, mark.at))
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
    }
    for holds in story.holds.chunk_by(|one, next| one.file == next.file) {
        html.markup("<div class=\"row\"><div>")
            .element("code", holds[0].file.as_str())
            .markup("</div><div class=\"track\">");
        for hold in holds {
            bar(html, story, hold.span);
            html.markup("\" title=\"")
                .text(hold.agent.as_deref().map_or("main", short))
                .markup("\"></span>");
        }
        html.markup("</div></div>\n");
    }
}

/// The calls that a rule objected to.
pub(super) fn audit(html: &mut Html, lines: &[Line]) {
    html.element("h2", "Audit");
    if lines.is_empty() {
        html.element("p class=\"soft\"", "No rule objected to anything.");
        return;
    }
    head(html, &["time", "agent", "answer", "rule", "what", "reason"]);
    for line in lines {
        html.markup("<tr>")
            .element("td data-title=\"time\"", when::clock(&line.time))
            .element("td data-title=\"agent\"", line.who())
            .element("td data-title=\"answer\"", line.outcome.as_str())
            .element(
                "td data-title=\"rule\"",
                line.rule.as_deref().unwrap_or_default(),
            )
            .element("td data-title=\"what\"", line.subject())
            .element(
                "td data-title=\"reason\"",
                line.reason.as_deref().unwrap_or_default(),
            )
            .markup("</tr>\n");
    }
    html.markup("</table></div>\n");
}

/// How long each hook took.
pub(super) fn latency(html: &mut Html, stats: &Stats) {
    html.element("h2", "Hooks");
    head(
        html,
        &["event", "count", "p50", "p95", "p99", "blocked", "errors"],
    );
    for hook in &stats.hooks {
        html.markup("<tr>")
            .element("td data-title=\"event\"", hook.event.as_str())
            .element("td data-title=\"count\"", hook.count.to_string())
            .element("td data-title=\"p50\"", when::micros(hook.p50_us))
            .element("td data-title=\"p95\"", when::micros(hook.p95_us))
            .element("td data-title=\"p99\"", when::micros(hook.p99_us))
            .element("td data-title=\"blocked\"", hook.denied.to_string())
            .element("td data-title=\"errors\"", hook.errors.to_string())
            .markup("</tr>\n");
    }
    html.markup("</table></div>\n");
}

/// Begins a table; a narrow window shows each row as lines, a cell beside its
/// title.
fn head(html: &mut Html, titles: &[&'static str]) {
    html.markup("<div class=\"scroll\" tabindex=\"0\"><table>\n<tr>");
    for title in titles {
        html.element("th", title);
    }
    html.markup("</tr>\n");
}

fn who(html: &mut Html, life: &Life) {
    let Some(agent) = &life.agent else {
        html.element("b", "main agent");
        return;
    };
    html.element("b", agent.name())
        .markup(" ")
        .element("span class=\"soft\"", agent.work.word().plain());
    if !agent.description.is_empty() {
        html.markup("<br>").text(&agent.description);
    }
    if !agent.files.is_empty() {
        html.markup("<details><summary class=\"soft\">")
            .text(counted(agent.files.len(), "file"))
            .markup("</summary>");
        for file in &agent.files {
            html.element("code", file).markup("<br>");
        }
        html.markup("</details>");
    }
}

/// Returns what the bar shows, for whoever does not see it.
fn summary(life: &Life) -> String {
    let count = |kind| life.marks.iter().filter(|mark| mark.kind == kind).count();
    let (edits, blocks, waits) = (count(Kind::Edit), count(Kind::Block), count(Kind::Wait));
    let merges = count(Kind::Merge);
    let calls = life.marks.len() - merges;
    let came = if merges > 0 {
        "; its work came back"
    } else {
        ""
    };
    format!("{calls} calls: {edits} edits, {blocks} blocked, {waits} waited for a file{came}")
}

/// Begins a bar; the caller ends its tag.
fn bar(html: &mut Html, story: &Story, span: Span) {
    let left = percent(story, span.from);
    html.markup("<span class=\"bar\" style=\"left:")
        .number(left)
        .markup("%;width:")
        .number(percent(story, span.to) - left)
        .markup("%");
}

/// Returns where a moment lies between begin and end, 0 to 100.
fn percent(story: &Story, at: SystemTime) -> f64 {
    let since = at.duration_since(story.begin).unwrap_or_default();
    (since.as_secs_f64() / story.length.as_secs_f64() * 100.0).min(100.0)
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

//! The tables of the page: audit, latency.

use super::html::Html;
use crate::journal::Line;
use crate::stats::Stats;
use crate::when;

/// The calls that a rule objected to.
pub(super) fn audit(html: &mut Html, lines: &[Line]) {
    html.element("h2", "Audit");
    if lines.is_empty() {
        html.element("p class=\"soft\"", "No rule objected to anything.");
        return;
    }
    head(
        html,
        &["time", "id", "agent", "answer", "rule", "what", "reason"],
    );
    for line in lines {
        html.markup("<tr>")
            .element("td data-title=\"time\"", when::clock(&line.time))
            .element(
                "td data-title=\"id\"",
                line.id.as_deref().unwrap_or_default(),
            )
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

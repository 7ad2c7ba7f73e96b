//! Draws what is shown.

use std::time::SystemTime;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, List, ListState, Paragraph, Wrap};

use super::app::{App, Row};
use crate::output::{Part, Text, Tone};
use crate::overview::JobView;
use crate::screen;
use crate::when;

/// Draws one frame.
pub(super) fn draw(frame: &mut Frame<'_>, app: &App, now: SystemTime) {
    let [head, body, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(line(&screen::headline(&app.overview)), head);
    rows(frame, app, now, body);
    if let Some((text, from)) = &app.text {
        reader(frame, text, *from, body);
    }
    frame.render_widget(line(&keys(app)), foot);
}

fn rows(frame: &mut Frame<'_>, app: &App, now: SystemTime, area: Rect) {
    let rows = app.rows();
    if rows.is_empty() {
        let nobody = "Nobody works here yet. Start Claude Code in this project.";
        return frame.render_widget(Paragraph::new(nobody).wrap(Wrap::default()), area);
    }
    let mut table = screen::table();
    for row in rows {
        match row {
            Row::Agent(agent) => table.row(screen::cells(agent, now)),
            Row::Job(job) => table.row(job_cells(job, now)),
        }
    }
    let mut lines = table.lines(Some(usize::from(area.width))).into_iter();
    let titles = lines.next().unwrap_or_default();
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    frame.render_widget(line(&titles), head);
    let list = List::new(lines.map(|text| line(&text)))
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = ListState::default().with_selected(Some(app.selected));
    frame.render_stateful_widget(list, body, &mut state);
}

/// Returns a job's row in the table of agents.
fn job_cells(job: &JobView, now: SystemTime) -> Vec<Text> {
    let state = match job.running {
        true => Tone::Live.of("running"),
        false => Tone::Faint.of("waiting"),
    };
    let (id, age) = (job.id.as_str().into(), when::age(&job.ordered, now).into());
    let none = Text::default;
    vec![
        id,
        state,
        age,
        none(),
        none(),
        none(),
        job.about.as_str().into(),
    ]
}

/// Draws a text over the rows.
fn reader(frame: &mut Frame<'_>, text: &str, from: u16, area: Rect) {
    // The frame takes a column on each side.
    let width = usize::from(area.width.saturating_sub(2)).max(1);
    let lines = text
        .lines()
        .flat_map(|text| Text::from(text).wrapped(width, 0));
    let lines: Vec<Line<'_>> = lines.map(|text| line(&text)).collect();
    let last = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let reader = Paragraph::new(lines)
        .block(Block::bordered().title(" any other key closes this "))
        .scroll((from.min(last.saturating_sub(1)), 0));
    frame.render_widget(Clear, area);
    frame.render_widget(reader, area);
}

/// Returns the keys that mean something now.
fn keys(app: &App) -> Text {
    if let Some(agent) = &app.asks {
        let asks = format!("merge the work of {agent} into the main checkout? y/n");
        return Tone::Warn.of(asks);
    }
    let keys = match (&app.text, app.row()) {
        (Some(_), _) => "↑↓ scroll".to_owned(),
        (None, None) => "q quit".to_owned(),
        (None, Some(Row::Job(_))) => "↑↓ select  x stop the job  q quit".to_owned(),
        (None, Some(Row::Agent(_))) => {
            let diff = if app.can_diff { "  d diff" } else { "" };
            let merge = if app.can_merge { "  m merge" } else { "" };
            format!("↑↓ select  enter look{diff}  l log{merge}  r release  q quit")
        }
    };
    Tone::Faint.of(keys)
}

/// Returns a text as ratatui draws it.
fn line(text: &Text) -> Line<'static> {
    let parts = text.parts().iter();
    let span = |part: &Part| Span::styled(part.text.clone(), style(part.tone));
    Line::from(parts.map(span).collect::<Vec<_>>())
}

const fn style(tone: Tone) -> Style {
    let plain = Style::new();
    match tone {
        Tone::Plain => plain,
        Tone::Strong => plain.add_modifier(Modifier::BOLD),
        Tone::Faint => plain.add_modifier(Modifier::DIM),
        Tone::Good => plain.fg(Color::Green),
        Tone::Warn => plain.fg(Color::Yellow),
        Tone::Bad => plain.fg(Color::Red),
        Tone::Live => plain.fg(Color::Cyan),
    }
}

#[cfg(test)]
mod tests;

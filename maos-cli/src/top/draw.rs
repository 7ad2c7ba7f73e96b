//! Draws what is shown.

use std::time::SystemTime;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, List, ListState, Paragraph, Wrap};

use super::app::{App, Reading};
use crate::output::{Part, Text, Tone};
use crate::screen::{self, Item};

/// Keys that mean the same of every row.
const SELECT: &str = "↑↓ select";
const LOOK: &str = "enter look";

/// Draws one frame.
pub(super) fn draw(frame: &mut Frame<'_>, app: &App, now: SystemTime) {
    let width = usize::from(frame.area().width).max(1);
    let head = match &app.trouble {
        Some(trouble) => Tone::Bad.of(trouble),
        None => screen::headline(&app.overview),
    };
    let (head, keys) = (paragraph(&head, width), keys(app, width));
    let [above, body, below] = Layout::vertical([
        Constraint::Length(height(&head)),
        Constraint::Fill(1),
        Constraint::Length(height(&keys)),
    ])
    .areas(frame.area());
    frame.render_widget(Paragraph::new(head), above);
    match &app.text {
        Some(reading) => reader(frame, reading, body),
        None => rows(frame, app, now, body),
    }
    frame.render_widget(Paragraph::new(keys), below);
}

/// Draws every section; where all have room, a line apart.
fn rows(frame: &mut Frame<'_>, app: &App, now: SystemTime, area: Rect) {
    let (width, height) = (usize::from(area.width).max(1), usize::from(area.height));
    let mut list = Rows::of(app, now, width, true);
    if list.lines.len() > height {
        list = Rows::of(app, now, width, false);
    }
    if list.lines.is_empty() {
        let nobody = "Nobody works here yet. Start Claude Code in this project.";
        return frame.render_widget(Paragraph::new(nobody).wrap(Wrap::default()), area);
    }
    let lines = list.lines.iter().map(line);
    let shown = List::new(lines).highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = ListState::default().with_selected(list.selected);
    frame.render_stateful_widget(shown, area, &mut state);
}

/// The lines of all sections.
struct Rows {
    lines: Vec<Text>,
    /// The line that the keys mean.
    selected: Option<usize>,
}

impl Rows {
    fn of(app: &App, now: SystemTime, width: usize, apart: bool) -> Self {
        let (mut lines, mut items): (Vec<Text>, Vec<usize>) = (Vec::new(), Vec::new());
        for section in app.sections() {
            if apart && !lines.is_empty() {
                lines.push(Text::default());
            }
            lines.extend(section.head(now).wrapped(width, 2));
            lines.extend(section.table(now).lines(Some(width)));
            // The last lines of a table are its rows.
            let rows = lines.len() - section.items.len()..lines.len();
            items.extend(rows);
            let notes = section.notes();
            lines.extend(notes.iter().flat_map(|note| note.wrapped(width, 4)));
        }
        Self {
            selected: items.get(app.selected).copied(),
            lines,
        }
    }
}

/// Draws a text over the rows.
fn reader(frame: &mut Frame<'_>, reading: &Reading, area: Rect) {
    // The frame takes a column on each side.
    let width = usize::from(area.width.saturating_sub(2)).max(1);
    let lines = reading.lines.iter();
    let lines: Vec<Line<'_>> = lines.flat_map(|text| paragraph(text, width)).collect();
    let last = height(&lines).saturating_sub(1);
    let reader = Paragraph::new(lines)
        .block(Block::bordered().title(" any other key closes this "))
        .scroll((reading.from.min(last), 0));
    frame.render_widget(Clear, area);
    frame.render_widget(reader, area);
}

/// Returns the lines that say which keys mean something now.
fn keys(app: &App, width: usize) -> Vec<Line<'static>> {
    if let Some(agent) = &app.asks {
        let asks = format!("merge the work of {agent} into the main checkout? y/n");
        return paragraph(&Tone::Warn.of(asks), width);
    }
    let keys: &[&str] = match (&app.text, app.row()) {
        (Some(_), _) => &["↑↓ scroll"],
        (None, None) => &["q quit"],
        (None, Some(row)) => match row {
            Item::Agent(_) => &[
                SELECT,
                LOOK,
                "d diff",
                "l log",
                "m merge",
                "r release",
                "q quit",
            ],
            Item::Lease(_) | Item::Reservation(_) => &[SELECT, LOOK, "r release", "q quit"],
            Item::Job(_) => &[SELECT, LOOK, "x stop the job", "q quit"],
            Item::Pair(_) | Item::Blocked(_) => &[SELECT, LOOK, "q quit"],
        },
    };
    let mut lines: Vec<String> = Vec::new();
    for key in keys {
        match lines.last_mut() {
            // No key is parted from what it does.
            Some(line) if line.chars().count() + key.chars().count() + 2 <= width => {
                line.push_str("  ");
                line.push_str(key);
            }
            _ => lines.push((*key).to_owned()),
        }
    }
    let faint = |text| line(&Tone::Faint.of(text));
    lines.into_iter().map(faint).collect()
}

/// Returns a text on as many lines as it needs.
fn paragraph(text: &Text, width: usize) -> Vec<Line<'static>> {
    text.wrapped(width, 0).iter().map(line).collect()
}

fn height(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
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

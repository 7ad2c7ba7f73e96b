//! Aligned columns that fit a terminal.

use super::text::{Text, Tone};

/// What stands between two columns.
const GAP: &str = "  ";
/// How narrow a column may become that gives way, in terminal columns.
const NARROWEST: usize = 6;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    right: bool,
    gives_way: Option<Keeps>,
}

/// What of a text stays that is cut.
#[derive(Clone, Copy, Debug)]
enum Keeps {
    Start,
    End,
}

impl Column {
    /// Returns a column of texts.
    pub(crate) const fn left(title: &'static str) -> Self {
        Self {
            title,
            right: false,
            gives_way: None,
        }
    }

    /// Returns a column of numbers.
    pub(crate) const fn right(title: &'static str) -> Self {
        Self {
            title,
            right: true,
            gives_way: None,
        }
    }

    /// Returns this column as one whose texts are cut where the table would be
    /// too wide.
    pub(crate) const fn giving_way(mut self) -> Self {
        self.gives_way = Some(Keeps::Start);
        self
    }

    /// As [`Self::giving_way`], for texts that differ at their ends.
    pub(crate) const fn giving_way_in_front(mut self) -> Self {
        self.gives_way = Some(Keeps::End);
        self
    }
}

/// Rows of cells below titles.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Text>>,
    indent: usize,
}

impl Table {
    /// Returns a table without rows.
    pub(crate) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self {
            columns: columns.into(),
            rows: Vec::new(),
            indent: 0,
        }
    }

    /// Returns this table moved to the right by `columns`.
    #[must_use]
    pub(crate) const fn indented(mut self, columns: usize) -> Self {
        self.indent = columns;
        self
    }

    /// Adds a row; a cell that is missing is empty.
    pub(crate) fn row(&mut self, cells: impl Into<Vec<Text>>) {
        self.rows.push(cells.into());
    }

    /// Returns the lines: the titles, where there are any, and a line a row; none
    /// where there are no rows.
    /// Columns that hold nothing are left out; those that give way are cut, the
    /// widest first, until a line takes at most `width` columns.
    pub(crate) fn lines(&self, width: Option<usize>) -> Vec<Text> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let shown: Vec<usize> = (0..self.columns.len())
            .filter(|at| self.rows.iter().any(|row| !cell(row, *at).is_empty()))
            .collect();
        let widths = self.widths(&shown, width);
        let titled = self.columns.iter().any(|column| !column.title.is_empty());
        let titles = titled.then(|| {
            let titles = self.columns.iter().map(|column| column.title);
            titles.map(|title| Tone::Faint.of(title)).collect()
        });
        let rows = titles.iter().chain(&self.rows);
        rows.map(|row| self.line(row, &shown, &widths)).collect()
    }

    fn widths(&self, shown: &[usize], width: Option<usize>) -> Vec<usize> {
        let widest = |at: usize| {
            let cells = self.rows.iter().map(|row| cell(row, at).width());
            let title = self.columns[at].title.chars().count();
            cells.max().unwrap_or_default().max(title)
        };
        let mut widths: Vec<usize> = shown.iter().map(|at| widest(*at)).collect();
        let gaps = GAP.len() * shown.len().saturating_sub(1) + self.indent;
        let Some(width) = width else { return widths };
        while widths.iter().sum::<usize>() + gaps > width {
            let yielding = (0..shown.len())
                .filter(|n| self.columns[shown[*n]].gives_way.is_some() && widths[*n] > NARROWEST)
                .max_by_key(|n| widths[*n]);
            match yielding {
                Some(n) => widths[n] -= 1,
                None => break,
            }
        }
        widths
    }

    fn line(&self, row: &[Text], shown: &[usize], widths: &[usize]) -> Text {
        let mut line = Text::from(" ".repeat(self.indent));
        // No blanks at the end of a line.
        let end = shown.iter().rposition(|at| !cell(row, *at).is_empty());
        let end = end.map_or(0, |last| last + 1);
        for (n, at) in shown[..end].iter().enumerate() {
            let text = cell(row, *at);
            let text = match self.columns[*at].gives_way {
                Some(Keeps::End) => text.cut_start(widths[n]),
                _ => text.cut(widths[n]),
            };
            let filler = " ".repeat(widths[n].saturating_sub(text.width()));
            if n > 0 {
                line = line.then(GAP);
            }
            line = match self.columns[*at].right {
                true => line.then(filler).then(text),
                false if n + 1 == end => line.then(text),
                false => line.then(text).then(filler),
            };
        }
        line
    }
}

/// Returns a cell, also one that its row lacks.
fn cell(row: &[Text], at: usize) -> Text {
    row.get(at).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([
            Column::left("AGENT"),
            Column::left("NOTHING"),
            Column::right("FILES"),
            Column::left("TASK").giving_way(),
        ]);
        table.row([
            "coder".into(),
            "".into(),
            "3".into(),
            "write the 漢字 docs".into(),
        ]);
        table.row(["a-tester".into(), "".into(), "12".into()]);
        table
    }

    fn lines(table: &Table, width: Option<usize>) -> Vec<String> {
        let lines = table.lines(width);
        lines.iter().map(|line| line.plain()).collect()
    }

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        assert_eq!(
            lines(&table(), None),
            [
                "AGENT     FILES  TASK",
                "coder         3  write the 漢字 docs",
                "a-tester     12",
            ]
        );
    }

    #[test]
    fn a_table_without_rows_has_no_lines() {
        let empty = Table::new([Column::left("AGENT")]).indented(2);
        assert!(empty.lines(Some(80)).is_empty());
    }

    #[test]
    fn a_column_gives_way_until_the_table_fits() {
        let lines = lines(&table().indented(2), Some(31));
        assert_eq!(lines[1], "  coder         3  write the …");
        let narrow = table().lines(Some(5));
        assert_eq!(narrow[1].plain(), "coder         3  write…");
    }
}

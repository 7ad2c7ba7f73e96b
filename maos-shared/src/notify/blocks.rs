//! The blocks of a Markdown text: which of its lines are prose.

/// The lines of a text.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    lines: std::iter::Peekable<std::str::Lines<'a>>,
    /// The mark that closes the block of code that is open.
    fence: Option<Fence>,
    is_in_table: bool,
    /// Whether a line of code by its indentation may stand here: not right below a
    /// paragraph.
    may_be_code: bool,
    /// How far the text of the list's item is indented that is open.
    item: usize,
}

/// What a block of code begins with: a character, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fence {
    mark: char,
    count: usize,
}

impl<'a> Blocks<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            lines: text.lines().peekable(),
            fence: None,
            is_in_table: false,
            may_be_code: true,
            item: 0,
        }
    }

    /// Returns the lines that are no code, no table, no rule and not empty.
    pub(super) fn prose(mut self) -> impl Iterator<Item = &'a str> {
        std::iter::from_fn(move || {
            loop {
                let line = self.lines.next()?;
                if self.is_prose(line) {
                    return Some(line);
                }
            }
        })
    }

    fn is_prose(&mut self, line: &str) -> bool {
        if self.is_fenced(line) {
            return false;
        }
        if line.trim().is_empty() {
            self.is_in_table = false;
            self.may_be_code = true;
            return false;
        }
        if self.is_code(line) {
            return false;
        }
        self.may_be_code = false;
        !self.is_of_table(line.trim()) && !is_rule(line.trim())
    }

    /// Returns whether the line belongs to a block of code between fences.
    fn is_fenced(&mut self, line: &str) -> bool {
        let found = Fence::at(line.trim());
        match (self.fence, found) {
            (None, Some((fence, _))) => {
                self.fence = Some(fence);
                self.may_be_code = true;
            }
            (Some(open), Some((fence, is_bare))) => {
                if is_bare && fence.mark == open.mark && fence.count >= open.count {
                    self.fence = None;
                }
            }
            (open, None) => return open.is_some(),
        }
        true
    }

    /// Returns whether the line is code by its indentation, which counts from that
    /// of the item that is open.
    fn is_code(&mut self, line: &str) -> bool {
        const CODE: usize = 4;
        let indentation = indentation(line);
        let inside = if indentation >= self.item {
            self.item
        } else {
            0
        };
        if self.may_be_code && indentation >= inside + CODE {
            return true;
        }
        if let Some(marker) = marker(line.trim_start()) {
            self.item = indentation + marker;
        } else if self.may_be_code && indentation < self.item {
            self.item = 0;
        }
        false
    }

    /// Returns whether the line belongs to a table: one begins with the line above
    /// its rule.
    fn is_of_table(&mut self, line: &str) -> bool {
        let has_bars = line.contains('|');
        let mut is_head = || {
            let rule = self.lines.peek().map(|next| next.trim());
            rule.is_some_and(is_rule_of_table)
        };
        self.is_in_table = has_bars && (self.is_in_table || is_head());
        self.is_in_table || line.starts_with('|')
    }
}

impl Fence {
    /// Returns the fence that a line begins with, and whether nothing stands behind
    /// it.
    fn at(line: &str) -> Option<(Self, bool)> {
        const SHORTEST: usize = 3;
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let behind = line.trim_start_matches(mark);
        let count = line.len() - behind.len();
        // What holds another backtick is code within a line.
        let is_fence = count >= SHORTEST && !(mark == '`' && behind.contains('`'));
        is_fence.then(|| (Self { mark, count }, behind.trim().is_empty()))
    }
}

/// Returns how far a line is indented, in columns.
fn indentation(line: &str) -> usize {
    const TAB: usize = 4;
    let mut columns = 0;
    for character in line.chars() {
        columns = match character {
            ' ' => columns + 1,
            '\t' => (columns / TAB + 1) * TAB,
            _ => break,
        };
    }
    columns
}

/// Returns how long the mark of a list's item is that a line begins with, with the
/// space behind it.
fn marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marks: &[char] = if digits == 0 {
        &['-', '*', '+']
    } else {
        &['.', ')']
    };
    let behind = line[digits..].strip_prefix(marks)?;
    behind.starts_with([' ', '\t']).then_some(digits + 2)
}

/// Returns whether a line is the one between the head and the rows of a table.
fn is_rule_of_table(line: &str) -> bool {
    line.contains('-')
        && line.contains('|')
        && line.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '))
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line
            .chars()
            .all(|c| matches!(c, '-' | '=' | '*' | '_' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> Vec<&str> {
        Blocks::of(text).prose().map(str::trim).collect()
    }

    #[test]
    fn code_between_fences_is_none_of_it() {
        for text in [
            "a\n```rust\nx\n~~~\n```\nb",
            "a\n````md\n```\nx\n```\nx\n````\nb",
            "a\n~~~~\nx\n~~~\nx\n~~~~~\nb",
            "a\n```\nx\n``` x\n```\nb",
            "a\n   ```\nx\n   ```\nb",
        ] {
            assert_eq!(prose(text), ["a", "b"], "{text}");
        }
        assert_eq!(prose("```a``` b\nc"), ["```a``` b", "c"]);
        assert_eq!(prose("a\n```\nx"), ["a"]);
    }

    #[test]
    fn code_by_its_indentation_is_none_of_it() {
        for (text, expected) in [
            ("a\n\n    x\n\n    x\n\nb", &["a", "b"][..]),
            ("a\n\n\tx\nb", &["a", "b"]),
            ("    x\nb", &["b"]),
            ("a\n    b", &["a", "b"]),
            ("- a\n    b\n\n    c", &["- a", "b", "c"]),
            ("- a\n\n      x\n\nb", &["- a", "b"]),
            ("1. a\n\n   b\n\n       x\n", &["1. a", "b"]),
            ("- a\n    - b\n        - c\n", &["- a", "- b", "- c"]),
            ("- a\n\nb\n\n    x\n", &["- a", "b"]),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
    }

    #[test]
    fn tables_are_none_of_it() {
        for text in [
            "a\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\nb",
            "a\n\nx | y\n--- | :-:\n1 | 2\n3 | 4\n\nb",
            "a\nx | y\n-|-\n1 | 2\nb",
        ] {
            assert_eq!(prose(text), ["a", "b"], "{text}");
        }
        assert_eq!(prose("either a | b\nc"), ["either a | b", "c"]);
    }
}

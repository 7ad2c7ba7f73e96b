//! How a settings text is laid out, so that what is added looks like the rest.

use std::ops::Range;

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::document::{Edit, Item};

/// How a settings text is laid out.
pub(super) struct Style {
    /// The line ending, or `None` when all stands in one line.
    newline: Option<&'static str>,
    /// One step of indentation.
    indent: String,
}

impl Style {
    /// Returns how `text` is laid out, whose root object has these members.
    pub(super) fn of(text: &str, root: &Range<usize>, members: &[Item]) -> Self {
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let Some(first) = members.first() else {
            return Self {
                newline: Some(ending),
                indent: "  ".to_owned(),
            };
        };
        let lead = &text[root.start + 1..first.start];
        Self {
            newline: lead.contains('\n').then_some(ending),
            indent: lead.rsplit('\n').next().unwrap_or_default().to_owned(),
        }
    }

    /// Returns what stands before an item at `depth`.
    fn line(&self, depth: usize) -> String {
        self.newline
            .map(|newline| format!("{newline}{}", self.indent.repeat(depth)))
            .unwrap_or_default()
    }

    /// Returns `value` as text that begins at `depth`.
    pub(super) fn value(&self, value: &impl Serialize, depth: usize) -> String {
        let mut bytes = Vec::new();
        // Strings and numbers in memory: neither can fail to serialise.
        let written = if self.newline.is_some() {
            let formatter = PrettyFormatter::with_indent(self.indent.as_bytes());
            value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        } else {
            value.serialize(&mut Serializer::new(&mut bytes))
        };
        debug_assert!(written.is_ok());
        // A line end inside a string is escaped, so each one is layout.
        String::from_utf8_lossy(&bytes).replace('\n', &self.line(depth))
    }

    /// Returns a member with its value as text.
    pub(super) fn member(&self, key: &str, value: &str) -> String {
        let space = if self.newline.is_some() { " " } else { "" };
        format!("\"{key}\":{space}{value}")
    }

    fn join(&self, items: &[String], depth: usize) -> String {
        let line = self.line(depth);
        let items: Vec<String> = items.iter().map(|item| format!("{line}{item}")).collect();
        items.join(",")
    }

    /// Returns items in an object or a list that stands at `depth`.
    pub(super) fn wrap(&self, open: char, items: &[String], close: char, depth: usize) -> String {
        let inside = self.join(items, depth + 1);
        format!("{open}{inside}{}{close}", self.line(depth))
    }

    /// Returns the edit that adds `new` behind the items of a container that
    /// stands at `depth`.
    pub(super) fn append(
        &self,
        container: &Range<usize>,
        items: &[Item],
        new: &[String],
        depth: usize,
    ) -> Edit {
        let inside = self.join(new, depth + 1);
        match items.last() {
            Some(last) => Edit {
                range: last.value.end..last.value.end,
                text: format!(",{inside}"),
            },
            None => Edit {
                range: container.start + 1..container.end - 1,
                text: format!("{inside}{}", self.line(depth)),
            },
        }
    }
}

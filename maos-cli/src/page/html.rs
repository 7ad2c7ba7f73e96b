//! HTML whose texts come from anywhere: everything is escaped on its way in.

use std::fmt::{self, Display, Write as _};

use crate::output::harmless;

/// A page in the making. Only [`Html::markup`] takes text as it is, and only
/// such text as stands in this program.
#[derive(Debug, Default)]
pub(super) struct Html(String);

/// A text as it may stand in HTML, also in an attribute.
struct Escaped<'a>(&'a str);

impl Html {
    /// Adds markup of ours.
    pub(super) fn markup(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds a text, escaped, without control characters.
    pub(super) fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        let text = harmless(text.as_ref());
        // A String takes whatever is written to it.
        let _ = write!(self.0, "{}", Escaped(&text));
        self
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: impl Into<f64>) -> &mut Self {
        let _ = write!(self.0, "{:.2}", number.into());
        self
    }

    /// Adds an element with a text: `name` is markup of ours, such as `td`.
    pub(super) fn element(&mut self, name: &'static str, text: impl AsRef<str>) -> &mut Self {
        let end = name.split(' ').next().unwrap_or_default();
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
        self.text(text);
        self.0.push_str("</");
        self.0.push_str(end);
        self.0.push('>');
        self
    }

    /// Returns the page.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

impl Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => formatter.write_str("&amp;")?,
                '<' => formatter.write_str("&lt;")?,
                '>' => formatter.write_str("&gt;")?,
                '"' => formatter.write_str("&quot;")?,
                '\'' => formatter.write_str("&#39;")?,
                _ => formatter.write_char(character)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        let mut html = Html::default();
        html.markup("<p title=\"")
            .text("\"><script>alert('1')</script>&\u{1b}")
            .markup("\">")
            .element("b class=\"x\"", "a<b");
        assert_eq!(
            html.finish(),
            "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;\\u{1b}\"><b class=\"x\">a&lt;b</b>"
        );
    }
}

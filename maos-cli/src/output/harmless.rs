//! Texts that come from anywhere, without what a terminal would obey.

/// Returns `text` with every character written out that a terminal would obey
/// instead of showing it.
pub(crate) fn harmless(text: &str) -> String {
    let show = |character: char| match character {
        '\t' => " ".to_owned(),
        _ if steers(character) => character.escape_default().to_string(),
        _ => character.to_string(),
    };
    text.chars().map(show).collect()
}

/// Returns JSON with the same characters written as JSON can write them. They
/// stand in its texts alone.
pub(super) fn harmless_json(json: &str) -> String {
    let show = |character: char| {
        if steers(character) {
            format!("\\u{:04x}", u32::from(character))
        } else {
            character.to_string()
        }
    };
    json.chars().map(show).collect()
}

/// Whether a terminal would obey the character. Direction marks can make a line
/// read as another.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("a\tb\u{1b}[2J\nc\u{202e}é"),
            "a b\\u{1b}[2J\\nc\\u{202e}é"
        );
        assert_eq!(harmless("\u{9b}2J"), "\\u{9b}2J");
    }

    #[test]
    fn json_says_the_same_without_steering() {
        let text = "a\u{9b}\u{7f}\u{202e}\u{1b}\n";
        let json = harmless_json(&serde_json::to_string(text).unwrap());
        assert_eq!(json, r#""a\u009b\u007f\u202e\u001b\n""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}

//! The terminal provider: sequences that the client emits for us. They work
//! over ssh, since the terminal at the person's end understands them.

use super::Message;

/// Returns the sequences that notify (OSC 777, and OSC 9 for terminals that
/// know only that) and ring the bell.
#[must_use]
pub fn sequence(message: &Message) -> String {
    let Message { title, text } = message;
    format!("\x1b]777;notify;{title};{text}\x07\x1b]9;{title}: {text}\x07\x07")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sequences_name_project_and_text() {
        let message = Message {
            title: "shop".to_owned(),
            text: "done".to_owned(),
        };
        assert_eq!(
            sequence(&message),
            "\u{1b}]777;notify;shop;done\u{7}\u{1b}]9;shop: done\u{7}\u{7}"
        );
    }
}

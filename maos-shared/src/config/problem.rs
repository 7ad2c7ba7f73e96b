//! What is wrong with a `maos.toml`, in words that a model may read: what stands
//! in the file can be a key.

/// Longest name of a setting that is told as it stands in the file, in bytes.
const NAME_BYTES: usize = 24;

/// Returns what the parser says, in one line and without what it quotes of the
/// file, but for the name of a setting that looks like one: line and column say
/// where it stands.
pub(super) fn told(message: &str) -> String {
    const EXPECTED: &str = ", expected ";
    let message = message.replace('\n', " ");
    // What was expected are words of ours.
    let end = message.rfind(EXPECTED).unwrap_or(message.len());
    let end = if message.starts_with("expected ") {
        0
    } else {
        end
    };
    let (found, expected) = message.split_at(end);
    let quotes = ['`', '"'];
    let (Some(begin), Some(end)) = (found.find(quotes), found.rfind(quotes)) else {
        return message;
    };
    let quoted = found.get(begin + 1..end).unwrap_or_default();
    if found.contains("field") && is_name(quoted) {
        return message;
    }
    let (before, behind) = (&found[..begin], &found[end + 1..]);
    format!("{}{behind}{expected}", before.trim_end())
}

/// Returns whether a text can be the name of a setting; keys hold digits or
/// capital letters, and are long.
fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'-';
    text.len() <= NAME_BYTES && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_file_is_not_told() {
        for (message, expected) in [
            (
                "unknown field `loud`, expected `a` or `b`",
                "unknown field `loud`, expected `a` or `b`",
            ),
            (
                "unknown field `sk-123`, expected `a` or `b`",
                "unknown field, expected `a` or `b`",
            ),
            (
                "invalid type: integer `123`, expected a string",
                "invalid type: integer, expected a string",
            ),
            (
                "invalid type: string \"a`b\\\", expected c\", expected struct X",
                "invalid type: string, expected struct X",
            ),
            (
                "unknown variant `on1`, expected `off`",
                "unknown variant, expected `off`",
            ),
            (
                "expected \"a\", \"b\", expected `c`",
                "expected \"a\", \"b\", expected `c`",
            ),
            ("missing field `reason`", "missing field `reason`"),
            (
                "unclosed table,\nexpected `]`",
                "unclosed table, expected `]`",
            ),
        ] {
            assert_eq!(told(message), expected);
        }
    }
}

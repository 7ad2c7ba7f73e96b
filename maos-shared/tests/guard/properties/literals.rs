//! How languages write a text down as it is.

/// For a shell, in single quotes.
pub(crate) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// For a shell, in double quotes.
pub(crate) fn shell_double(text: &str) -> String {
    format!("\"{}\"", escaped(text, "\\\"$`"))
}

/// For JSON, JavaScript and Python.
pub(crate) fn json(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// For awk and Lua, whose escapes are those of C.
pub(crate) fn c(text: &str) -> String {
    let text = escaped(text, "\\\"").replace('\n', "\\n");
    format!("\"{}\"", text.replace('\t', "\\t"))
}

/// For Perl, PHP and Ruby, in single quotes.
pub(crate) fn single(text: &str) -> String {
    format!("'{}'", escaped(text, "\\'"))
}

/// For backquotes of a shell, without them.
pub(crate) fn backquoted(text: &str) -> String {
    escaped(text, "\\`")
}

/// Returns the text in base64.
pub(crate) fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for group in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            match digit <= group.len() {
                true => {
                    let value = bits >> (18 - 6 * digit) & 63;
                    encoded.push(char::from(DIGITS[value as usize]));
                }
                false => encoded.push('='),
            }
        }
    }
    encoded
}

fn escaped(text: &str, special: &str) -> String {
    let escape = |c: char| match special.contains(c) {
        true => format!("\\{c}"),
        false => c.to_string(),
    };
    text.chars().map(escape).collect()
}

#[test]
fn base64_is_what_everybody_decodes() {
    assert_eq!(base64("a"), "YQ==");
    assert_eq!(base64("rm -rf /"), "cm0gLXJmIC8=");
    assert_eq!(base64("abc"), "YWJj");
}

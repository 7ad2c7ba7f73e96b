//! Texts that stand for others.

/// Returns the text that base64 stands for.
pub(in crate::guard) fn base64(text: &str) -> Option<String> {
    let value = |byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    in_bits(text, 6, value)
}

/// Returns the text that base32 stands for.
pub(in crate::guard) fn base32(text: &str) -> Option<String> {
    let value = |byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'2'..=b'7' => Some(byte - b'2' + 26),
        _ => None,
    };
    in_bits(text, 5, value)
}

/// Returns the text that hexadecimal digits stand for.
pub(in crate::guard) fn hexadecimal(text: &str) -> Option<String> {
    let value = |byte| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    in_bits(text, 4, value)
}

/// Returns the text whose bytes are these digits of so many bits, white space
/// and `=` aside; `None` where another character is among them.
fn in_bits(text: &str, digit: u32, value: impl Fn(u8) -> Option<u8>) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.bytes() {
        if byte == b'=' || byte.is_ascii_whitespace() {
            continue;
        }
        bits = (bits << digit) | u32::from(value(byte)?);
        count += digit;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
            bits &= (1 << count) - 1;
        }
    }
    bytes.retain(|byte| *byte != 0);
    String::from_utf8(bytes).ok()
}

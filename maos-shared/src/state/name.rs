//! File names from ids that the client, and so possibly a model, chose.

use std::fmt;

use sha2::{Digest, Sha256};

/// Longest id that is kept as it is, in bytes.
const LONGEST: usize = 64;

/// A file name that stays in its folder whatever the id was.
///
/// Lower-case letters, digits, `-` and `_` are kept; every other id (`..`, upper
/// case where file systems fold it, newlines, overlong ones) is replaced by
/// `id-` and its SHA-256, so that two ids never share a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SafeName(String);

impl SafeName {
    /// Returns the file name for `id`.
    #[must_use]
    pub fn new(id: &str) -> Self {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let safe = !id.is_empty()
            && id.len() <= LONGEST
            && plain(id.as_bytes()[0])
            && !id.starts_with("id-")
            && id.bytes().all(|b| plain(b) || b == b'-' || b == b'_');
        if safe {
            Self(id.to_owned())
        } else {
            Self(format!("id-{}", sha256_hex(id.as_bytes())))
        }
    }

    /// Returns it as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        hex.push(char::from(DIGITS[usize::from(byte >> 4)]));
        hex.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_own_ids_are_kept() {
        for id in ["a5584d067ecffbeda", "551eae24-6f9f-488e-9830-18aa5177b1b0"] {
            assert_eq!(SafeName::new(id).as_str(), id);
        }
    }

    #[test]
    fn odd_ids_become_one_safe_component_each() {
        let long = "a".repeat(65);
        let odd = [
            "", ".", "..", "../x", "a/b", "a\nb", "a\0b", "A", "-rf", "é", "a.b", "id-1", &long,
        ];
        let names: std::collections::BTreeSet<_> = odd.iter().map(|id| SafeName::new(id)).collect();
        assert_eq!(names.len(), odd.len(), "no two share a name");
        for name in names {
            assert!(name.as_str().starts_with("id-"), "{name}");
            assert_eq!(name.as_str().len(), 67);
        }
    }

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}

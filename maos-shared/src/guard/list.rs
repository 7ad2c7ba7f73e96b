//! Lists of names in tables.

use memchr::memchr_iter;

/// Names, separated by white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct List(pub(super) &'static str);

impl List {
    /// Returns whether this is one of the names, letter by letter. It is asked
    /// for every word of a command and mostly in vain, so it goes from one
    /// occurrence of the first letter to the next.
    pub(super) fn has(self, name: &str) -> bool {
        let (list, name) = (self.0.as_bytes(), name.as_bytes());
        let Some(first) = name.first() else {
            return false;
        };
        let is_space = |at: usize| list.get(at).is_none_or(u8::is_ascii_whitespace);
        let begins = |at: usize| at == 0 || is_space(at - 1);
        let ends = |at: usize| is_space(at + name.len());
        memchr_iter(*first, list).any(|at| begins(at) && ends(at) && list[at..].starts_with(name))
            && !name.iter().any(u8::is_ascii_whitespace)
    }

    /// Returns the names in order.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.split_ascii_whitespace()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_names_and_no_parts_of_them() {
        let list = List("one two  three");
        for name in ["one", "two", "three"] {
            assert!(list.has(name), "{name}");
        }
        for no_name in ["", " ", "thr", "hree", "wo", "one two", "two ", "three "] {
            assert!(!list.has(no_name), "{no_name:?}");
        }
    }
}

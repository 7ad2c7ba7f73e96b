//! Lists of names in tables.

// The plain search: a faster one would first ask the processor what it can do,
// which a virtual machine answers slowly.
use memchr::arch::all::memchr::One;

/// Names, separated by white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    names: &'static str,
    marks: Marks,
}

/// Which [`mark`]s the names of lists have, a bit each: of about every other
/// name they say at once that it is in none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks([u64; 4]);

impl Marks {
    pub(super) const NONE: Self = Self([0; 4]);

    /// Returns the marks of the names of this list as well.
    pub(super) const fn and(self, list: List) -> Self {
        let (Self([a, b, c, d]), Self([e, f, g, h])) = (self, list.marks);
        Self([a | e, b | f, c | g, d | h])
    }

    /// Returns whether a name may be in one of the lists.
    #[inline]
    pub(super) fn may_have(&self, name: Marked<'_>) -> bool {
        self.0[name.mark >> 6] >> (name.mark & 63) & 1 == 1
    }
}

/// A name that is looked for in several lists.
#[derive(Clone, Copy)]
pub(super) struct Marked<'a> {
    name: &'a str,
    mark: usize,
}

impl<'a> Marked<'a> {
    /// Returns a name with its mark; nothing for an empty one, which no list has.
    #[inline]
    pub(super) fn of(name: &'a str) -> Option<Self> {
        let bytes = name.as_bytes();
        let mark = mark(*bytes.first()?, *bytes.last()?, bytes.len());
        Some(Self { name, mark })
    }
}

/// Returns the list of these names; in a constant, all work is done when the
/// program is built.
#[expect(
    non_snake_case,
    reason = "the tables are full of lists, which read best as the values that they are"
)]
pub(super) const fn List(names: &'static str) -> List {
    let (bytes, mut marks) = (names.as_bytes(), [0_u64; 4]);
    let (mut start, mut at) = (0, 0);
    while at <= bytes.len() {
        if at == bytes.len() || bytes[at].is_ascii_whitespace() {
            if start < at {
                let mark = mark(bytes[start], bytes[at - 1], at - start);
                marks[mark >> 6] |= 1 << (mark & 63);
            }
            start = at + 1;
        }
        at += 1;
    }
    List {
        names,
        marks: Marks(marks),
    }
}

/// Returns a number below 256 in which most names differ: from the first and the
/// last letter and the length.
#[expect(clippy::cast_possible_truncation, reason = "a mark may be any")]
const fn mark(first: u8, last: u8, length: usize) -> usize {
    let letters = first.wrapping_mul(37) ^ last.wrapping_mul(101);
    letters.wrapping_add((length as u8).wrapping_mul(59)) as usize
}

impl List {
    /// Returns whether this is one of the names, letter by letter. It is asked
    /// for every word of a command and mostly in vain, so the mark of the name is
    /// looked at first, then one occurrence of its first letter after the other.
    #[inline]
    pub(super) fn has(&self, name: &str) -> bool {
        Marked::of(name).is_some_and(|name| self.has_marked(name))
    }

    /// As [`List::has`], for a name that several lists are asked for.
    #[inline]
    pub(super) fn has_marked(&self, name: Marked<'_>) -> bool {
        self.marks.may_have(name) && self.finds(name.name.as_bytes())
    }

    #[inline(never)]
    fn finds(&self, name: &[u8]) -> bool {
        let list = self.names.as_bytes();
        let Some(first) = name.first() else {
            return false;
        };
        let is_space = |at: usize| list.get(at).is_none_or(u8::is_ascii_whitespace);
        let begins = |at: usize| at == 0 || is_space(at - 1);
        let ends = |at: usize| is_space(at + name.len());
        One::new(*first)
            .iter(list)
            .any(|at| begins(at) && ends(at) && list[at..].starts_with(name))
            && !name.iter().any(u8::is_ascii_whitespace)
    }

    /// Returns the names in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.split_ascii_whitespace()
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

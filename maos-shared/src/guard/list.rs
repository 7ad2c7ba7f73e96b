//! Lists of names in tables.

// The plain search: a faster one would first ask the processor what it can do,
// which a virtual machine answers slowly.
use memchr::arch::all::memchr::One;

/// Names, separated by white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    names: &'static str,
    marks: Marks<4>,
}

/// The marks of names, in this many times 64 bits: of most names that are not
/// among them, it says so at once.
#[derive(Clone, Copy, Debug)]
struct Marks<const N: usize>([u64; N]);

impl<const N: usize> Marks<N> {
    const NONE: Self = Self([0; N]);

    /// Returns these marks and those of the names of a list.
    const fn with(self, names: &str) -> Self {
        let (bytes, mut marks) = (names.as_bytes(), self.0);
        let (mut start, mut at) = (0, 0);
        while at <= bytes.len() {
            if at == bytes.len() || bytes[at].is_ascii_whitespace() {
                if start < at {
                    let (first, middle, last) = (
                        bytes[start],
                        bytes[usize::midpoint(start, at)],
                        bytes[at - 1],
                    );
                    let mark = mark(first, middle, last, at - start);
                    let [one, other] = Self::bits(mark);
                    marks[one / 64] |= 1 << (one % 64);
                    marks[other / 64] |= 1 << (other % 64);
                }
                start = at + 1;
            }
            at += 1;
        }
        Self(marks)
    }

    /// Returns the two bits of a mark.
    const fn bits(Mark(mark): Mark) -> [usize; 2] {
        let mark = mark as usize;
        [mark % (N * 64), (mark >> 21) % (N * 64)]
    }

    #[inline]
    fn may_have(&self, mark: Mark) -> bool {
        Self::bits(mark)
            .iter()
            .all(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1)
    }
}

/// A number in which most names differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark(u32);

impl Mark {
    /// Returns the mark of a name.
    #[inline]
    pub(super) fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let at = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let last = bytes.last().copied().unwrap_or_default();
        mark(at(0), at(bytes.len() / 2), last, bytes.len())
    }
}

/// Returns the mark of a name with these letters and this length.
#[expect(clippy::cast_possible_truncation, reason = "a mark may be any")]
const fn mark(first: u8, middle: u8, last: u8, length: usize) -> Mark {
    let letters = u32::from_le_bytes([first, middle, last, length as u8]);
    let mixed = letters.wrapping_mul(0x9E37_79B1);
    Mark((mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77))
}

/// All names that a part of the guard knows, or a few more: of most others it
/// says at once that they are none.
#[derive(Clone, Copy)]
pub(super) struct Names(Marks<32>);

impl Names {
    /// Returns the names of a list.
    pub(super) const fn of(list: List) -> Self {
        Self(Marks::NONE.with(list.names))
    }

    /// Returns these names and those of a list.
    pub(super) const fn and(self, list: List) -> Self {
        Self(self.0.with(list.names))
    }

    /// Returns these names and others.
    pub(super) const fn and_all(self, others: &Self) -> Self {
        let (mut marks, mut at) = (self.0.0, 0);
        while at < marks.len() {
            marks[at] |= others.0.0[at];
            at += 1;
        }
        Self(Marks(marks))
    }

    /// Returns whether a name with this mark may be one of them.
    pub(super) fn may_have(&self, mark: Mark) -> bool {
        self.0.may_have(mark)
    }
}

/// A table with an entry for some names each.
pub(super) struct Table<T: 'static> {
    entries: &'static [T],
    field: fn(&T) -> &List,
    names: Names,
}

/// Returns the [`Table`] of these entries, whose names are in the field; in a
/// constant, all work is done when the program is built.
macro_rules! table {
    ($entries:expr, $names:tt) => {{
        let entries: &'static [_] = $entries;
        let mut table = $crate::guard::list::Table::new(entries, |one| &one.$names);
        let mut at = 0;
        while at < entries.len() {
            table = table.with(entries[at].$names);
            at += 1;
        }
        table
    }};
}
pub(super) use table;

impl<T> Table<T> {
    /// Returns a table that knows no name of its entries yet: for [`table!`].
    pub(super) const fn new(entries: &'static [T], field: fn(&T) -> &List) -> Self {
        let names = Names(Marks::NONE);
        Self {
            entries,
            field,
            names,
        }
    }

    /// Returns it with the names of one of its entries: for [`table!`].
    pub(super) const fn with(self, list: List) -> Self {
        let names = self.names.and(list);
        Self { names, ..self }
    }

    /// Returns the names of all its entries.
    pub(super) const fn names(&self) -> &Names {
        &self.names
    }

    /// Returns the first entry for a name.
    pub(super) fn find(&self, name: &str) -> Option<&'static T> {
        self.all(name).next()
    }

    /// Returns all entries for a name.
    pub(super) fn all<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = &'static T> + use<'a, T> {
        let mark = Mark::of(name);
        let entries = match self.names.may_have(mark) {
            true => self.entries,
            false => &[],
        };
        let is_for = move |entry: &&T| (self.field)(entry).has_marked(name, mark);
        entries.iter().filter(is_for)
    }
}

/// Returns the list of these names; in a constant, all work is done when the
/// program is built.
#[expect(
    non_snake_case,
    reason = "the tables are full of lists, which read best as the values that they are"
)]
pub(super) const fn List(names: &'static str) -> List {
    let marks = Marks::NONE.with(names);
    List { names, marks }
}

impl List {
    /// Returns whether this is one of the names, letter by letter. It is asked
    /// for every word of a command and mostly in vain, so the mark of the name is
    /// looked at first, then one occurrence of its first letter after the other.
    #[inline]
    pub(super) fn has(&self, name: &str) -> bool {
        self.has_marked(name, Mark::of(name))
    }

    #[inline]
    fn has_marked(&self, name: &str, mark: Mark) -> bool {
        self.marks.may_have(mark) && self.finds(name.as_bytes())
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

    #[test]
    fn a_table_finds_the_entries_of_a_name() {
        const ENTRIES: [(List, u8); 3] = [(List("a bc"), 1), (List("d"), 2), (List("bc"), 3)];
        static TABLE: Table<(List, u8)> = table!(&ENTRIES, 0);
        let numbers = |name| TABLE.all(name).map(|(_, number)| *number);
        assert_eq!(numbers("bc").collect::<Vec<_>>(), [1, 3]);
        assert_eq!(TABLE.find("bc").map(|(_, number)| *number), Some(1));
        assert_eq!(numbers("b").chain(numbers("")).count(), 0);
    }

    #[test]
    fn all_names_are_known_and_few_others() {
        const LIST: List = List("bash dash fish ksh sh zsh");
        let names = Names::of(List("eval source")).and(LIST);
        let all = LIST.names().chain(["eval", "source"]);
        for name in all {
            assert!(names.may_have(Mark::of(name)), "{name}");
        }
        let others = (0..1_000).map(|number| format!("program-{number}"));
        let known = others.filter(|name| names.may_have(Mark::of(name)));
        assert!(known.count() < 50);
    }
}

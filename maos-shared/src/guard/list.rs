//! Lists of names in tables.

/// Names, separated by white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct List(pub(super) &'static str);

impl List {
    /// Returns whether this is one of the names, letter by letter.
    pub(super) fn has(self, name: &str) -> bool {
        self.names().any(|listed| listed == name)
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
        assert!(list.has("three") && !list.has("thr") && !list.has("") && !list.has("one two"));
    }
}

//! A JSON text and the places of its values. Edits are cut into the text, so
//! every byte that they do not mean stays: order, spacing, numbers, escapes.

use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One member of an object or one element of an array.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The member's name; empty for an element.
    pub(super) key: String,
    /// Where the item begins: at its key, or at the element itself.
    pub(super) start: usize,
    /// Where its value stands.
    pub(super) value: Range<usize>,
}

/// A replacement of one range of the text.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// Returns the range of the one value that `text` holds.
///
/// # Errors
/// When the text is not one JSON value.
pub(super) fn root(text: &str) -> serde_json::Result<Range<usize>> {
    let value: &RawValue = serde_json::from_str(text)?;
    Ok(range_in(text, value))
}

/// Returns the members of the object at `place` in their order, or `None` when
/// no object stands there.
pub(super) fn members(text: &str, place: &Range<usize>) -> Option<Vec<Item>> {
    let Members(pairs) = serde_json::from_str(&text[place.clone()]).ok()?;
    let item = |(key, value): (&RawValue, &RawValue)| Item {
        // A name that is no string of Unicode is none that we look for.
        key: serde_json::from_str(key.get()).unwrap_or_default(),
        start: range_in(text, key).start,
        value: range_in(text, value),
    };
    Some(pairs.into_iter().map(item).collect())
}

/// Returns the elements of the array at `place` in their order, or `None` when
/// no array stands there.
pub(super) fn elements(text: &str, place: &Range<usize>) -> Option<Vec<Item>> {
    let values: Vec<&RawValue> = serde_json::from_str(&text[place.clone()]).ok()?;
    let item = |value: &RawValue| {
        let value = range_in(text, value);
        Item {
            key: String::new(),
            start: value.start,
            value,
        }
    };
    Some(values.into_iter().map(item).collect())
}

/// Returns the edits that take the items out for which `keep` is false, with
/// the commas and spaces between; `container` is their object or array.
pub(super) fn removals(container: &Range<usize>, items: &[Item], keep: &[bool]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = 0;
    while at < items.len() {
        if keep[at] {
            at += 1;
            continue;
        }
        let run = keep[at..].iter().take_while(|kept| !**kept).count();
        let (first, after) = (at, at + run);
        let range = if first > 0 {
            items[first - 1].value.end..items[after - 1].value.end
        } else if after < items.len() {
            items[0].start..items[after].start
        } else {
            container.start + 1..container.end - 1
        };
        edits.push(Edit {
            range,
            text: String::new(),
        });
        at = after;
    }
    edits
}

/// Returns `text` with every edit made. The edits must not overlap.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.range.start);
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        result.push_str(&text[copied..edit.range.start]);
        result.push_str(&edit.text);
        copied = edit.range.end;
    }
    result.push_str(&text[copied..]);
    result
}

/// An object's members in their order, names and values as they are written.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Members(pairs))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Returns where `part`, which borrows from `text`, stands in it.
fn range_in(text: &str, part: &RawValue) -> Range<usize> {
    let start = part.get().as_ptr().addr() - text.as_ptr().addr();
    start..start + part.get().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, keep: &[bool]) -> String {
        let place = root(text).unwrap();
        let items = elements(text, &place)
            .or_else(|| members(text, &place))
            .unwrap();
        apply(text, removals(&place, &items, keep))
    }

    #[test]
    fn removes_first_middle_last_and_all() {
        let text = "[ 1,\n 2 , 3,4 ]";
        assert_eq!(without(text, &[false, true, true, true]), "[ 2 , 3,4 ]");
        assert_eq!(without(text, &[true, false, true, true]), "[ 1 , 3,4 ]");
        assert_eq!(without(text, &[true, true, false, false]), "[ 1,\n 2 ]");
        assert_eq!(without(text, &[false, true, false, true]), "[ 2,4 ]");
        assert_eq!(without(text, &[false; 4]), "[]");
    }

    #[test]
    fn members_keep_order_spelling_and_doubles() {
        let text = " {\"z\": 1.00, \"a\\u0062\" : 1e999, \"z\": []}\n";
        let items = members(text, &root(text).unwrap()).unwrap();
        let seen: Vec<_> = items
            .iter()
            .map(|item| (item.key.as_str(), &text[item.value.clone()]))
            .collect();
        assert_eq!(seen, [("z", "1.00"), ("ab", "1e999"), ("z", "[]")]);
        assert_eq!(
            without(text, &[true, false, true]),
            " {\"z\": 1.00, \"z\": []}\n"
        );
    }
}

use super::*;

/// Entries as git writes them, of files of a certain time.
fn entry(path: &str, time: u32, size: u32) -> Vec<u8> {
    let blob = Blob {
        mode: "100644".to_owned(),
        id: "ab".repeat(ID),
    };
    let mut bytes = blank(path.as_bytes(), &blob).unwrap();
    bytes[TIME..TIME + 4].copy_from_slice(&time.to_be_bytes());
    bytes[SIZE..SIZE + 4].copy_from_slice(&size.to_be_bytes());
    bytes
}

fn file(entries: &[Vec<u8>], trees: Option<&[u8]>) -> Vec<u8> {
    let mut text = Writer::for_bytes(0);
    for entry in entries {
        text.put(entry);
    }
    signed(text.close(trees))
}

fn paths(text: &[u8]) -> Vec<String> {
    let parsed = IndexFile::parse(text).unwrap();
    let path = |entry: &Entry<'_>| String::from_utf8(entry.path.to_vec()).unwrap();
    parsed.entries.iter().map(path).collect()
}

#[test]
fn entries_are_put_in_replaced_and_left_out_in_order() {
    let old = ["a", "b/c", "b/d", "z"].map(|path| entry(path, 1, 5));
    let new = ["a0", "b/c", "zz"].map(|path| entry(path, 2, 6));
    let (old, new) = (file(&old, None), file(&new, None));
    let (old, new) = (
        IndexFile::parse(&old).unwrap(),
        IndexFile::parse(&new).unwrap(),
    );
    let removed = BTreeSet::from([&b"b/d"[..], b"not there"]);
    let draft = || old.with(&new, &removed, (9, 0)).unwrap();
    let merged = draft().finish(&new).unwrap();
    assert_eq!(paths(&merged), ["a", "a0", "b/c", "z", "zz"]);
    let merged = IndexFile::parse(&merged).unwrap();
    assert!(merged.has(b"b/c") && !merged.has(b"b/d"));
    let times: Vec<_> = merged.entries.iter().map(|it| it.time().unwrap()).collect();
    assert_eq!(times, [(1, 0), (2, 0), (2, 0), (1, 0), (2, 0)]);

    // What git came to know of the files meanwhile is in it, and nothing else.
    let later = file(&["a0", "b/c", "zz"].map(|path| entry(path, 7, 6)), None);
    let later = IndexFile::parse(&later).unwrap();
    let merged = draft().finish(&later).unwrap();
    let merged = IndexFile::parse(&merged).unwrap();
    let times: Vec<_> = merged.entries.iter().map(|it| it.time().unwrap()).collect();
    assert_eq!(times, [(1, 0), (7, 0), (7, 0), (1, 0), (7, 0)]);
    for others in [&["a0", "b/c"][..], &["a0", "b/c", "zy"]] {
        let others: Vec<_> = others.iter().map(|path| entry(path, 7, 6)).collect();
        let others = file(&others, None);
        let others = IndexFile::parse(&others).unwrap();
        assert!(draft().finish(&others).is_none());
    }
}

#[test]
fn an_entry_as_new_as_its_index_is_to_be_looked_at() {
    let old = file(&[entry("a", 8, 5), entry("b", 9, 5)], None);
    let nothing = file(&[], None);
    let old = IndexFile::parse(&old).unwrap();
    let nothing = IndexFile::parse(&nothing).unwrap();
    let merged = old.with(&nothing, &BTreeSet::new(), (9, 0)).unwrap();
    let merged = merged.finish(&nothing).unwrap();
    let merged = IndexFile::parse(&merged).unwrap();
    let sizes = merged.entries.iter().map(|it| it.bytes[SIZE + 3]);
    assert_eq!(sizes.collect::<Vec<_>>(), [5, 0]);
}

#[test]
fn the_trees_above_a_changed_path_are_forgotten_and_no_others() {
    let id = "i".repeat(ID);
    let tree = |name: &str, counts: &str| format!("{name}\0{counts}\n{id}");
    let trees = [
        tree("", "4 2"),
        tree("b", "2 1"),
        tree("deep", "1 0"),
        tree("b0", "1 0"),
    ]
    .concat();
    let changed = BTreeSet::from([&b"b/x"[..]]);
    let left = without(trees.as_bytes(), &changed).unwrap();
    let wanted = [
        "\0-1 2\n".to_owned(),
        "b\0-1 1\n".to_owned(),
        tree("deep", "1 0"),
        tree("b0", "1 0"),
    ];
    assert_eq!(String::from_utf8(left).unwrap(), wanted.concat());
    let same = without(trees.as_bytes(), &BTreeSet::new()).unwrap();
    assert_eq!(String::from_utf8(same).unwrap(), trees);
    for damaged in ["b", "\0x 0\n", "\x004 0\nshort", "\0-1 0\n\0-1 0\n"] {
        assert_eq!(without(damaged.as_bytes(), &changed), None, "{damaged:?}");
    }
}

#[test]
fn what_is_not_of_the_usual_kind_is_left_to_git() {
    let usual = file(&[entry("a", 1, 5)], Some(b"\0-1 0\n"));
    assert!(IndexFile::parse(&usual).is_some());
    let changed = |at: usize, byte: u8| {
        let mut text = usual.clone();
        text[at] = byte;
        text
    };
    let flags = HEAD.len() + 4 + FIXED - 2;
    let part = usual.len() - ID - 14;
    assert_eq!(&usual[part..part + 4], TREES);
    for (text, why) in [
        (changed(7, 4), "version 4"),
        (changed(flags, 0x10), "a conflict"),
        (changed(flags, 0x40), "more flags"),
        (changed(part, b'l'), "a part that cannot be left out"),
        (changed(11, 9), "fewer entries than it says"),
        (file(&[entry("b", 1, 1), entry("a", 1, 1)], None), "order"),
        (Vec::new(), "nothing"),
    ] {
        assert!(IndexFile::parse(&text).is_none(), "{why}");
    }
    for end in 0..usual.len() {
        // However it is cut, that is said and nothing else happens.
        IndexFile::parse(&usual[..end]);
    }
    let long = Blob {
        mode: "100644".to_owned(),
        id: "ab".repeat(32),
    };
    assert_eq!(blank(b"a", &long), None, "ids of SHA-256");
}

//! Git's index file (`gitformat-index(5)`), as far as it takes to put the entries
//! of one into another: version 2, ids of 20 bytes, nothing in conflict. Whatever
//! else there may be is left to git.

use super::difference::{Change, Entry as Blob};
use sha1::{Digest, Sha1};
use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;

/// How the file begins: a word, and the version.
const HEAD: &[u8] = b"DIRC\0\0\0\x02";
/// Bytes of an id.
const ID: usize = 20;
/// Bytes of an entry before its path.
const FIXED: usize = 62;
/// Where an entry has the time of its file's last change, and its size.
const TIME: usize = 8;
const SIZE: usize = 36;
/// The bits of the flags that tell of a conflict, or of more flags.
const UNUSUAL: u16 = 0x7000;
/// The longest path that the flags can tell.
const LONGEST: usize = 0xfff;
/// The name of the part that knows the trees of the entries.
const TREES: &[u8] = b"TREE";

/// What is in an index file.
#[derive(Debug)]
pub(super) struct IndexFile<'a> {
    /// Of the whole file, bytes.
    length: usize,
    entries: Vec<Entry<'a>>,
    /// The trees of the folders, where they are known.
    trees: Option<&'a [u8]>,
}

/// One entry: all of its bytes, and its path in them.
#[derive(Debug)]
struct Entry<'a> {
    path: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> IndexFile<'a> {
    /// Reads a file; nothing where it is not of the usual kind.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let length = bytes.len();
        let (bytes, _) = bytes.split_at_checked(bytes.len().checked_sub(ID)?)?;
        let mut rest = bytes.strip_prefix(HEAD)?;
        let count = number(&mut rest)?;
        let mut entries = Vec::with_capacity(count.min(length / FIXED));
        for _ in 0..count {
            entries.push(Entry::parse(&mut rest)?);
        }
        let mut trees = None;
        while !rest.is_empty() {
            let (name, length) = (take(&mut rest, 4)?, number(&mut rest)?);
            let part = take(&mut rest, length)?;
            match name {
                TREES => trees = Some(part),
                // Git can do without it.
                [b'A'..=b'Z', ..] => {}
                _ => return None,
            }
        }
        let is_sorted = entries.is_sorted_by(|one, other| one.path < other.path);
        is_sorted.then_some(Self {
            length,
            entries,
            trees,
        })
    }

    /// Returns whether there is an entry for a path.
    pub(super) fn has(&self, path: &[u8]) -> bool {
        let found = self.entries.binary_search_by(|entry| entry.path.cmp(path));
        found.is_ok()
    }

    /// Returns a file with the entries of `newer` put in, in the place of those of
    /// the same paths, and without those of `removed`. What `newer` knows of its
    /// files may still change.
    ///
    /// `time` is that of this file, seconds and nanoseconds: an entry that is not
    /// older may have changed after it was looked at, so git is to look again.
    pub(super) fn with(
        &self,
        newer: &IndexFile<'_>,
        removed: &BTreeSet<&[u8]>,
        time: (u32, u32),
    ) -> Option<Draft> {
        let mut merged = Writer::for_bytes(self.length + newer.length);
        let mut new = newer.entries.iter().peekable();
        let mut places = Vec::with_capacity(newer.entries.len());
        for old in &self.entries {
            while let Some(entry) = new.next_if(|entry| entry.path < old.path) {
                places.push(merged.put(entry.bytes));
            }
            if let Some(entry) = new.next_if(|entry| entry.path == old.path) {
                places.push(merged.put(entry.bytes));
            } else if !removed.contains(old.path) {
                merged.put(old.bytes);
                if old.time()? >= time {
                    merged.forget_size(old.bytes.len());
                }
            }
        }
        places.extend(new.map(|entry| merged.put(entry.bytes)));
        let mut changed = removed.clone();
        changed.extend(newer.entries.iter().map(|entry| entry.path));
        let trees = self.trees.map(|trees| without(trees, &changed));
        let text = merged.close(trees.flatten().as_deref());
        Some(Draft { text, places })
    }
}

/// A file whose new entries know nothing of their files yet.
#[derive(Debug)]
pub(super) struct Draft {
    /// Without its sum.
    text: Vec<u8>,
    /// Where the new entries begin, in their order.
    places: Vec<usize>,
}

impl Draft {
    /// Returns the text of the file with the entries of `newer`, which are those
    /// that were put in, once git knows their files; nothing where they are others.
    pub(super) fn finish(mut self, newer: &IndexFile<'_>) -> Option<Vec<u8>> {
        if newer.entries.len() != self.places.len() {
            return None;
        }
        for (at, entry) in self.places.iter().zip(&newer.entries) {
            let place = self.text.get_mut(*at..at + entry.bytes.len())?;
            if !place[FIXED..].starts_with(entry.path) {
                return None;
            }
            place.copy_from_slice(entry.bytes);
        }
        Some(signed(self.text))
    }
}

/// Returns the text of a file with an entry for what each of the changes leaves,
/// of which nothing is known but its mode and id. Nothing where an id is not of
/// the usual kind. The changes must be sorted by their paths.
pub(super) fn of_changes(changes: &[Change]) -> Option<Vec<u8>> {
    let mut text = Writer::for_bytes(changes.len() * FIXED * 2);
    for change in changes {
        if let Some(blob) = &change.new {
            text.put(&blank(change.path.as_os_str().as_bytes(), blob)?);
        }
    }
    Some(signed(text.close(None)))
}

/// Returns the bytes of an entry that git has to look at.
fn blank(path: &[u8], blob: &Blob) -> Option<Vec<u8>> {
    let mode = u32::from_str_radix(&blob.mode, 8).ok()?;
    let mut bytes = vec![0; 24];
    bytes.extend(mode.to_be_bytes());
    bytes.resize(SIZE + 4, 0);
    let id = blob.id.as_bytes().chunks_exact(2);
    for pair in id {
        bytes.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
    }
    if bytes.len() != SIZE + 4 + ID {
        return None;
    }
    let length = u16::try_from(path.len().min(LONGEST)).ok()?;
    bytes.extend(length.to_be_bytes());
    bytes.extend(path);
    bytes.resize(padded(path.len()), 0);
    Some(bytes)
}

/// Returns the length of an entry with a path of this length: at least one zero
/// behind it, up to a multiple of eight.
const fn padded(path: usize) -> usize {
    (FIXED + path + 8) & !7
}

impl<'a> Entry<'a> {
    fn parse(rest: &mut &'a [u8]) -> Option<Self> {
        let flags = rest.get(FIXED - 2..FIXED)?.first_chunk()?;
        if u16::from_be_bytes(*flags) & UNUSUAL != 0 {
            return None;
        }
        let path = memchr::memchr(0, rest.get(FIXED..)?)?;
        let bytes = take(rest, padded(path))?;
        Some(Self {
            path: &bytes[FIXED..FIXED + path],
            bytes,
        })
    }

    /// Returns when its file was changed last, seconds and nanoseconds.
    fn time(&self) -> Option<(u32, u32)> {
        let mut rest = self.bytes.get(TIME..)?;
        Some((number32(&mut rest)?, number32(&mut rest)?))
    }
}

/// The text of a file, while it is put together.
struct Writer {
    count: u32,
    /// With room for the count behind its head.
    text: Vec<u8>,
}

impl Writer {
    /// For a file of about so many bytes.
    fn for_bytes(length: usize) -> Self {
        let mut text = Vec::with_capacity(length);
        text.extend_from_slice(HEAD);
        text.extend([0; 4]);
        Self { count: 0, text }
    }

    /// Puts an entry behind the others, and returns where it begins.
    fn put(&mut self, entry: &[u8]) -> usize {
        let at = self.text.len();
        self.count += 1;
        self.text.extend_from_slice(entry);
        at
    }

    /// Makes git compare the file of the last entry, which has this length, with
    /// what it should hold.
    fn forget_size(&mut self, length: usize) {
        let size = self.text.len() - length + SIZE;
        self.text[size..size + 4].fill(0);
    }

    /// Returns the text of the file without its sum.
    fn close(self, trees: Option<&[u8]>) -> Vec<u8> {
        let Self { count, mut text } = self;
        text[HEAD.len()..HEAD.len() + 4].copy_from_slice(&count.to_be_bytes());
        if let Some(trees) = trees
            && let Ok(length) = u32::try_from(trees.len())
        {
            text.extend(TREES);
            text.extend(length.to_be_bytes());
            text.extend(trees);
        }
        text
    }
}

/// Returns the text of a file with its sum.
fn signed(mut text: Vec<u8>) -> Vec<u8> {
    let sum = Sha1::digest(&text);
    text.extend(sum);
    text
}

/// Returns the part that knows trees without those that hold `changed` paths;
/// nothing where it is damaged. Each tree has a line, `name NUL entries SPACE
/// subtrees LF id`, with those below it behind it; one that is not known has -1
/// entries and no id.
fn without(mut trees: &[u8], changed: &BTreeSet<&[u8]>) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(trees.len());
    // Of each tree that we are in: how many are still to come, and where the
    // path of the one above ends.
    let mut above: Vec<(usize, usize)> = Vec::new();
    let mut path = Vec::new();
    while !trees.is_empty() {
        while let Some((_, end)) = above.pop_if(|(left, _)| *left == 0) {
            path.truncate(end);
        }
        match above.last_mut() {
            Some((left, _)) => *left -= 1,
            None if text.is_empty() => {}
            None => return None,
        }
        let name = until(&mut trees, 0)?;
        let counts = std::str::from_utf8(until(&mut trees, b'\n')?).ok()?;
        let (entries, below) = counts.split_once(' ')?;
        let is_known = !entries.starts_with('-');
        let id = take(&mut trees, if is_known { ID } else { 0 })?;
        above.push((below.parse().ok()?, path.len()));
        if !name.is_empty() {
            path.extend(name);
            path.push(b'/');
        }
        let next = changed.range(path.as_slice()..).next();
        let is_changed = next.is_some_and(|next| next.starts_with(&path));
        text.extend(name);
        text.push(0);
        let entries = if is_changed { "-1" } else { entries };
        text.extend(format!("{entries} {below}\n").bytes());
        text.extend(if is_changed { &[] } else { id });
    }
    Some(text)
}

/// Takes the bytes before the next `end`, and that.
fn until<'a>(rest: &mut &'a [u8], end: u8) -> Option<&'a [u8]> {
    let at = memchr::memchr(end, rest)?;
    let taken = take(rest, at)?;
    take(rest, 1).map(|_| taken)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn number32(rest: &mut &[u8]) -> Option<u32> {
    let bytes = take(rest, 4)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    number32(rest).and_then(|number| number.try_into().ok())
}

#[cfg(test)]
mod tests;

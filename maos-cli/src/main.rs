//! `maos`, the program for people.

fn main() {}

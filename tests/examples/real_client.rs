//! Installs the real client for the tests, and says in one line whether they
//! will run with it. Fails where npm fails for another reason than the network.

use std::io::{self, Write};

use maos_tests::Client;

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    match Client::install() {
        Ok(_) => writeln!(out, "   real client {}: installed", Client::VERSION),
        Err(why) => writeln!(
            out,
            "   real client {}: SKIPPED, {why}; its tests check nothing",
            Client::VERSION
        ),
    }
}

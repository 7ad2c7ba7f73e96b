//! The corpora beside the repository. They are not ours to copy; where they
//! are absent, the tests say so and check nothing.

use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Returns the rows of a corpus without its heading, each as its columns.
pub(crate) fn rows(name: &str) -> Option<Vec<Vec<String>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/guard");
    let Ok(text) = fs::read_to_string(folder.join(name)) else {
        // Not `eprintln!`: the test harness would keep the line back.
        writeln!(
            std::io::stderr(),
            "SKIPPED {name}: it is not beside the repository"
        )
        .expect("stderr");
        return None;
    };
    let rows = text.lines().skip(1);
    Some(
        rows.map(|row| row.split('\t').map(str::to_owned).collect())
            .collect(),
    )
}

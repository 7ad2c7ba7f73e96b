//! Our plugin, as `scripts/plugin.sh` makes it, but with links to the built
//! programs: they are large.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::program::programs_folder;
use crate::sandbox::Sandbox;

/// Returns the plugin's folder in `sandbox`, made if need be.
pub(crate) fn within(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.home().join("plugin");
    if !folder.exists() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugin");
        copy(&source, &folder);
        symlink(programs_folder(), folder.join("bin")).expect("a link to the programs");
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("the plugin's folder") {
        let entry = entry.expect("an entry of it");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a file can be copied");
        }
    }
}

//! Our plugin, as `scripts/plugin.sh` makes it, but with links to the built hooks:
//! they are large. `maos` is copied, since it looks where it lies.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;

use crate::program::programs_folder;
use crate::sandbox::Sandbox;

/// Returns the plugin's folder in `sandbox`, made if need be.
pub(crate) fn within(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.home().join("plugin");
    if !folder.exists() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugin");
        copy(&source, &folder);
        let (programs, bin) = (programs_folder(), folder.join("bin"));
        fs::create_dir(&bin).expect("a new folder");
        for event in Event::ALL {
            let program = event.program();
            symlink(programs.join(program), bin.join(program)).expect("a link to a program");
        }
        fs::copy(programs.join("maos"), bin.join("maos")).expect("a copy of maos");
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

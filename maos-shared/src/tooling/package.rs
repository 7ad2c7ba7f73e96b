//! Which Rust package a file belongs to, and whether there is a toolchain for it.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::limits::SETTINGS_BYTES;
use crate::files::read_start;
use crate::jobs::Output;

/// The edition of a package that names none.
const OLDEST: &str = "2015";
/// The editions that there are, for rustfmt's command line.
const EDITIONS: [&str; 4] = [OLDEST, "2018", "2021", "2024"];

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// The folder of the workspace that it is a member of, or its own.
    pub(super) workspace: PathBuf,
    /// Its edition.
    pub(super) edition: &'static str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    package: Option<Section>,
    workspace: Option<Workspace>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Workspace {
    package: Section,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Section {
    edition: Edition,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Edition {
    Named(String),
    Inherited {
        #[expect(dead_code, reason = "that it is there says all")]
        workspace: bool,
    },
    None,
}

impl Default for Edition {
    fn default() -> Self {
        Self::Named(OLDEST.to_owned())
    }
}

impl Package {
    /// Returns the package of `file`, which lies in `checkout`; nothing above
    /// that is looked at. `None` when it belongs to none.
    pub(super) fn of(file: &Path, checkout: &Path) -> Option<Self> {
        let folders = || {
            file.ancestors()
                .skip(1)
                .take_while(|it| it.starts_with(checkout))
        };
        let found: Vec<_> = folders()
            .filter_map(|folder| Some((folder, manifest(folder)?)))
            .collect();
        let own = found.iter().position(|(_, it)| it.package.is_some())?;
        let (folder, manifest) = &found[own];
        let workspace = found[own..].iter().find(|(_, it)| it.workspace.is_some());
        let edition = match &manifest.package.as_ref()?.edition {
            Edition::Named(edition) => edition,
            _ => match workspace.and_then(|(_, it)| it.workspace.as_ref()) {
                Some(Workspace {
                    package:
                        Section {
                            edition: Edition::Named(edition),
                        },
                }) => edition,
                _ => OLDEST,
            },
        };
        Some(Self {
            folder: folder.to_path_buf(),
            workspace: workspace
                .map_or(*folder, |(folder, _)| folder)
                .to_path_buf(),
            edition: EDITIONS.into_iter().find(|known| *known == edition)?,
        })
    }
}

/// Returns what a tool of the toolchain has put out, if it is there: rustup has a
/// program in the place of each tool, also of those that are not installed.
///
/// # Errors
/// `NotFound`.
pub(super) fn installed(output: Output) -> io::Result<Output> {
    const ABSENT: [&str; 2] = [
        "is not installed for the toolchain",
        "error: no such command",
    ];
    let said = String::from_utf8_lossy(&output.stderr);
    match !output.success && ABSENT.iter().any(|text| said.contains(text)) {
        true => Err(io::ErrorKind::NotFound.into()),
        false => Ok(output),
    }
}

fn manifest(folder: &Path) -> Option<Manifest> {
    let bytes = read_start(&folder.join("Cargo.toml"), SETTINGS_BYTES).ok()?;
    // One that is broken is cargo's to complain of.
    toml::from_str(std::str::from_utf8(&bytes).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::atomic;
    use std::fs;

    #[test]
    fn a_file_has_the_edition_of_its_package_or_workspace() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let write = |folder: &str, text: &str| {
            fs::create_dir_all(root.join(folder)).unwrap();
            atomic::replace(&root.join(folder).join("Cargo.toml"), text.as_bytes()).unwrap();
        };
        write(
            "",
            "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nedition = \"2024\"\n",
        );
        write("a", "[package]\nname = \"a\"\nedition.workspace = true\n");
        write(
            "a/b",
            "[package]\nname = \"b\"\nedition = \"2021\"\n[workspace]\n",
        );
        write("c", "[package]\nname = \"c\"\n");
        write("d", "[package\n");
        for (file, folder, workspace, edition) in [
            ("a/src/lib.rs", "a", "", "2024"),
            ("a/b/src/x/y.rs", "a/b", "a/b", "2021"),
            ("c/lib.rs", "c", "", "2015"),
        ] {
            let package = Package::of(&root.join(file), root).unwrap();
            assert_eq!(package.folder, root.join(folder), "{file}");
            assert_eq!(package.workspace, root.join(workspace), "{file}");
            assert_eq!(package.edition, edition, "{file}");
        }
        for file in ["d/lib.rs", "lib.rs"] {
            assert_eq!(Package::of(&root.join(file), root), None, "{file}");
        }
        let above = Package::of(&root.join("c/src/lib.rs"), &root.join("c/src"));
        assert_eq!(above, None, "a manifest above the checkout");
    }
}

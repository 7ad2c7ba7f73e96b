//! Tools of languages and projects that start a command in the surroundings
//! that they keep.

use super::super::super::arguments::{NONE, options};
use super::super::super::list::List;
use super::{Operands, PREFIX, Usage};

/// Tools that start a command in the surroundings that they keep.
pub(super) const TOOLS: &[Usage] = &[
    Usage {
        programs: List("direnv"),
        subcommands: List("exec"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("mise rtx asdf"),
        subcommands: List("exec x"),
        options: options("cjC", "command jobs cd"),
        texts: &[('c', "command")],
        ..PREFIX
    },
    Usage {
        programs: List("poetry pipenv rye pdm pipx bundle bundler dotenvx doppler op devbox"),
        subcommands: List("run exec"),
        options: options(
            "CPpfce",
            "command directory project env-file config profile environment",
        ),
        texts: &[(NONE, "command")],
        ..PREFIX
    },
    Usage {
        programs: List("uv"),
        subcommands: List("run"),
        options: options(
            "pmw",
            "python with with-requirements with-editable extra group only-group env-file package \
             directory project index default-index cache-dir config-file",
        ),
        folders: &[(NONE, "directory")],
        ..PREFIX
    },
    Usage {
        programs: List("conda mamba micromamba"),
        subcommands: List("run"),
        options: options("np", "name prefix cwd"),
        folders: &[(NONE, "cwd")],
        ..PREFIX
    },
    Usage {
        programs: List("rustup aws-vault chamber"),
        subcommands: List("run exec"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("npx bunx pnpx uvx"),
        options: options("cpw", "call package workspace from with python"),
        texts: &[('c', "call")],
        ..PREFIX
    },
    Usage {
        programs: List("npm pnpm yarn"),
        subcommands: List("exec x dlx"),
        options: options("cpwC", "call package workspace dir filter"),
        texts: &[('c', "call")],
        folders: &[('C', "dir")],
        ..PREFIX
    },
    Usage {
        programs: List("bun"),
        subcommands: List("x"),
        ..PREFIX
    },
    Usage {
        programs: List(
            "pyenv rbenv nodenv jenv goenv plenv phpenv volta fnm pixi infisical toolbox meson",
        ),
        subcommands: List("exec run devenv"),
        options: options(
            "eCcdrw",
            "using node npm yarn environment manifest-path env container distro release workdir",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("nvm singularity apptainer"),
        subcommands: List("exec"),
        options: options("BHSW", "bind home scratch workdir pwd env overlay"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("cross-env env-cmd"),
        options: options("fe", "file environments"),
        ..PREFIX
    },
];

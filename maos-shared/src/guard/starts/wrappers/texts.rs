//! Programs that give a text on their line to a shell.

use super::super::super::arguments::{NONE, options};
use super::super::super::list::List;
use super::{DATA, Operands, PREFIX, Usage};

/// Programs that give a text to a shell.
pub(super) const TEXTS: &[Usage] = &[
    Usage {
        programs: List("su"),
        options: options(
            "cCgGsw",
            "command session-command group supp-group shell whitelist-environment",
        ),
        texts: &[('c', "command"), ('C', "session-command")],
        ..DATA
    },
    Usage {
        programs: List("flock"),
        options: options("cwE", "command timeout wait conflict-exit-code"),
        texts: &[('c', "command")],
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("sg"),
        options: options("c", ""),
        texts: &[('c', "")],
        operands: Operands::Text { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("script"),
        options: options(
            "cEIOBTmot",
            "command echo log-in log-out log-io log-timing logging-format output-limit",
        ),
        texts: &[('c', "command")],
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("nix-shell"),
        options: options("pIA", "run command packages attr"),
        texts: &[(NONE, "run"), (NONE, "command")],
        ..DATA
    },
    Usage {
        programs: List("entr"),
        options: options("s", ""),
        texts: &[('s', "")],
        ..PREFIX
    },
    Usage {
        programs: List("watchexec"),
        options: options("wefido", "watch exts filter ignore debounce on-busy-update"),
        operands: Operands::Text { after: 0 },
        ..PREFIX
    },
    Usage {
        programs: List("ssh autossh"),
        options: options("BbcDEeFIiJLlmOopPQRSWw", ""),
        settings: &[('o', "")],
        operands: Operands::Text { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("hyperfine"),
        options: options(
            "wmMrnpscPDLSu",
            "warmup min-runs max-runs runs command-name prepare setup cleanup conclude shell \
             export-json export-csv export-markdown parameter-list parameter-scan output input",
        ),
        texts: &[
            ('p', "prepare"),
            ('s', "setup"),
            ('c', "cleanup"),
            (NONE, "conclude"),
        ],
        operands: Operands::Texts,
        ..PREFIX
    },
    Usage {
        programs: List("concurrently"),
        options: options(
            "nclmpts",
            "names prefix-colors max-processes prefix success",
        ),
        operands: Operands::Texts,
        ..PREFIX
    },
    Usage {
        programs: List("nodemon"),
        options: options("xewid", "exec ext watch ignore delay"),
        texts: &[('x', "exec")],
        ..DATA
    },
    Usage {
        programs: List("tar gtar bsdtar"),
        options: options(
            "fCITXbgHVFKLN",
            "file directory use-compress-program files-from exclude exclude-from to-command \
             info-script new-volume-script rmt-command rsh-command checkpoint-action transform",
        ),
        texts: &[
            ('I', "use-compress-program"),
            ('F', "info-script"),
            (NONE, "new-volume-script"),
            (NONE, "to-command"),
            (NONE, "rsh-command"),
            (NONE, "rmt-command"),
        ],
        settings: &[(NONE, "checkpoint-action")],
        ..DATA
    },
    Usage {
        programs: List("rsync"),
        options: options(
            "efTMB",
            "rsh rsync-path filter exclude include exclude-from include-from files-from temp-dir",
        ),
        texts: &[('e', "rsh"), (NONE, "rsync-path")],
        ..DATA
    },
    Usage {
        programs: List("man"),
        options: options("PCLmMRSseE", "pager"),
        texts: &[('P', "pager")],
        ..DATA
    },
    Usage {
        programs: List("scp sftp"),
        options: options("cDFiJloPSX", ""),
        settings: &[('o', "")],
        texts: &[('S', "")],
        ..DATA
    },
    Usage {
        programs: List("sort gsort"),
        options: options("kotST", "compress-program key output buffer-size"),
        texts: &[(NONE, "compress-program")],
        ..DATA
    },
    Usage {
        programs: List("rg"),
        options: options("efgmtTABC", "pre hostname-bin regexp file glob type"),
        texts: &[(NONE, "pre"), (NONE, "hostname-bin")],
        ..DATA
    },
    Usage {
        programs: List("compgen complete mapfile readarray"),
        options: options("AcCdFGnOPsSuWX", ""),
        texts: &[('C', "")],
        ..DATA
    },
    Usage {
        programs: List("mispipe"),
        operands: Operands::Texts,
        ..PREFIX
    },
    Usage {
        programs: List("hwatch viddy"),
        options: options("n", "interval"),
        operands: Operands::Text { after: 0 },
        ..PREFIX
    },
    Usage {
        programs: List("pueue"),
        subcommands: List("add"),
        options: options("gwdal", "group working-directory delay after label"),
        operands: Operands::Text { after: 0 },
        ..PREFIX
    },
    Usage {
        programs: List("asciinema chokidar sbatch ttyrec watchmedo when-changed"),
        options: options("cetip", "command wrap title"),
        texts: &[('c', "command"), ('e', ""), (NONE, "wrap")],
        ..DATA
    },
    Usage {
        programs: List("split gsplit"),
        options: options("abClnt", "filter"),
        texts: &[(NONE, "filter")],
        ..DATA
    },
];

//! Programs that read, and what makes some of them do more.

use super::super::arguments::{FLAGS_ONLY, NONE, leading_text, read};
use super::super::list::{List, Table, table};
use super::super::shell::Word;
use super::is_one_of;

/// Programs that read files or tell about the system, whatever their options.
const READERS: List = List(
    "\
    : [ [[ alias arch b2sum basename break cal cat cd cksum cmp colrm column comm \
    continue cut declare df diff dir dirname dirs du echo egrep exa exit expand export expr eza \
    dig false fgrep fmt fold free getconf getent getopts gojq grep groups head help hexdump \
    id join jq let local locale locate logname look ls lsb_release lsblk lscpu \
    lsd lsof md5 md5sum more netstat nl nm nproc nslookup od paste pgrep ping popd printenv \
    printf ps pushd pwd read readelf readlink readonly realpath return rev seq set sha1sum \
    sha256sum sha512sum shasum shift sleep stat strings sum tac tail test tokei tput tr true \
    tsort tty type typeset uname unexpand unset \
    uptime users vmstat w wait wc whatis whereis which who whoami zcat zegrep zfgrep zgrep \
    zmore bzcat xzcat",
);

/// Programs that read, unless one of these options is given, by letter and long
/// name.
const READERS_UNLESS: [(List, &[(char, &str)]); 21] = [
    (List("ag"), &[(NONE, "pager")]),
    (List("base64"), &[('o', "output")]),
    (
        List("bat batcat"),
        &[(NONE, "pager"), (NONE, "generate-config-file")],
    ),
    (
        List("cloc"),
        &[
            (NONE, "out"),
            (NONE, "report-file"),
            (NONE, "write-lang-def"),
        ],
    ),
    (List("date"), &[('s', "set")]),
    (List("fd fdfind"), &[('x', "exec"), ('X', "exec-batch")]),
    (List("file"), &[('C', "compile")]),
    (List("hash"), &[('p', "")]),
    (List("history"), &[('a', ""), ('w', "")]),
    (List("hostname"), &[('F', "file"), ('b', "boot")]),
    (List("jaq"), &[('i', "in-place")]),
    (List("jobs"), &[('x', "")]),
    (
        List("journalctl"),
        &[
            (NONE, "vacuum-size"),
            (NONE, "vacuum-time"),
            (NONE, "vacuum-files"),
            (NONE, "rotate"),
            (NONE, "flush"),
            (NONE, "cursor-file"),
            (NONE, "setup-keys"),
        ],
    ),
    (List("less zless"), &[('o', "log-file"), ('O', "LOG-FILE")]),
    (List("man"), &[('P', "pager"), ('H', "html")]),
    (List("rg"), &[(NONE, "pre"), (NONE, "hostname-bin")]),
    (List("sort"), &[('o', "output"), (NONE, "compress-program")]),
    (List("ss"), &[('D', "diag"), ('K', "kill")]),
    (List("tree"), &[('o', "output"), ('R', "rerun")]),
    (List("yq"), &[('i', "in-place"), ('s', "split-exp")]),
    (List("zstdcat"), &[('o', "")]),
];

/// Returns whether a program reads with these arguments, so far as what they give
/// out goes.
pub(super) fn reads(program: &str, words: &[Word]) -> bool {
    static BY_PROGRAM: Table<(List, &[(char, &str)])> = table!(&READERS_UNLESS, 0);
    let unless = || BY_PROGRAM.find(program);
    READERS.has(program)
        || unless().is_some_and(|(_, options)| !has_any(words, options))
        || shows(program, words)
}

/// What programs with many tasks are asked for that only shows.
const SHOWING: [(List, List); 6] = [
    (
        List("docker podman nerdctl"),
        List("diff history images info inspect logs port ps top version"),
    ),
    (
        List("kubectl oc"),
        List("api-resources cluster-info describe explain get logs top version"),
    ),
    (List("npm pnpm"), List("list ll ls outdated view why")),
    (List("pip pip3"), List("check freeze list show")),
    (
        List("systemctl"),
        List(
            "cat is-active is-enabled is-failed list-timers list-unit-files list-units show status",
        ),
    ),
    (List("brew"), List("deps info list outdated")),
];

/// Returns whether the first word asks a program to show something.
fn shows(program: &str, words: &[Word]) -> bool {
    let dumps = |word: &Word| leading_text(word).starts_with("--output-directory");
    static BY_PROGRAM: Table<(List, List)> = table!(&SHOWING, 0);
    let mut asked = BY_PROGRAM.all(program);
    asked.any(|(_, asked)| words.first().is_some_and(|first| is_one_of(first, *asked)))
        && !words.iter().any(dumps)
}

pub(super) fn has_any(words: &[Word], options: &[(char, &str)]) -> bool {
    read(words, &FLAGS_ONLY).iter().any(|argument| {
        options
            .iter()
            .any(|(letter, long)| argument.is(Some(*letter), long))
    })
}

//! The command line of `find`.

use super::list::List;
use super::shell::Word;

/// What a `find` searches and does.
#[derive(Debug, Default)]
pub(super) struct Find<'a> {
    /// The folders to search; none means the current one.
    pub(super) roots: Vec<&'a Word>,
    /// The patterns that names must match (`-name`, `-path`, …).
    pub(super) names: Vec<&'a Word>,
    /// It has `-delete`.
    pub(super) deletes: bool,
    /// The commands of `-exec` and its kin, `{}` where a name goes.
    pub(super) commands: Vec<&'a [Word]>,
    /// It writes its findings to a file (`-fprint`, `-fls`, …).
    pub(super) writes: bool,
}

/// The tests whose next word is a pattern for names.
const NAME_TESTS: List = List(
    "\
    -name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname",
);

/// The other tests and options whose next word is their value.
const VALUED: List = List(
    "\
    -amin -anewer -atime -cmin -cnewer -context -ctime -fstype -gid -group -inum -links \
    -maxdepth -mindepth -mmin -mtime -newer -perm -printf -regextype -samefile -size -type -uid \
    -used -user -xtype -flags -Bmin -Bnewer -Btime -depth-limit -newerXY -newermt -neweram \
    -newerma -newercm -newerat -newerct -mnewer",
);

/// Returns what the words after `find` say.
pub(super) fn read(words: &[Word]) -> Find<'_> {
    let mut find = Find::default();
    let mut words = words.iter();
    let mut searching = true;
    while let Some(word) = words.next() {
        let literal = word.literal();
        let text = literal.as_deref().unwrap_or_default();
        match text {
            "-H" | "-L" | "-P" | "--" | "-E" | "-X" | "-x" | "-s" | "-d" if searching => {}
            "-D" if searching => drop(words.next()),
            "-f" if searching => find.roots.extend(words.next()),
            _ if searching && text.starts_with("-O") => {}
            _ if searching && !begins_expression(text) => find.roots.push(word),
            _ => {
                searching = false;
                find.read_test(text, &mut words);
            }
        }
    }
    find
}

fn begins_expression(text: &str) -> bool {
    text.starts_with('-') || matches!(text, "(" | ")" | "!" | ",")
}

impl<'a> Find<'a> {
    fn read_test(&mut self, test: &str, words: &mut std::slice::Iter<'a, Word>) {
        match test {
            "-delete" => self.deletes = true,
            "-exec" | "-execdir" | "-ok" | "-okdir" => {
                self.commands.push(take_command(words));
            }
            "-fprint" | "-fprint0" | "-fls" => {
                self.writes = true;
                words.next();
            }
            "-fprintf" => {
                self.writes = true;
                words.next();
                words.next();
            }
            "-files0-from" => self.roots.extend(words.next()),
            _ if NAME_TESTS.has(test) => self.names.extend(words.next()),
            _ if VALUED.has(test) => drop(words.next()),
            _ => {}
        }
    }
}

/// Takes the command of an `-exec`, up to `;` or the `+` of `{} +`.
fn take_command<'a>(words: &mut std::slice::Iter<'a, Word>) -> &'a [Word] {
    let all = words.as_slice();
    let mut braces = false;
    for (at, word) in words.by_ref().enumerate() {
        match word.literal().as_deref() {
            Some(";") => return &all[..at],
            Some("+") if braces => return &all[..at],
            last => braces = last == Some("{}"),
        }
    }
    all
}

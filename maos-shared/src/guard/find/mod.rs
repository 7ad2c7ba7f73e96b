//! The command line of `find`.

use super::list::List;
use super::shell::Word;
use narrowing::Narrowing;

mod narrowing;

pub(super) use narrowing::picks;

/// What a `find` searches and does.
#[derive(Debug, Default)]
pub(super) struct Find<'a> {
    /// The folders to search; none means the current one.
    pub(super) roots: Vec<&'a Word>,
    /// The patterns that names must match (`-name`, `-path`, …).
    pub(super) names: Vec<&'a Word>,
    /// Whatever it acts upon has a name that few files have (`*.pyc`), or nothing
    /// in it (`-empty`): as its tests say that stand before what it does.
    pub(super) narrow: bool,
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

/// The actions that run a command.
const EXECUTING: List = List("-exec -execdir -ok -okdir");

/// Returns what the words after `find` say.
pub(super) fn read(words: &[Word]) -> Find<'_> {
    let mut find = Find::default();
    let mut words = words.iter();
    let mut searching = true;
    let mut narrowing = Narrowing::default();
    let (mut deleting, mut executing) = (None, None);
    let mut alternative = 0;
    while let Some(word) = words.next() {
        let literal = word.known();
        let text = literal.as_deref().unwrap_or_default();
        match text {
            "-H" | "-L" | "-P" | "--" | "-E" | "-X" | "-x" | "-s" | "-d" if searching => {}
            "-D" if searching => drop(words.next()),
            "-f" if searching => find.roots.extend(words.next()),
            _ if searching && text.starts_with("-O") => {}
            _ if searching && !begins_expression(text) => find.roots.push(word),
            _ => {
                searching = false;
                let operand = words.as_slice().first();
                let counts = narrowing.read(text, operand);
                match text {
                    "-o" | "-or" | "," => alternative = find.names.len(),
                    // What these names match is left out.
                    "-prune" => find.names.truncate(alternative),
                    _ => {}
                }
                let names = find.names.len();
                find.read_test(text, &mut words);
                if !counts {
                    find.names.truncate(names);
                }
                let acts = match text {
                    "-delete" => &mut deleting,
                    _ if EXECUTING.has(text) => &mut executing,
                    _ => continue,
                };
                *acts = Some(acts.unwrap_or(true) && narrowing.so_far());
            }
        }
    }
    // A program that is run may be but a test for what is deleted.
    find.narrow = deleting.or(executing).unwrap_or_else(|| narrowing.all());
    find
}

fn begins_expression(text: &str) -> bool {
    text.starts_with('-') || matches!(text, "(" | ")" | "!" | ",")
}

impl<'a> Find<'a> {
    fn read_test(&mut self, test: &str, words: &mut std::slice::Iter<'a, Word>) {
        match test {
            "-delete" => self.deletes = true,
            _ if EXECUTING.has(test) => self.commands.push(take_command(words)),
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

#[cfg(test)]
mod tests {
    use super::super::shell::Part;
    use super::*;

    fn is_narrow(expression: &str) -> bool {
        let words: Vec<Word> = expression
            .split(' ')
            .map(|text| Word {
                parts: vec![Part::Text(text.to_owned())],
            })
            .collect();
        read(&words).narrow
    }

    #[test]
    fn an_expression_is_narrow_when_every_alternative_names_few_files() {
        for expression in [
            ". -name *.pyc",
            ". -type f -name *.rs",
            ". -name __pycache__ -prune",
            ". ( -name *.o -o -name *.a ) -delete",
            ". -name x ( -type f -o -type d ) -delete",
            ". ( -name .git -o -name x ) -prune -o -name *.log -delete",
            ". -path */__pycache__/* -delete",
            ". -regex .*\\.pyc -delete",
            ". -type d -empty",
            ". ! -path ./a -name *.tmp",
        ] {
            assert!(is_narrow(expression), "{expression}");
        }
        for expression in [
            ".",
            ". -type f",
            ". -name *",
            ". -name *.*",
            ". -name .*",
            ". -name [a-z]*",
            ". -name .git",
            ". -path ./.git/*",
            ". ! -name keep",
            ". -not -name *.md",
            ". ! ( -name a -o -name b ) -delete",
            ". -empty -o -delete",
            ". -name x -o -type f -delete",
            ". ( -name a -o -name b ) -prune -o -delete",
            ". -name x -prune -o -type f",
            ". -mtime +7",
        ] {
            assert!(!is_narrow(expression), "{expression}");
        }
    }
}

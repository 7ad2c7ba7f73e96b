//! The command line of `find`.

use super::glob::Pattern;
use super::list::List;
use super::shell::Word;

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

/// Whether all that an expression finds has a name that few files have.
#[derive(Default)]
struct Narrowing {
    /// The brackets that are open, outermost first.
    open: Vec<Alternatives>,
    outermost: Alternatives,
    /// `!` stands before the next test; before the bracket with this depth.
    negates_next: bool,
    negated_depth: Option<usize>,
    /// The test before was `-prune`: what it is true for is not found.
    pruned: bool,
}

/// What is known between two brackets.
#[derive(Clone, Copy)]
struct Alternatives {
    /// All alternatives before the last `-o` are narrow.
    before: bool,
    /// What stands in front of the bracket is narrow.
    base: bool,
    /// The alternative that is being read is narrow.
    current: bool,
}

impl Default for Alternatives {
    fn default() -> Self {
        Self::behind(false)
    }
}

impl Alternatives {
    fn behind(base: bool) -> Self {
        Self {
            before: true,
            base,
            current: base,
        }
    }

    fn all(self) -> bool {
        self.before && self.current
    }
}

impl Narrowing {
    /// Reads one test with what follows it; returns whether it counts as it
    /// stands, without a `!`.
    fn read(&mut self, test: &str, operand: Option<&Word>) -> bool {
        let negated = std::mem::take(&mut self.negates_next);
        let pruned = std::mem::take(&mut self.pruned);
        match test {
            "!" | "-not" => self.negates_next = !negated,
            "(" => {
                let base = self.innermost().current;
                self.open.push(Alternatives::behind(base));
                if negated {
                    self.negated_depth.get_or_insert(self.open.len());
                }
            }
            ")" => self.close(),
            "-o" | "-or" | "," => {
                let innermost = self.innermost();
                innermost.before &= innermost.current || pruned;
                innermost.current = innermost.base;
            }
            "-prune" => self.pruned = true,
            _ => {}
        }
        let counts = !negated && self.negated_depth.is_none();
        if counts && is_narrow(test, operand) {
            self.innermost().current = true;
        }
        counts
    }

    fn close(&mut self) {
        if self
            .negated_depth
            .is_some_and(|depth| depth >= self.open.len())
        {
            self.negated_depth = None;
            self.open.pop();
        } else if let Some(inside) = self.open.pop() {
            self.innermost().current |= inside.all();
        }
    }

    fn innermost(&mut self) -> &mut Alternatives {
        self.open.last_mut().unwrap_or(&mut self.outermost)
    }

    fn all(&self) -> bool {
        self.open.is_empty() && self.outermost.all()
    }

    /// Returns whether all that comes to this place of the expression is narrow.
    fn so_far(&self) -> bool {
        self.open.last().unwrap_or(&self.outermost).current
    }
}

/// Names of every kind: a pattern that matches several of them is not narrow.
const VARIED: List = List(
    "\
    a src docs index.ts main.rs app.py README.md Cargo.toml package.json .gitignore Makefile lib.c",
);

/// How many of [`VARIED`] a narrow pattern may match.
const ALIKE: usize = 1;

/// Returns whether few files pass a test.
fn is_narrow(test: &str, operand: Option<&Word>) -> bool {
    let pattern = || operand.and_then(Word::literal);
    match test {
        "-empty" => true,
        "-type" | "-xtype" => pattern().is_some_and(|kind| kind == "l"),
        "-name" | "-iname" => pattern().is_some_and(|pattern| {
            let matches = Pattern::parse(&pattern);
            is_rare(|name| matches.matches(name))
        }),
        "-path" | "-ipath" | "-wholename" | "-iwholename" => pattern().is_some_and(is_rare_path),
        "-regex" | "-iregex" => pattern().is_some_and(|pattern| {
            let ending = pattern.trim_end_matches('$').rsplit('.').next();
            let plain = |c: char| c.is_ascii_alphanumeric();
            let ends = ending.is_some_and(|ending| ending.len() > 1 && ending.chars().all(plain));
            (ends && !pattern.contains(".git")) || as_pattern(&pattern).is_some_and(is_rare_path)
        }),
        _ => false,
    }
}

/// Returns whether few names match a regular expression, or a pattern where it
/// `is_glob`, that may match anywhere in them.
pub(super) fn picks(expression: &str, is_glob: bool) -> bool {
    let pattern = match is_glob {
        true => Some(expression.to_owned()),
        false => as_pattern(expression.trim_start_matches('^').trim_end_matches('$')),
    };
    let Some(mut pattern) = pattern else {
        return true;
    };
    if !is_glob && !expression.starts_with('^') {
        pattern.insert(0, '*');
    }
    if !is_glob && !expression.ends_with('$') {
        pattern.push('*');
    }
    let matches = Pattern::parse(&pattern);
    is_rare(|name| matches.matches(name))
}

fn is_rare_path(pattern: String) -> bool {
    let matches = Pattern::parse(&pattern);
    is_rare(|name| {
        ["./", "./src/", "./.git/"]
            .iter()
            .any(|folder| matches.matches(&format!("{folder}{name}")))
    })
}

/// Returns the pattern that means the same as a regular expression, where that
/// is simple.
fn as_pattern(expression: &str) -> Option<String> {
    let pattern = expression.replace("\\.", "\0").replace(".*", "*");
    let pattern = pattern.replace(".+", ".*");
    let is_special = |c: char| "^$+?|()[]{}\\".contains(c);
    (!pattern.contains(is_special)).then(|| pattern.replace('.', "?").replace('\0', "."))
}

fn is_rare(matches: impl Fn(&str) -> bool) -> bool {
    !matches(".git") && VARIED.names().filter(|name| matches(name)).count() <= ALIKE
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

//! Whether few files have the names that an expression finds.

use super::super::glob::Pattern;
use super::super::list::List;
use super::super::shell::Word;

/// Whether all that an expression finds has a name that few files have.
#[derive(Default)]
pub(super) struct Narrowing {
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
    pub(super) fn read(&mut self, test: &str, operand: Option<&Word>) -> bool {
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

    pub(super) fn all(&self) -> bool {
        self.open.is_empty() && self.outermost.all()
    }

    /// Returns whether all that comes to this place of the expression is narrow.
    pub(super) fn so_far(&self) -> bool {
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
pub(in super::super) fn picks(expression: &str, is_glob: bool) -> bool {
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

//! Programs with many tasks, and the tables of those that a family objects to.

use super::super::arguments::{Argument, Options, options, program, read};
use super::super::list::{List, Table, table};
use super::super::scene::Scene;
use super::super::shell::{Command, Word};

/// A task that some programs can be given.
pub(super) struct Task {
    pub(super) programs: List,
    /// The operands that it begins with: a name each, or several with `|`
    /// between them; `*` is any.
    pub(super) asked: &'static str,
    pub(super) when: When,
}

/// When a task counts.
#[derive(Clone, Copy)]
pub(super) enum When {
    Always,
    /// With one of these options, by letter and long name.
    With(&'static [(char, &'static str)]),
    /// Where this says so.
    If(fn(&Asked<'_>) -> bool),
}

/// Tasks, by the programs that can be given them.
pub(super) struct Tasks(Table<Task>);

/// What a command asks its program for.
pub(super) struct Asked<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) command: &'a Command,
    pub(super) arguments: Vec<Argument<'a>>,
    /// What is not known of them is empty.
    pub(super) operands: Vec<String>,
}

/// Returns the tasks; in a constant, all work is done when the program is built.
pub(super) const fn tasks(tasks: &'static [Task]) -> Tasks {
    Tasks(table!(tasks, programs))
}

/// Returns a task that counts always.
pub(super) const fn task(programs: &'static str, asked: &'static str) -> Task {
    task_when(programs, asked, When::Always)
}

/// Returns a task that counts with one of these options.
pub(super) const fn task_with(
    programs: &'static str,
    asked: &'static str,
    options: &'static [(char, &'static str)],
) -> Task {
    task_when(programs, asked, When::With(options))
}

/// Returns a task that counts where a function says so.
pub(super) const fn task_if(
    programs: &'static str,
    asked: &'static str,
    when: fn(&Asked<'_>) -> bool,
) -> Task {
    task_when(programs, asked, When::If(when))
}

const fn task_when(programs: &'static str, asked: &'static str, when: When) -> Task {
    Task {
        programs: List(programs),
        asked,
        when,
    }
}

/// The options in front of or among the operands that take a value, of all
/// these programs.
const OPTIONS: Options = options(
    "no",
    "context namespace profile region project kubeconfig output format vault account",
);

impl Tasks {
    /// Returns the program of a command that asks for one of the tasks.
    pub(super) fn asked_by<'a>(
        &self,
        scene: &'a Scene<'a>,
        command: &'a Command,
    ) -> Option<String> {
        let name = program(command)?;
        let words = command.words.get(1..)?;
        let mut tasks = self.0.all(&name).filter(|task| task.may_be_asked(words));
        let first = tasks.next()?;
        let asked = Asked::of(scene, command);
        let mut tasks = std::iter::once(first).chain(tasks);
        tasks
            .any(|task| task.is_asked(&asked))
            .then(|| name.to_string())
    }
}

impl Task {
    /// Returns whether the last name that it begins with is among the words of a
    /// command: mostly it is not, and they need not be read.
    fn may_be_asked(&self, words: &[Word]) -> bool {
        let names = self.asked.rsplit(' ').next().unwrap_or_default();
        let is_one = |word: &Word| {
            let word = word.known();
            word.is_some_and(|word| names.split('|').any(|name| name == word))
        };
        matches!(names, "" | "*") || words.iter().any(is_one)
    }

    fn is_asked(&self, asked: &Asked<'_>) -> bool {
        let mut given = asked.operands.iter();
        let mut expected = self.asked.split_ascii_whitespace();
        let begins = expected.all(|names| {
            let given = given.next();
            given.is_some_and(|given| names == "*" || names.split('|').any(|name| name == given))
        });
        begins
            && match self.when {
                When::Always => true,
                When::With(options) => options
                    .iter()
                    .any(|(letter, long)| asked.has(*letter, long)),
                When::If(holds) => holds(asked),
            }
    }
}

impl<'a> Asked<'a> {
    pub(super) fn of(scene: &'a Scene<'a>, command: &'a Command) -> Self {
        let arguments = read(command.words.get(1..).unwrap_or_default(), &OPTIONS);
        let operands = arguments.iter().filter_map(|argument| match argument {
            Argument::Operand(word) => Some(word.literal().unwrap_or_default()),
            _ => None,
        });
        Self {
            scene,
            command,
            operands: operands.collect(),
            arguments,
        }
    }

    /// Returns the words after the program.
    pub(super) fn words(&self) -> &'a [Word] {
        self.command.words.get(1..).unwrap_or_default()
    }

    pub(super) fn has(&self, letter: char, long: &str) -> bool {
        self.arguments.iter().any(|one| one.is(Some(letter), long))
    }

    /// Returns an operand; nothing where there is none or it is not known.
    pub(super) fn operand(&self, at: usize) -> &str {
        self.operands.get(at).map_or("", String::as_str)
    }

    pub(super) fn last_operand(&self) -> &str {
        self.operands.last().map_or("", String::as_str)
    }

    pub(super) fn has_operand(&self, name: &str) -> bool {
        self.operands.iter().any(|operand| operand == name)
    }
}

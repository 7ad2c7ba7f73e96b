//! Databases: what loses all of one, or all that is in a table. Those that are
//! there for a while, by their names, come and go.

use super::super::arguments::{leading_text, program};
use super::super::list::List;
use super::super::scene::Scene;
use super::super::shell::{Command, Stdin, Word};
use super::tasks::{Asked, Tasks, task, task_if, tasks};

/// Returns the program of a command that loses a database or a table.
pub(super) fn lost_by(scene: &Scene<'_>, command: &Command) -> Option<String> {
    let program = LOSING.asked_by(scene, command)?;
    (!is_for_a_while(scene, command)).then_some(program)
}

const LOSING: Tasks = tasks(&[
    task("dropdb", "*"),
    task_if(
        "clickhouse-client cqlsh duckdb mariadb mysql psql sqlcmd sqlite3",
        "",
        |asked| texts(asked).iter().any(|text| text.split(';').any(loses)),
    ),
    task_if("mongo mongosh", "", |asked| {
        texts(asked).iter().any(|text| {
            let mut losing = ["dropdatabase(", ".drop()", "deletemany({})"].iter();
            losing.any(|losing| text.contains(losing))
        })
    }),
    task_if("mysqladmin", "", |asked| asked.has_operand("drop")),
    task_if("redis-cli", "", |asked| {
        List("flushall flushdb").has(&asked.last_operand().to_ascii_lowercase())
    }),
]);

/// Returns all that a client of a database is told, in lower case: on its line,
/// or on its input.
fn texts(asked: &Asked<'_>) -> Vec<String> {
    let command = asked.command;
    let source = match &command.stdin {
        Stdin::Pipe(by) => {
            let commands = &asked.scene.script.commands;
            commands.get(by.clone()).unwrap_or_default()
        }
        Stdin::Text(_) | Stdin::Inherited => std::slice::from_ref(command),
    };
    let inputs = source.iter().flat_map(|one| {
        let text = match &one.stdin {
            Stdin::Text(text) => std::slice::from_ref(text),
            Stdin::Inherited | Stdin::Pipe(_) => &[],
        };
        let says = program(one).is_some_and(|name| const { List("echo printf") }.has(&name));
        let said = one.words.iter().skip(1).filter(move |_| says);
        said.chain(text)
    });
    let given = asked.words().iter().chain(inputs);
    given
        .map(|word| leading_text(word).to_ascii_lowercase())
        .collect()
}

/// Returns whether an SQL statement, in lower case, loses a database, a table or
/// all that is in one.
fn loses(statement: &str) -> bool {
    const BEFORE_NAME: List = List("database exists from if keyspace only schema table");
    let mut words = statement.split_ascii_whitespace();
    let (action, what) = (words.next(), words.clone().next());
    let loses = match (action, what) {
        (Some("drop"), Some("database" | "keyspace" | "schema" | "table"))
        | (Some("truncate"), Some(_)) => true,
        // With more behind the name, some rows stay.
        (Some("delete"), Some("from")) => words.clone().count() == 2,
        _ => false,
    };
    let mut names = words.filter(|word| !BEFORE_NAME.has(word));
    loses && !names.next().is_some_and(is_temporary)
}

/// Returns whether the database of a client is there for a while.
fn is_for_a_while(scene: &Scene<'_>, command: &Command) -> bool {
    let folder = scene.folder(&command.dirs);
    let is_in_temp = |word: &Word| {
        let place = scene.place(word, &folder);
        let mut temp = scene.around.temp.iter();
        temp.any(|temp| place.is_below(temp)) && !place.is_within(scene.around.project)
    };
    let set = command.assignments.iter().map(|(_, value)| value);
    let mut words = command.words.iter().skip(1).chain(set);
    words.any(|word| {
        let text = leading_text(word);
        let is_name = !text.contains(char::is_whitespace);
        is_name && (is_temporary(text) || is_in_temp(word))
    })
}

/// What the name of something that is there for a while has in it.
const TEMPORARY: List = List("memory scratch temp temporary test tests tmp");

fn is_temporary(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_ascii_alphabetic());
    words.any(|word| TEMPORARY.has(&word.to_ascii_lowercase()))
}

//! Code that goes through folders and removes what it finds: `os.walk` with
//! `os.remove`, `Path.rglob` with `unlink`, `Dir.glob` with `File.delete`.

use super::super::super::arguments::leading_text;
use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::Started;
use super::super::words::{self, is_known, word};
use super::calls;
use super::program::Program;
use super::tokens::Token;
use super::values::{Value, pattern};

/// Calls that remove one file or folder.
const REMOVALS: List = List(
    "\
    delete remove removedirs rm rmSync rmdir rmdirSync rmtree unlink unlinkSync",
);

/// Calls that find everything below the folder that they are given.
const WALKS: List = List("RecursiveDirectoryIterator find finddepth fwalk walk walk_dir");

/// Calls that list a folder.
const LISTINGS: List = List("children entries listdir opendir readdir readdirSync scandir");

/// Returns what a program that removes files goes through, as the command that
/// does the same.
pub(super) fn started(program: &mut Program<'_>) -> Vec<Started> {
    let tokens = 0..program.tokens.len();
    let mut names = tokens.clone().filter_map(|at| program.name(at));
    if !names.any(|name| REMOVALS.has(name)) && !names_removal(program) {
        return Vec::new();
    }
    let suffix = suffix(program);
    tokens
        .filter_map(|at| search(program, at))
        .filter(|search| is_known(search.place()))
        .map(|search| search.command(suffix.as_deref()))
        .collect()
}

/// Returns whether the name of a removal stands in a string:
/// `array_map("unlink", …)`.
fn names_removal(program: &mut Program<'_>) -> bool {
    (0..program.tokens.len()).any(|at| {
        matches!(program.token(at), Some(Token::Text(_)))
            && program
                .literal(at)
                .literal()
                .is_some_and(|text| REMOVALS.has(&text))
    })
}

/// What is gone through.
enum Search {
    /// Everything below a folder.
    Tree(Word),
    /// What a pattern matches, in the folders that it names.
    Names(Word),
    /// What lies in a folder.
    Listing(Word),
}

impl Search {
    fn place(&self) -> &Word {
        match self {
            Self::Tree(word) | Self::Names(word) | Self::Listing(word) => word,
        }
    }

    fn command(self, suffix: Option<&str>) -> Started {
        let mut line = Vec::new();
        match self {
            Self::Tree(folder) => {
                line.extend([word("find"), folder]);
                let name = suffix.map(|suffix| word(&format!("*{suffix}")));
                line.extend(name.into_iter().flat_map(|name| [word("-name"), name]));
                line.push(word("-delete"));
            }
            Self::Listing(folder) => {
                let name = word(&format!("*{}", suffix.unwrap_or_default()));
                let names = words::join([&folder, &name], "/");
                line.extend([word("rm"), word("-f"), pattern(&names)]);
            }
            Self::Names(names) => {
                let text = names.literal().unwrap_or_default();
                match text.split_once("**") {
                    Some((folder, name)) => {
                        let name = name.rsplit('/').next().unwrap_or_default();
                        let folder = if folder.is_empty() { "." } else { folder };
                        line.extend([word("find"), word(folder)]);
                        if !matches!(name, "" | "*") {
                            line.extend([word("-name"), word(name)]);
                        }
                        line.push(word("-delete"));
                    }
                    None => line.extend([word("rm"), word("-f"), pattern(&names)]),
                }
            }
        }
        Started::program(line)
    }
}

/// Returns the search that a token begins.
fn search(program: &mut Program<'_>, at: usize) -> Option<Search> {
    let name = program.name(at)?;
    let is_member = at > 0 && program.token(at - 1) == Some(&Token::Dot);
    if name == "Dir" && program.is_mark(at + 1, '[') {
        return Some(Search::Names(
            program
                .arguments(at + 1, 0)
                .into_iter()
                .next()?
                .value
                .into_word(),
        ));
    }
    let known = WALKS.has(name)
        || LISTINGS.has(name)
        || matches!(name, "glob" | "iglob" | "iterdir" | "rglob");
    if !known || (name == "find" && is_member) {
        return None;
    }
    let arguments = calls::bare_arguments(program, at).into_iter();
    let mut texts = arguments.filter_map(|one| match one.value {
        Value::Text(text) => Some(text),
        Value::List(texts) => texts.into_iter().next(),
        _ => None,
    });
    if WALKS.has(name) {
        return texts.next_back().map(Search::Tree);
    }
    if LISTINGS.has(name) {
        // Without a folder it lists the one that it is in.
        let here = || matches!(name, "listdir" | "scandir").then(|| word("."));
        return texts.next().or_else(here).map(Search::Listing);
    }
    if name == "iterdir" {
        let folder = calls::value_called_on(program, at).into_word();
        return Some(Search::Listing(folder));
    }
    let names = texts.next()?;
    let on = match is_member {
        true => calls::value_called_on(program, at),
        false => Value::Unknown,
    };
    let Value::Text(folder) = on else {
        return Some(Search::Names(names));
    };
    let tree = name == "rglob" || leading_text(&names).starts_with("**");
    let last = names.literal().unwrap_or_default();
    let last = last.rsplit('/').next().unwrap_or_default();
    Some(match (tree, last) {
        (true, "*" | "") => Search::Tree(folder),
        (true, last) => Search::Names(words::join([&folder, &word("**"), &word(last)], "/")),
        (false, _) => Search::Names(words::join([&folder, &names], "/")),
    })
}

/// Returns the ending that the program looks for in names, where it does:
/// `endswith(".pyc")`, `suffix == ".o"`, `extname(f) === ".map"`.
fn suffix(program: &mut Program<'_>) -> Option<String> {
    const ASKING: List = List("endsWith end_with endswith ext extname fnmatch splitext suffix");
    /// How far behind the question the ending may stand, in tokens.
    const BEHIND: usize = 8;
    let mut tokens = 0..program.tokens.len();
    let asked = tokens.find(|at| program.name(*at).is_some_and(|name| ASKING.has(name)))?;
    let mut behind = asked..asked + BEHIND;
    let text = behind.find(|at| matches!(program.token(*at), Some(Token::Text(_))))?;
    let ending = program.literal(text).literal()?;
    let ending = ending.trim_start_matches('*');
    (ending.len() > 1).then(|| ending.to_owned())
}

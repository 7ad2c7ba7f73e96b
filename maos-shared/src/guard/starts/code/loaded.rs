//! Code that an interpreter is given besides its own: files and modules that its
//! line has it read first, and what a module or a task runs.

use super::super::super::arguments::{Argument, leading_text, skip};
use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words::{self, word};
use super::super::{Code, Line, values_of};
use super::language::Language;

/// Returns the code that is read first: `node -r FILE`, `ruby -rFILE`,
/// `perl -MMODULE`.
pub(super) fn first(line: &Line<'_>, language: &Language, arguments: &[Argument<'_>]) -> Vec<Word> {
    let mut code = Vec::new();
    for given in values_of(arguments, language.first) {
        // `--import data:text/javascript,CODE`
        let text = leading_text(given);
        if let Some(at) = text.find(',').filter(|_| text.starts_with("data:")) {
            code.push(skip(given, at + 1));
            continue;
        }
        let name = words::pieces(given, |c| matches!(c, '=' | ';' | ' '));
        let Some(name) = name.into_iter().next() else {
            continue;
        };
        let file = words::join([&name, &word(language.extension)], "");
        let folders = values_of(arguments, &[('I', "")]);
        let in_folders = folders.map(|folder| words::join([folder, &file], "/"));
        let mut files = [name.clone(), file.clone()].into_iter().chain(in_folders);
        code.extend(files.find_map(|file| line.text_of(&file)));
        // Perl puts it into the code as it stands.
        if name != *given {
            code.push(given.clone());
        }
    }
    code
}

/// Returns the code that a module of Python runs: `-m MODULE`.
pub(super) fn of_module(arguments: &[Argument<'_>], operands: &[Word]) -> Option<Code> {
    /// Modules that run the script on their line.
    const RUNNERS: List =
        List("cProfile coverage debugpy kernprof memory_profiler pdb profile runpy trace");
    let module = values_of(arguments, &[('m', "")]).next()?.literal()?;
    match module.as_str() {
        "timeit" => Some(Code::Words(operands.to_vec())),
        "asyncio" | "code" => Some(Code::Input),
        name if RUNNERS.has(name) => {
            let mut scripts = operands.iter();
            let is_script = |word: &&Word| leading_text(word).ends_with(".py");
            scripts.find(is_script).cloned().map(Code::File)
        }
        name => Some(Code::File(word(&format!("{}.py", name.replace('.', "/"))))),
    }
}

/// Returns the code that a script takes for one of its tasks: `manage.py shell -c
/// CODE`, `artisan tinker --execute=CODE`.
pub(super) fn of_task(operands: &[Word]) -> Option<Code> {
    const TASKS: List = List("shell shell_plus tinker");
    const GIVING: List = List("-c --command --execute");
    let (task, words) = operands.get(1..)?.split_first()?;
    if !TASKS.has(leading_text(task)) {
        return None;
    }
    let (name, code) = words.iter().enumerate().find_map(|(at, option)| {
        let text = leading_text(option);
        match text.split_once('=') {
            Some((name, _)) => {
                let value = skip(option, name.len() + 1);
                Some((name, value))
            }
            None => Some((text, words.get(at + 1)?.clone())),
        }
    })?;
    GIVING.has(name).then(|| Code::Words(vec![code]))
}

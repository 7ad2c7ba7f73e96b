//! Programs that are several others, one of which their line names: `cmake -E rm`,
//! `ruby -run -e rm`, `perl -MExtUtils::Command -e rm_rf`.

use super::super::arguments::{leading, leading_text, options, skip};
use super::super::list::{List, Names};
use super::super::shell::Word;
use super::{Family, Line, Started, values_of, words};

/// What the names in them stand for, where it is another one.
const COMMANDS: [(List, &str); 6] = [
    (List("remove rm_f"), "rm -f"),
    (List("remove_directory rm_r rm_rf"), "rm -rf"),
    (List("rename"), "mv"),
    (
        List("copy copy_directory copy_if_different copy_directory_if_different"),
        "cp -r",
    ),
    (List("create_symlink"), "ln -s"),
    (List("create_hardlink"), "ln"),
];

/// Names that say nothing of files, or that have nothing to do with their
/// namesakes.
const OTHERS: List = List("capabilities echo environment httpd make_directory sleep touch true");

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List("cmake ruby perl coreutils gio")),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    let found = match line.program() {
        "cmake" => of_cmake(line.words),
        "ruby" => of_module(line.words, 'r', List("un")),
        "perl" => of_module(line.words, 'M', List("ExtUtils::Command")),
        "coreutils" => of_coreutils(line.words),
        "gio" => of_first(line.words),
        _ => None,
    };
    found.into_iter().collect()
}

/// Returns what `-E NAME …` of `cmake` does.
fn of_cmake(words: &[Word]) -> Option<Started> {
    let at = words.iter().position(|word| leading_text(word) == "-E")?;
    let (name, rest) = words.get(at + 1..)?.split_first()?;
    match (leading_text(name), rest) {
        ("chdir", [folder, command @ ..]) => {
            let command = Started::program(command.to_vec());
            Some(command.in_folder(Some(folder.clone())))
        }
        _ => named(name, rest),
    }
}

/// Returns what a function does that the module defines which this option loads:
/// the code is its name alone, the arguments stand behind.
fn of_module(words: &[Word], letter: char, modules: List) -> Option<Started> {
    let (arguments, rest) = leading(words, &options("eEIMrC", ""));
    let mut loaded = values_of(
        &arguments,
        if letter == 'r' {
            &[('r', "")]
        } else {
            &[('M', "")]
        },
    );
    let is_loaded = loaded.any(|module| modules.has(leading_text(module)));
    let code = values_of(&arguments, &[('e', "")]).next()?;
    is_loaded.then(|| named(code, rest))?
}

/// Returns what `--coreutils-prog=NAME …` or `NAME …` is.
fn of_coreutils(words: &[Word]) -> Option<Started> {
    const NAMING: &str = "--coreutils-prog=";
    let (first, rest) = words.split_first()?;
    match leading_text(first).starts_with(NAMING) {
        true => named(&skip(first, NAMING.len()), rest),
        false => of_first(words),
    }
}

fn of_first(words: &[Word]) -> Option<Started> {
    let (name, rest) = words.split_first()?;
    named(name, rest)
}

/// Returns the command that does what a name stands for.
fn named(name: &Word, rest: &[Word]) -> Option<Started> {
    let name = name.literal()?;
    if OTHERS.has(&name) {
        return None;
    }
    let known = COMMANDS.iter().find(|(names, _)| names.has(&name));
    let command = known.map_or(name.as_str(), |(_, command)| command);
    let mut words: Vec<Word> = command.split(' ').map(words::word).collect();
    words.extend_from_slice(rest);
    Some(Started::program(words))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn a_name_on_the_line_is_the_program() {
        check(&[
            ("cmake -E rm -rf x", &["rm -rf x"]),
            ("cmake -E remove_directory x y", &["rm -rf x y"]),
            ("cmake -E env A=1 rm x", &["env A=1 rm x"]),
            ("cmake -E chdir x rm y", &["rm y @ x"]),
            ("cmake -E make_directory x", &[]),
            ("cmake --build x", &[]),
            ("ruby -run -e rm -- -rf x", &["rm -rf x"]),
            ("ruby -run -e httpd x", &[]),
            ("ruby -rjson -e rm x", &[]),
            ("perl -MExtUtils::Command -e rm_rf x", &["rm -rf x"]),
            ("coreutils --coreutils-prog=rm -r x", &["rm -r x"]),
        ]);
    }
}

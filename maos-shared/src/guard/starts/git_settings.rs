//! Settings that git gets with a call: on its line, from the environment, and
//! from files that those name.

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read, skip};
use super::super::shell::Word;
use super::{Line, values_of, words};
use crate::config::limits;

/// Variables with settings, besides the numbered ones; all but the first hold
/// the path of a file.
const NAMES: [&str; 4] = [
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
];

/// Returns the names of the variables that git takes settings from, the numbered
/// ones where something counts them.
pub(in crate::guard) fn variables(is_counted: bool) -> impl Iterator<Item = String> {
    let numbers = 0..if is_counted { limits::GIT_SETTINGS } else { 0 };
    let numbered = numbers.flat_map(|number| [key(number), value(number)]);
    NAMES.into_iter().map(str::to_owned).chain(numbered)
}

fn key(number: usize) -> String {
    format!("GIT_CONFIG_KEY_{number}")
}

fn value(number: usize) -> String {
    format!("GIT_CONFIG_VALUE_{number}")
}

/// Returns the settings of a call with these options, each as `NAME=VALUE`.
pub(super) fn of(line: &Line<'_>, globals: &[Argument<'_>]) -> Vec<Word> {
    let mut settings: Vec<Word> = values_of(globals, &[('c', "")]).cloned().collect();
    settings.extend(of_clone(line));
    let set = &line.command.assignments;
    if !set.is_empty() {
        settings.extend(from_environment(set, globals));
    }
    let files = set.iter().filter(|(name, _)| NAMES[1..].contains(&&**name));
    let included = settings.iter().filter_map(|setting| {
        let (name, _) = leading_text(setting).split_once('=')?;
        let includes = name.eq_ignore_ascii_case("include.path");
        includes.then(|| skip(setting, name.len() + 1))
    });
    let files = files.map(|(_, file)| file.clone()).chain(included);
    let texts = files.filter_map(|file| line.text_of(&file));
    let more: Vec<Word> = texts.flat_map(|text| in_file(&text)).collect();
    settings.extend(more);
    settings
}

/// Returns the settings that a clone keeps: `git clone -c NAME=VALUE`.
fn of_clone(line: &Line<'_>) -> Vec<Word> {
    const CLONE: Options = options(
        "bcjou",
        "branch config depth jobs origin reference template upload-pack",
    );
    match super::super::git_line::subcommand(line.words) {
        Some((name, words)) if name == "clone" => {
            let arguments = read(words, &CLONE);
            values_of(&arguments, &[('c', "config")]).cloned().collect()
        }
        _ => Vec::new(),
    }
}

fn from_environment(set: &[(String, Word)], globals: &[Argument<'_>]) -> Vec<Word> {
    let held = |name: &str| {
        let mut set = set.iter().rev();
        set.find(|(given, _)| given == name).map(|(_, value)| value)
    };
    let is = words::word("=");
    let numbered = (0..limits::GIT_SETTINGS)
        .filter_map(|at| Some(words::join([held(&key(at))?, &is, held(&value(at))?], "")));
    let parameters = held(NAMES[0]).into_iter().flat_map(words::split);
    let named = values_of(globals, &[(NONE, "config-env")]).filter_map(|named| {
        let (name, variable) = leading_text(named).split_once('=')?;
        Some(words::join([&words::word(name), &is, held(variable)?], ""))
    });
    numbered.chain(parameters).chain(named).collect()
}

/// Returns the settings in the text of a file; those of subsections have no
/// matter here but by their section and their name.
fn in_file(text: &Word) -> Vec<Word> {
    const BLANKS: [char; 2] = [' ', '\t'];
    let mut section = String::new();
    let mut settings = Vec::new();
    for line in words::lines(text) {
        let known = leading_text(&line);
        let begin = known.trim_start_matches(BLANKS);
        if let Some(header) = begin.strip_prefix('[') {
            let name = header.split([']', ' ']).next().unwrap_or_default();
            name.clone_into(&mut section);
        } else if let Some((name, value)) = begin.split_once('=')
            && !begin.starts_with(['#', ';'])
        {
            let value_at = known.len() - value.trim_start_matches(BLANKS).len();
            let value = words::replace(&skip(&line, value_at), "\"", &Word::default());
            let name = words::word(&format!("{section}.{}=", name.trim_end_matches(BLANKS)));
            settings.push(words::join([&name, &value], ""));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn settings_come_from_the_environment() {
        check(&[
            (
                "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.s 'GIT_CONFIG_VALUE_0=!rm x' git s",
                &["sh: rm x"],
            ),
            (
                "GIT_CONFIG_KEY_1=alias.s 'GIT_CONFIG_VALUE_1=reset --hard' git s a",
                &["git reset --hard a"],
            ),
            (
                "GIT_CONFIG_KEY_0=core.pager 'GIT_CONFIG_VALUE_1=rm x' git log",
                &[],
            ),
            (
                "\"GIT_CONFIG_PARAMETERS='core.pager=rm x' 'user.name=rm y'\" git log",
                &["sh: rm x"],
            ),
            (
                "\"GIT_CONFIG_PARAMETERS='core.pager'='rm x'\" git log",
                &["sh: rm x"],
            ),
            ("'X=!rm x' git --config-env=alias.s=X s", &["sh: rm x"]),
            ("git clone -c 'core.fsmonitor=rm x' y", &["sh: rm x"]),
            (
                "GIT_CONFIG_KEY_0=alias.s GIT_CONFIG_VALUE_0=log git s",
                &["git log"],
            ),
        ]);
    }
}

//! What names are worth, with their members and calls: the user's home, a path
//! that is joined, a variable of the environment.

use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words::{self, push_text, word};
use super::calls;
use super::computed;
use super::decoded;
use super::printed;
use super::program::Program;
use super::tokens::Token;
use super::values::{Value, environment, pattern, tilde, variable};
use crate::config::limits;

impl Program<'_> {
    /// Returns the value of a name, its members and its call.
    pub(super) fn path(&mut self, at: usize, depth: usize) -> (Value, usize) {
        let mut names = vec![self.name(at).unwrap_or_default()];
        let mut next = at + 1;
        while let (Some(Token::Dot), Some(name)) = (self.token(next), self.name(next + 1)) {
            if names.len() == PATH_NAMES || self.is_method_call(&names, next + 1) {
                break;
            }
            names.push(name);
            next += 2;
        }
        let last = self.original(names.last().copied().unwrap_or_default());
        let before = names.iter().rev().nth(1).copied().unwrap_or_default();
        match self.token(next) {
            Some(Token::Mark('(')) => {
                let value = self.call(last, before, next, depth);
                (
                    value,
                    self.partner(next).map_or(next + 1, |close| close + 1),
                )
            }
            Some(Token::Mark('[' | '{')) if ENVIRONMENTS.has(last) => {
                let name = self.arguments(next, depth).into_iter().next();
                let name = name.map(|one| match one.value {
                    Value::Text(word) => word.literal().unwrap_or_default(),
                    _ => self.name(one.at).unwrap_or_default().to_owned(),
                });
                let value = environment(&name.unwrap_or_default());
                (
                    value,
                    self.partner(next).map_or(next + 1, |close| close + 1),
                )
            }
            Some(Token::Mark('[')) if ARGUMENTS.has(last) => {
                let place = self.name(next + 1).and_then(|place| place.parse().ok());
                let value = place.and_then(|place: usize| self.argument(last, place));
                (
                    value.unwrap_or(Value::Unknown),
                    self.partner(next).map_or(next + 1, |close| close + 1),
                )
            }
            _ if last == "chr" && computed::parsed(before).is_some() => {
                let number = [Value::Text(word(before))];
                let value = computed::by_function(last, "", "", &number);
                (value.unwrap_or(Value::Unknown), next)
            }
            Some(Token::Text(_)) if names.len() == 1 && computed::BARE.has(last) => {
                let (value, next) = self.expression(next, depth + 1);
                let value = computed::by_function(last, "", "", &[value]);
                (value.unwrap_or(Value::Unknown), next)
            }
            Some(Token::Text(_) | Token::Name(_) | Token::Mark('$' | '@' | '{'))
                if names.len() == 1 && computed::OF_LISTS.has(last) =>
            {
                self.bare_call(last, at, depth)
            }
            _ if SEPARATORS.has(last) => (Value::Text(word("/")), next),
            _ if last == "ARGV" => (Value::List(self.given.clone()), next),
            _ if names.len() == 1 => (self.variable(last), next),
            _ if ENVIRONMENTS.has(before) => (environment(last), next),
            _ => (self.call(last, before, next, depth), next),
        }
    }

    /// Returns what a function of Perl makes of all that stands behind it without
    /// brackets: `join "", map chr, 114, 109`, `map { chr } 114, 109`.
    fn bare_call(&mut self, name: &str, at: usize, depth: usize) -> (Value, usize) {
        let close = self.partner(at + 1).filter(|_| self.is_mark(at + 1, '{'));
        let start = close.map_or(at + 1, |close| close + 1);
        let end = calls::end_of_statement(self, start);
        let named = self
            .name(close.map_or(start, |_| at + 2))
            .unwrap_or_default();
        let arguments = self.arguments_between(start, end, depth + 1).into_iter();
        let mut given: Vec<Value> = arguments.map(|one| self.worth(one)).collect();
        if close.is_some() {
            given.insert(0, Value::Unknown);
        }
        let made = match (name, given.as_slice()) {
            ("sprintf", [Value::Text(text), rest @ ..]) => {
                let rest: Vec<Word> = rest.iter().cloned().map(Value::into_word).collect();
                Some(Value::Text(printed::formatted(text, &rest)))
            }
            _ => computed::by_function(name, "", named, &given),
        };
        (made.unwrap_or(Value::Unknown), end)
    }

    /// Returns the argument at a place of a list: awk, Python and Node.js count the
    /// program's own name among them.
    fn argument(&self, list: &str, place: usize) -> Option<Value> {
        let own = usize::from(list == "argv" || self.adjacent());
        let given = self.given.get(place.checked_sub(own)?)?;
        Some(Value::Text(given.clone()))
    }

    /// Returns whether the name at a token is a method of a variable's value.
    fn is_method_call(&self, names: &[&str], at: usize) -> bool {
        names.len() == 1
            && self.holds_value(names[0])
            && self
                .name(at)
                .is_some_and(|name| METHODS.has(name) || computed::METHODS.has(name))
    }

    fn holds_value(&self, name: &str) -> bool {
        let value = self.variables.get(name);
        value.is_some_and(|value| !matches!(value, Value::Module(_)))
    }

    /// Returns what a function gives that only makes values.
    fn call(&mut self, name: &str, on: &str, open: usize, depth: usize) -> Value {
        let module = self.variable(on);
        let on = match &module {
            Value::Module(module) => super::calls::last_name(module),
            _ => on,
        };
        if HOMES.has(name) {
            return Value::Text(tilde(&word("~")));
        } else if FRESH.has(name) {
            let mut fresh = variable("TMPDIR");
            push_text(&mut fresh, "/tmp.XXXXXXXXXX");
            return Value::Text(fresh);
        } else if TEMPORARY.has(name) {
            return Value::Text(variable("TMPDIR"));
        } else if matches!(name, "getcwd" | "cwd" | "pwd") {
            return Value::Text(variable("PWD"));
        }
        let arguments = self.arguments(open, depth);
        let named = arguments.first().and_then(|one| self.name(one.at));
        let arguments = arguments.into_iter().map(|one| self.worth(one));
        let arguments: Vec<Value> = arguments.collect();
        let size = arguments.iter().map(Value::size).sum();
        let first = arguments.first().filter(|_| self.may_copy(size));
        let made = first.and_then(|first| {
            decoded::by_function(name, on, first, arguments.get(1))
                .or_else(|| computed::by_function(name, on, named.unwrap_or_default(), &arguments))
        });
        if let Some(made) = made {
            return made;
        }
        let mut arguments = arguments.into_iter();
        let Some(first) = arguments.next() else {
            return Value::Unknown;
        };
        match name {
            "Sprintf" | "format" | "sprintf" => {
                let given: Vec<Word> = arguments.map(Value::into_word).collect();
                Value::Text(printed::formatted(&first.into_word(), &given))
            }
            "expanduser" | "expand_path" => Value::Text(tilde(&first.into_word())),
            "expandvars" => {
                let text = first.into_word();
                let homes = ["${HOME}", "$HOME"].into_iter();
                Value::Text(homes.fold(text, |text, home| {
                    words::replace(&text, home, &variable("HOME"))
                }))
            }
            "getenv" => environment(&first.into_word().literal().unwrap_or_default()),
            "get" | "fetch" if ENVIRONMENTS.has(on) => {
                environment(&first.into_word().literal().unwrap_or_default())
            }
            "join" | "Join" if JOINING.has(on) => {
                arguments.fold(first, |path, name| path.joined("/", name))
            }
            "glob" | "iglob" if matches!(on, "" | "glob" | "Dir") => {
                Value::List(vec![tilde(&pattern(&first.into_word()))])
            }
            "split" => Value::List(words::split(&first.into_word())),
            "require" | "__import__" | "import_module" => {
                Value::Module(first.into_word().literal().unwrap_or_default())
            }
            "c" | "list" | "tuple" | "Array" => {
                let words = arguments.map(Value::into_word);
                match first {
                    Value::List(listed) => Value::List(listed),
                    first => Value::List(std::iter::once(first.into_word()).chain(words).collect()),
                }
            }
            _ if SAME.has(name) => first,
            _ => Value::Unknown,
        }
    }

    /// Returns what the members behind a value make of it.
    pub(super) fn members(&mut self, value: Value, next: usize, depth: usize) -> (Value, usize) {
        let (mut value, mut next) = (value, next);
        for _ in 0..limits::CODE_TERMS {
            match (self.token(next), self.name(next + 1)) {
                (Some(Token::Dot), Some(name)) => {
                    let open = next + 2;
                    let close = self
                        .is_mark(open, '(')
                        .then(|| self.partner(open))
                        .flatten();
                    value = self.method(value, name, open, depth);
                    next = close.map_or(open, |close| close + 1);
                }
                // Of Lua.
                (Some(Token::Mark(':')), Some(name))
                    if matches!(value, Value::Text(_))
                        && self.is_mark(next + 2, '(')
                        && OF_LUA.has(name) =>
                {
                    value = self.method(value, name, next + 2, depth);
                    next = self.partner(next + 2).map_or(next + 3, |close| close + 1);
                }
                (Some(Token::Mark('[')), _) => {
                    let close = self.partner(next);
                    let part = close.and_then(|close| self.subscript(&value, next, close));
                    value = part.unwrap_or(Value::Unknown);
                    next = close.map_or(next + 1, |close| close + 1);
                }
                _ => return (value, next),
            }
        }
        (Value::Unknown, next)
    }

    /// Returns the part of a value that the subscript between two tokens takes.
    fn subscript(&mut self, value: &Value, open: usize, close: usize) -> Option<Value> {
        self.may_copy(value.size()).then_some(())?;
        if self.token(open + 1) == Some(&Token::Dot) && self.is_mark(open + 2, '-') {
            return computed::by_method("reverse", value, &[], true);
        }
        let mut numbers = vec![None];
        let mut by_length = false;
        for at in open + 1..close {
            match self.token(at)? {
                Token::Name(name) => *numbers.last_mut()? = Some(computed::parsed(name)?),
                Token::Mark(mark @ (':' | ',')) => {
                    by_length |= *mark == ',';
                    numbers.push(None);
                }
                _ => return None,
            }
        }
        computed::by_subscript(value, &numbers, by_length)
    }

    fn method(&mut self, value: Value, name: &str, open: usize, depth: usize) -> Value {
        let is_called = self.is_mark(open, '(');
        let given = self.arguments(open, depth).into_iter();
        let given: Vec<Value> = given.map(|one| self.worth(one)).collect();
        if const { List("decode pack unpack unpack1") }.has(name)
            && let Some(first) = given.first()
            && let Some(decoded) = decoded::by_method(name, &value, first)
        {
            return decoded;
        }
        let made = match self.may_copy(value.size()) {
            true => computed::by_method(name, &value, &given, is_called),
            false => None,
        };
        if let Some(made) = made {
            return made;
        }
        match (name, value) {
            ("split", Value::Text(text)) => Value::List(words::split(&text)),
            ("expanduser" | "expand_path", Value::Text(text)) => Value::Text(tilde(&text)),
            ("join", Value::List(texts)) => {
                let separator = given.into_iter().next();
                let separator = separator.and_then(|one| one.into_word().literal());
                let separator = separator.unwrap_or(",".to_owned());
                computed::together(&texts, &separator).unwrap_or(Value::Unknown)
            }
            ("joinpath" | "join", Value::Text(text)) => {
                if let Some(Value::List(texts)) = given.first()
                    && let Some(separator) = text.literal()
                {
                    return computed::together(texts, &separator).unwrap_or(Value::Unknown);
                }
                let path = Value::Text(text);
                given
                    .into_iter()
                    .fold(path, |path, name| path.joined("/", name))
            }
            (home, Value::Module(_)) if HOMES.has(home) => Value::Text(tilde(&word("~"))),
            ("join" | "resolve", Value::Module(_)) => {
                let mut names = given.into_iter();
                let first = names.next().unwrap_or(Value::Unknown);
                names.fold(first, |path, name| path.joined("/", name))
            }
            (name, value) if METHODS.has(name) => value,
            _ => Value::Unknown,
        }
    }
}

/// How many names of one path are followed: `a.b.c`.
const PATH_NAMES: usize = 8;

/// Functions that give their argument back, or the same path in another form.
const SAME: List = List(
    "\
    Path PosixPath PurePath Pathname String abspath absolute compile fspath glob normalize normpath quote \
    realpath resolve shellescape str",
);

/// Methods that give the same text or path back.
const METHODS: List = List(
    "\
    absolute as_posix chomp decode encode expand_path expanduser join joinpath resolve rstrip split strip \
    toString to_s trim",
);

/// Modules whose `join` makes a path.
const JOINING: List = List("File Path filepath path posixpath");

/// Names of the environment.
const ENVIRONMENTS: List = List("ENV ENVIRON _ENV _SERVER env environ");

/// Names of the list of arguments.
const ARGUMENTS: List = List("ARGV argv");

/// Names of what stands between the names of a path.
const SEPARATORS: List = List("DIRECTORY_SEPARATOR SEPARATOR sep");

/// Methods of texts that Lua calls behind a colon.
const OF_LUA: List = List("format gsub lower reverse sub upper");

/// Functions that give the user's home.
const HOMES: List = List("home homedir get_home_dir");

/// Functions that make a file or folder of a new name.
const FRESH: List = List(
    "\
    CreateTemp MkdirTemp NamedTemporaryFile TemporaryDirectory mkdtemp mkdtempSync mkstemp mktemp mktmpdir tempdir \
    tempfile tmpname tempnam",
);

/// Functions that give the temporary folder.
const TEMPORARY: List = List("TempDir gettempdir sys_get_temp_dir temp_directory_path tmpdir");

//! Shell text as it is written, before anything is expanded.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use super::super::Word;

/// Commands in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub(crate) chains: Vec<Chain>,
}

/// Pipelines joined by `&&` and `||`.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) first: Pipeline,
    pub(crate) rest: Vec<(Joint, Pipeline)>,
    /// Ends with `&`: a subshell runs it.
    pub(crate) background: bool,
}

/// What joins a pipeline to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    And,
    Or,
}

/// Commands joined by `|`; none after a `!` or `time` that stands alone.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    pub(crate) stages: Vec<Node>,
}

/// A command of any form.
#[derive(Debug)]
pub(crate) enum Node {
    Simple(Simple),
    Compound(Box<Compound>, Vec<Redirect>),
    Function(Rc<Function>),
}

/// A command that is a program with arguments, or assignments alone.
#[derive(Debug, Default)]
pub(crate) struct Simple {
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) words: Vec<Argument>,
    pub(crate) redirects: Vec<Redirect>,
    pub(crate) span: Range<usize>,
}

/// A word of a simple command.
#[derive(Debug)]
pub(crate) enum Argument {
    Word(Raw),
    /// `NAME=value` that the command itself assigns (`export`, `local`).
    Assignment(Box<Assignment>),
}

/// `NAME=value`, `NAME[subscript]+=value`, `NAME=(…)`.
#[derive(Debug)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) subscript: Option<Raw>,
    pub(crate) appends: bool,
    pub(crate) value: Assigned,
}

/// The right-hand side of an assignment.
#[derive(Debug)]
pub(crate) enum Assigned {
    Scalar(Raw),
    /// The elements of an array, each with its subscript where it has one.
    Array(Vec<(Option<Raw>, Raw)>),
}

/// A command made of other commands.
#[derive(Debug)]
pub(crate) enum Compound {
    /// `{ …; }`
    Group(List),
    /// `( … )`
    Subshell(List),
    /// `if`, with its `elif`.
    If {
        /// Conditions, each with what follows its `then`.
        branches: Vec<(List, List)>,
        otherwise: Option<List>,
    },
    /// `while` and `until`.
    While { condition: List, body: List },
    /// `for` and `select`.
    For {
        name: String,
        /// `None` for the positional parameters.
        words: Option<Vec<Raw>>,
        body: List,
    },
    /// `for ((…; …; …))`
    Count { header: Raw, body: List },
    /// `case`: the patterns and the commands of each arm.
    Case {
        subject: Raw,
        arms: Vec<(Vec<Raw>, List)>,
    },
    /// The words of `[[ … ]]`.
    Test(Vec<Raw>),
    /// `(( … ))`
    Arithmetic(Raw),
    /// `coproc`
    Coproc(String, Node),
}

/// The definition of a function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) body: Node,
}

/// A redirection.
#[derive(Debug)]
pub(crate) struct Redirect {
    /// The descriptor in front of the operator.
    pub(crate) descriptor: Option<Descriptor>,
    pub(crate) kind: RedirectKind,
}

/// What a redirection redirects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Descriptor {
    Number(String),
    /// `{name}`: the shell chooses one and puts it into this variable.
    Variable(String),
}

#[derive(Debug)]
pub(crate) enum RedirectKind {
    /// To or from a file, or a copy of a descriptor (`2>&1`).
    File(&'static str, Raw),
    /// A heredoc; its body is known once the line has ended.
    Heredoc(Rc<OnceCell<Raw>>),
    /// `<<< word`
    Herestring(Raw),
}

/// A word as it is written.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    pub(crate) pieces: Vec<Piece>,
}

#[derive(Debug)]
pub(crate) enum Piece {
    /// Characters outside of quotes.
    Bare(String),
    /// Characters that mean themselves; none for `''`.
    Quoted(String),
    /// A part of an extended pattern (`!(a|b)`).
    Pattern(String),
    /// `$name`, `${…}`
    Parameter {
        parameter: Box<Parameter>,
        quoted: bool,
    },
    /// `$(…)`, backquotes, `${ …; }`
    Output { list: List, quoted: bool },
    /// `<(…)`, `>(…)`
    Process {
        list: List,
        /// Commands write to it: `>(…)`.
        is_read: bool,
    },
    /// `$((…))`, `$[…]`
    Arithmetic { expression: Raw, quoted: bool },
    /// A word that is known already: see [`super::super::text`].
    Given { word: Word, quoted: bool },
}

/// A parameter expansion.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// `x`, `1`, `@`.
    pub(crate) name: String,
    /// What is between `${` and the name.
    pub(crate) prefix: Prefix,
    pub(crate) subscript: Option<Raw>,
    pub(crate) operation: Option<(Operator, Raw)>,
    /// All that stands between the braces.
    pub(crate) written: String,
    pub(crate) in_braces: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    None,
    /// `${#x}`
    Length,
    /// `${!x}`
    Indirect,
}

/// The operator of a parameter expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `-`, `:-`
    Default { or_empty: bool },
    /// `=`, `:=`
    Assign { or_empty: bool },
    /// `?`, `:?`
    Demand,
    /// `+`, `:+`
    Instead { or_empty: bool },
    /// `#`, `##`
    WithoutPrefix { most: bool },
    /// `%`, `%%`
    WithoutSuffix { most: bool },
    /// `/`, `//`, `/#`, `/%`
    Replace { all: bool },
    /// `:`
    Slice,
    /// `^`, `^^`
    Upper { all: bool },
    /// `,`, `,,`
    Lower { all: bool },
    /// `@`, and what no shell knows.
    Other,
}

impl Raw {
    /// Returns the characters where the word is written without any quote or
    /// expansion.
    pub(crate) fn bare(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Bare(text)] => Some(text),
            _ => None,
        }
    }

    /// Adds a piece; most words have one only.
    fn push(&mut self, piece: Piece) {
        if self.pieces.is_empty() {
            self.pieces.reserve_exact(1);
        }
        self.pieces.push(piece);
    }

    pub(crate) fn push_bare(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Bare(last)) => last.push_str(text),
            _ => self.push(Piece::Bare(text.to_owned())),
        }
    }

    pub(crate) fn push_quoted(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Quoted(last)) => last.push_str(text),
            _ => self.push(Piece::Quoted(text.to_owned())),
        }
    }

    pub(crate) fn push_pattern(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Pattern(last)) => last.push_str(text),
            _ => self.push(Piece::Pattern(text.to_owned())),
        }
    }
}

//! What rable finds: commands in its nodes.

use std::collections::BTreeSet;

use rable::{Node, NodeKind};

use crate::Words;

/// Adds the commands of plain words in a node and all below it.
pub(crate) fn collect(node: &Node, found: &mut BTreeSet<Words>) {
    found.extend(own(node));
    children(&node.kind)
        .into_iter()
        .for_each(|child| collect(child, found));
}

/// Returns the words of a command, where all are plain.
fn own(node: &Node) -> Option<Words> {
    let NodeKind::Command { words, .. } = &node.kind else {
        return None;
    };
    let words: Option<Words> = words.iter().map(plain_word).collect();
    words.filter(|words| !words.is_empty() && !declares(&words[0]))
}

fn plain_word(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Word { value, .. } if is_plain(value) => Some(value.clone()),
        _ => None,
    }
}

/// Returns whether a word means itself wherever it stands.
pub(crate) fn is_plain(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:,+@%".contains(c))
}

/// What these are given, the guard lists in part.
pub(crate) fn declares(program: &str) -> bool {
    matches!(
        program,
        "declare" | "export" | "local" | "readonly" | "typeset"
    )
}

fn children(kind: &NodeKind) -> Vec<&Node> {
    let mut children: Vec<&Node> = Vec::new();
    match kind {
        NodeKind::Word { parts, .. } | NodeKind::ArithConcat { parts } => children.extend(parts),
        NodeKind::Array { elements } => children.extend(elements),
        NodeKind::Command {
            assignments,
            words,
            redirects,
        } => {
            children.extend(assignments.iter().chain(words).chain(redirects));
        }
        NodeKind::Pipeline { commands, .. } => children.extend(commands),
        NodeKind::List { items } => children.extend(items.iter().map(|item| &item.command)),
        NodeKind::If {
            condition,
            then_body,
            else_body,
            redirects,
        } => {
            children.extend([&**condition, &**then_body]);
            children.extend(else_body.as_deref());
            children.extend(redirects);
        }
        NodeKind::While {
            condition,
            body,
            redirects,
        }
        | NodeKind::Until {
            condition,
            body,
            redirects,
        } => {
            children.extend([&**condition, &**body]);
            children.extend(redirects);
        }
        NodeKind::For {
            words,
            body,
            redirects,
            ..
        }
        | NodeKind::Select {
            words,
            body,
            redirects,
            ..
        } => {
            children.extend(words.iter().flatten());
            children.push(body);
            children.extend(redirects);
        }
        NodeKind::ForArith {
            body, redirects, ..
        }
        | NodeKind::Subshell { body, redirects }
        | NodeKind::BraceGroup { body, redirects }
        | NodeKind::ConditionalExpr { body, redirects } => {
            children.push(body);
            children.extend(redirects);
        }
        NodeKind::Case {
            word,
            patterns,
            redirects,
        } => {
            children.push(word);
            children.extend(patterns.iter().filter_map(|pattern| pattern.body.as_ref()));
            children.extend(redirects);
        }
        NodeKind::Function { body, .. } => children.push(body),
        NodeKind::Redirect { target, .. } => children.push(target),
        NodeKind::Coproc { command, .. }
        | NodeKind::CommandSubstitution { command, .. }
        | NodeKind::ProcessSubstitution { command, .. } => children.push(command),
        NodeKind::Negation { pipeline } | NodeKind::Time { pipeline, .. } => {
            children.push(pipeline);
        }
        NodeKind::UnaryTest { operand, .. } | NodeKind::CondNot { operand } => {
            children.push(operand);
        }
        NodeKind::BinaryTest { left, right, .. }
        | NodeKind::CondAnd { left, right }
        | NodeKind::CondOr { left, right } => children.extend([&**left, &**right]),
        NodeKind::CondParen { inner } => children.push(inner),
        _ => {}
    }
    children
}

/// Sorts the commands of plain words into those of functions, by their names, and
/// all others.
pub(crate) fn apart(
    node: &Node,
    outside: &mut BTreeSet<Words>,
    functions: &mut Vec<(String, BTreeSet<Words>)>,
) {
    if let NodeKind::Function { name, body } = &node.kind {
        let mut inside = BTreeSet::new();
        apart(body, &mut inside, functions);
        functions.push((name.clone(), inside));
        return;
    }
    outside.extend(own(node));
    children(&node.kind)
        .into_iter()
        .for_each(|child| apart(child, outside, functions));
}

//! Arithmetic: what expressions come to where all in them is known, and which
//! variables they change.

use super::Shell;
use super::scope::{Value, text};
use crate::config::limits;
use crate::guard::shell::Word;

/// How deep brackets within brackets are followed.
const DEPTH: usize = 16;

/// The value of a name.
type ValueOf<'v> = &'v dyn Fn(&str) -> Option<i64>;

/// Returns what an expression without assignments comes to.
pub(super) fn evaluate(expression: &str, value_of: ValueOf<'_>) -> Option<i64> {
    let mut reader = Reader {
        rest: expression,
        value_of,
        depth: 0,
    };
    let number = reader.sum()?;
    reader.rest.trim().is_empty().then_some(number)
}

struct Reader<'t, 'v> {
    rest: &'t str,
    value_of: ValueOf<'v>,
    depth: usize,
}

impl Reader<'_, '_> {
    /// Takes one of these operators, where no other sign makes it another one.
    fn operator(&mut self, operators: &[char]) -> Option<char> {
        let rest = self.rest.trim_start();
        let mut chars = rest.chars();
        let operator = chars.next().filter(|c| operators.contains(c))?;
        let is_longer = chars.as_str().starts_with([operator, '=']);
        (!is_longer).then(|| {
            self.rest = chars.as_str();
            operator
        })
    }

    fn sum(&mut self) -> Option<i64> {
        let mut sum = self.product()?;
        while let Some(operator) = self.operator(&['+', '-']) {
            let right = self.product()?;
            sum = match operator {
                '+' => sum.checked_add(right)?,
                _ => sum.checked_sub(right)?,
            };
        }
        Some(sum)
    }

    fn product(&mut self) -> Option<i64> {
        let mut product = self.term()?;
        while let Some(operator) = self.operator(&['*', '/', '%']) {
            let right = self.term()?;
            product = match operator {
                '*' => product.checked_mul(right)?,
                '/' => product.checked_div(right)?,
                _ => product.checked_rem(right)?,
            };
        }
        Some(product)
    }

    fn term(&mut self) -> Option<i64> {
        self.depth += 1;
        (self.depth <= DEPTH).then_some(())?;
        let number = match self.operator(&['-', '+', '(']) {
            Some('-') => self.term()?.checked_neg(),
            Some('+') => self.term(),
            Some(_) => {
                let inner = self.sum()?;
                self.operator(&[')']).map(|_| inner)
            }
            None => self.name_or_number(),
        };
        self.depth -= 1;
        number
    }

    fn name_or_number(&mut self) -> Option<i64> {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        self.rest = after;
        match word.strip_prefix('0') {
            _ if is_name(word) => (self.value_of)(word),
            None | Some("") => word.parse().ok(),
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(digits) => i64::from_str_radix(digits, 16).ok(),
                None => i64::from_str_radix(digits, 8).ok(),
            },
        }
    }
}

fn is_name(word: &str) -> bool {
    let begins = word.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    begins && word.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

/// An assignment in an expression: the name, and the expression of the new value
/// where it is all that the expression says.
type Change = (String, Option<String>);

/// Returns what an expression assigns.
fn changes(expression: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let is_in_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let mut rest = expression;
    while let Some(at) = rest.find(is_in_name) {
        let before = rest[..at].trim_end();
        let behind = &rest[at..];
        let end = behind.find(|c| !is_in_name(c)).unwrap_or(behind.len());
        let (name, after) = behind.split_at(end);
        rest = after;
        if !is_name(name) {
            continue;
        }
        let is_all = expression.trim_start().starts_with(name) && !expression.contains(',');
        let after = after.trim_start();
        let steps = |text: &str| text.starts_with("++") || text.starts_with("--");
        if before.ends_with("++") || before.ends_with("--") || steps(after) {
            let sign = if before.ends_with('-') || after.starts_with('-') {
                '-'
            } else {
                '+'
            };
            changes.push((name.to_owned(), Some(format!("{name} {sign} 1"))));
        } else if let Some((operator, value)) = after.split_once('=')
            && operator.len() <= 2
            && operator.chars().all(|c| "+-*/%&|^<>".contains(c))
            && !value.starts_with('=')
            && !matches!(operator, "<" | ">")
        {
            let value = match operator {
                "" => value.to_owned(),
                operator => format!("{name} {operator} ({value})"),
            };
            changes.push((name.to_owned(), is_all.then_some(value)));
        }
    }
    changes
}

/// Returns the name that the header of a `for ((…))` counts with, and its values.
fn counted(header: &str, value_of: ValueOf<'_>) -> Option<(String, Vec<i64>)> {
    let pieces: Vec<&str> = header.split(';').map(str::trim).collect();
    let [begin, condition, step] = pieces.as_slice() else {
        return None;
    };
    let (name, first) = begin.split_once('=')?;
    let name = Some(name.trim()).filter(|name| is_name(name))?;
    let mut at = evaluate(first, value_of)?;
    let limit = condition.strip_prefix(name)?.trim_start();
    let (operator, limit) = ["<=", ">=", "!=", "<", ">"]
        .into_iter()
        .find_map(|operator| Some((operator, limit.strip_prefix(operator)?)))?;
    let limit = evaluate(limit, value_of)?;
    let [(changed, Some(next))] = &changes(step)[..] else {
        return None;
    };
    let mut values = Vec::new();
    while match operator {
        "<=" => at <= limit,
        ">=" => at >= limit,
        "<" => at < limit,
        ">" => at > limit,
        _ => at != limit,
    } {
        (values.len() < limits::SHELL_ROUNDS).then_some(())?;
        values.push(at);
        let here = at;
        let value_of = |one: &str| {
            if one == name {
                Some(here)
            } else {
                value_of(one)
            }
        };
        at = evaluate(next, &value_of)?;
    }
    (changed == name && !values.is_empty()).then(|| (name.to_owned(), values))
}

impl Shell {
    /// Returns the number that a variable surely is.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match &*self.scope.values(name) {
            [Value::Scalar(word)] => word.known()?.trim().parse().ok(),
            _ => None,
        }
    }

    /// Puts into effect what an expression assigns.
    pub(super) fn count(&mut self, expression: &Word) {
        let Some(known) = expression.known() else {
            return;
        };
        if !known.contains(['=', '+', '-']) {
            return;
        }
        for (name, value) in changes(&known) {
            let number = value.and_then(|value| evaluate(&value, &|name| self.number(name)));
            let value = number.map_or(Value::Any, |number| {
                Value::scalar(text(&number.to_string()))
            });
            self.scope.set(&name, vec![value]);
        }
    }

    /// Returns the variable of a `for ((…))` with its values, where they are few
    /// and known.
    pub(super) fn counted(&self, header: &Word) -> Option<(String, Vec<Value>)> {
        let (name, numbers) = counted(&header.known()?, &|name| self.number(name))?;
        let values = numbers
            .iter()
            .map(|number| Value::scalar(text(&number.to_string())));
        Some((name, values.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_known_numbers_come_to_a_number() {
        let value_of = |name: &str| (name == "i").then_some(3);
        for (expression, expected) in [
            ("1+2*3", Some(7)),
            (" ( i + 1 ) * -2 ", Some(-8)),
            ("0x10 % 10", Some(6)),
            ("010", Some(8)),
            ("i/0", None),
            ("j", None),
            ("i++", None),
            ("i==3", None),
            ("2**3", None),
            ("1 2", None),
            ("((((((((((((((((((1))))))))))))))))))", None),
        ] {
            assert_eq!(evaluate(expression, &value_of), expected, "{expression}");
        }
    }

    #[test]
    fn headers_count() {
        let value_of = |name: &str| (name == "n").then_some(2);
        for (header, expected) in [
            ("i=0;i<3;i++", Some(vec![0, 1, 2])),
            ("i = n; i >= 0; --i", Some(vec![2, 1, 0])),
            ("i=0; i<10; i+=5", Some(vec![0, 5])),
            ("i=0; i<1000; i++", None),
            ("i=0; i<m; i++", None),
            ("i=0; i<3; j++", None),
            (";;", None),
        ] {
            let counted = counted(header, &value_of).map(|(_, values)| values);
            assert_eq!(counted, expected, "{header}");
        }
    }

    #[test]
    fn assignments_are_found() {
        let names = |expression| -> Vec<String> {
            let changes = changes(expression).into_iter();
            changes.map(|(name, _)| name).collect()
        };
        assert_eq!(names("i++, --j, k = 2, l <<= 1"), ["i", "j", "k", "l"]);
        assert!(names("i == 1 && j <= 2 || k != 3 && l >= 4").is_empty());
    }
}

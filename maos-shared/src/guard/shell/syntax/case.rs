//! `case`.

use super::tree::{Compound, List, Raw};
use super::{Error, Parser};

impl Parser<'_> {
    /// Reads what follows `case`.
    pub(super) fn case(&mut self) -> Result<Compound, Error> {
        self.skip_blanks();
        let subject = self.required_word("the word after `case` is missing")?;
        self.skip_lines()?;
        let end = match self.is_zsh() && self.eat_keyword("{") {
            true => "}",
            false if self.eat_word("in") => "esac",
            false => return Err(self.error("`in` is missing")),
        };
        let mut arms = Vec::new();
        loop {
            self.skip_lines()?;
            if self.eat_keyword(end) {
                return Ok(Compound::Case { subject, arms });
            }
            arms.push(self.case_arm(end)?);
        }
    }

    fn case_arm(&mut self, end: &str) -> Result<(Vec<Raw>, List), Error> {
        self.input.eat(b'(');
        let mut patterns = Vec::new();
        loop {
            self.skip_blanks();
            patterns.push(self.required_word("a pattern of `case` is missing")?);
            self.skip_blanks();
            if self.input.eat(b')') {
                break;
            }
            self.expect(b'|', "`)` is missing after a pattern of `case`")?;
        }
        let list = self.list()?;
        if self.arm_ends() {
            self.input.bump();
            self.input.bump();
            self.input.eat(b'&');
        } else if self.keyword() != Some(end) {
            return Err(self.error("`esac` is missing"));
        }
        Ok((patterns, list))
    }
}

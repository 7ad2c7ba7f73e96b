//! The combinations of values that the words of one command may have.

use std::collections::HashMap;

/// Chooses between alternatives, another combination in every round.
pub(super) struct Choices {
    /// In how many rounds there are combinations.
    combined: usize,
    /// What was chosen in this round, in the order of asking.
    chosen: Vec<Chosen>,
    /// Where in `chosen` a subject is.
    subjects: HashMap<String, usize>,
    /// How many of `chosen` this round has asked for again.
    asked: usize,
    rounds: usize,
    /// Once there are too many combinations: which alternative each subject
    /// gets. Past the last one, none.
    together: Option<usize>,
    most: usize,
}

struct Chosen {
    at: usize,
    of: usize,
}

impl Choices {
    /// Returns choices that are combined with each other in so many rounds.
    pub(super) fn combined(rounds: usize) -> Self {
        Self {
            combined: rounds,
            chosen: Vec::new(),
            subjects: HashMap::new(),
            asked: 0,
            rounds: 0,
            together: None,
            most: 0,
        }
    }

    /// Returns which of `of` alternatives `subject` has in this round; `None`
    /// where it is to count as not known.
    pub(super) fn pick(&mut self, subject: &str, of: usize) -> Option<usize> {
        if of <= 1 {
            return Some(0);
        }
        self.most = self.most.max(of);
        if let Some(at) = self.together {
            return (at < self.most).then(|| at.min(of - 1));
        }
        if let Some(known) = self.subjects.get(subject) {
            return self.chosen.get(*known).map(|chosen| chosen.at);
        }
        if self.asked == self.chosen.len() {
            self.chosen.push(Chosen { at: 0, of });
        }
        self.subjects.insert(subject.to_owned(), self.asked);
        self.asked += 1;
        self.chosen.get(self.asked - 1).map(|chosen| chosen.at)
    }

    /// Goes on to the next round; returns whether there is one.
    pub(super) fn advance(&mut self) -> bool {
        self.rounds += 1;
        self.subjects.clear();
        self.asked = 0;
        if let Some(at) = self.together {
            self.together = Some(at + 1);
            return at < self.most;
        }
        while self
            .chosen
            .last()
            .is_some_and(|last| last.at + 1 >= last.of)
        {
            self.chosen.pop();
        }
        let Some(last) = self.chosen.last_mut() else {
            return false;
        };
        last.at += 1;
        if self.rounds >= self.combined {
            self.together = Some(0);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::limits;

    fn rounds(alternatives: &[usize]) -> Vec<Vec<Option<usize>>> {
        let mut choices = Choices::combined(limits::SHELL_COMBINATIONS);
        let mut rounds = Vec::new();
        loop {
            let subjects = alternatives.iter().enumerate();
            rounds.push(
                subjects
                    .map(|(subject, of)| choices.pick(&subject.to_string(), *of))
                    .collect(),
            );
            if !choices.advance() {
                return rounds;
            }
        }
    }

    #[test]
    fn every_combination_has_a_round() {
        assert_eq!(rounds(&[]), [vec![]]);
        assert_eq!(rounds(&[1, 1]), [[Some(0), Some(0)]]);
        let expected = [[0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 1]];
        assert_eq!(rounds(&[2, 1, 2]), expected.map(|round| round.map(Some)));
    }

    #[test]
    fn a_subject_is_the_same_wherever_it_stands() {
        let mut choices = Choices::combined(limits::SHELL_COMBINATIONS);
        choices.pick("x", 2);
        choices.advance();
        assert_eq!(
            (choices.pick("x", 2), choices.pick("x", 2)),
            (Some(1), Some(1))
        );
    }

    #[test]
    fn too_many_combinations_give_every_alternative_a_round_and_one_to_the_unknown() {
        let rounds = rounds(&[3; 20]);
        assert!(rounds.len() <= limits::SHELL_COMBINATIONS + 4);
        for subject in 0..20 {
            for at in [Some(0), Some(1), Some(2), None] {
                assert!(rounds.iter().any(|round| round[subject] == at));
            }
        }
    }
}

//! Who wants what of the person, and how several of them become one message.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::spoken::cut;
use super::{Kind, Message};
use crate::config::limits::NOTIFY_MERGED_CHARS;

/// What one agent wants of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wish {
    pub(super) kind: Kind,
    /// The agent's session.
    pub(super) session: String,
    /// Its id; none for the main thread.
    pub(super) agent: Option<String>,
    /// What it is called.
    pub(super) who: String,
    /// What the person is shown.
    pub(super) text: String,
    /// What is spoken in place of that.
    pub(super) answer: Option<String>,
    /// When, in time since the epoch.
    pub(super) at: Duration,
}

impl Wish {
    /// Returns what is the same in two that want the same.
    pub(super) fn call(&self) -> String {
        let agent = self.agent.as_deref().unwrap_or_default();
        let kind = self.kind.name();
        format!("{kind}\n{}\n{agent}\n{}", self.session, self.text)
    }

    /// Returns whether it is of the same agent and the same kind.
    fn is_as(&self, other: &Self) -> bool {
        (self.kind, &self.session, &self.agent) == (other.kind, &other.session, &other.agent)
    }
}

/// Sorts wishes: the more urgent one comes first, then the older one. Of one agent
/// and one kind, the newest stays.
pub(super) fn sorted(mut wishes: Vec<Wish>) -> Vec<Wish> {
    crate::order::sort_by(&mut wishes, &|a, b| a.at.cmp(&b.at));
    let mut kept: Vec<Wish> = Vec::new();
    for wish in wishes {
        kept.retain(|older| !older.is_as(&wish));
        kept.push(wish);
    }
    crate::order::sort_by(&mut kept, &|a, b| a.kind.cmp(&b.kind));
    kept
}

/// Returns what the wishes, which are [`sorted`], say in the project `title`:
/// each text once, and how often where it is more.
pub(super) fn merged(title: &str, wishes: &[Wish]) -> Message {
    let mut texts: Vec<(&str, usize)> = Vec::new();
    for wish in wishes {
        match texts.iter_mut().find(|(text, _)| *text == wish.text) {
            Some((_, count)) => *count += 1,
            None => texts.push((&wish.text, 1)),
        }
    }
    let mut text = String::new();
    for (done, (next, count)) in texts.iter().enumerate() {
        let next = match count {
            1 => (*next).to_owned(),
            count => format!("{} ({count} times)", end(next)),
        };
        let length = text.chars().count() + next.chars().count();
        if !text.is_empty() && length > NOTIFY_MERGED_CHARS {
            let more = texts[done..].iter().map(|(_, count)| count).sum::<usize>();
            text = joined(text, &format!("And {more} more"));
            break;
        }
        text = joined(text, &next);
    }
    Message {
        title: title.to_owned(),
        who: wishes.first().map_or_else(String::new, |it| it.who.clone()),
        text,
    }
}

/// Returns what is spoken of the wishes, which are [`sorted`]: last answers in the
/// place of the texts of those who have some, behind all others.
pub(super) fn spoken_of(title: &str, wishes: &[Wish]) -> String {
    let silent: Vec<Wish> = wishes
        .iter()
        .filter(|wish| wish.answer.is_none())
        .cloned()
        .collect();
    let mut text = match silent.is_empty() {
        true => String::new(),
        false => merged(title, &silent).sentence(),
    };
    for wish in wishes {
        if let Some(answer) = &wish.answer {
            text = joined(text, &format!("{title}, {}: {answer}", wish.who));
        }
    }
    cut(text)
}

fn joined(text: String, next: &str) -> String {
    match text.is_empty() {
        true => next.to_owned(),
        false => format!("{}. {next}", end(&text)),
    }
}

fn end(text: &str) -> &str {
    text.trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(kind: Kind, agent: &str, text: &str, at: u64) -> Wish {
        Wish {
            kind,
            session: "s".to_owned(),
            agent: (!agent.is_empty()).then(|| agent.to_owned()),
            who: if agent.is_empty() { "Claude" } else { agent }.to_owned(),
            text: text.to_owned(),
            answer: None,
            at: Duration::from_secs(at),
        }
    }

    #[test]
    fn all_are_named_the_urgent_ones_first() {
        let wishes = sorted(vec![
            wish(Kind::SubagentDone, "a", "coder has ended", 1),
            wish(Kind::Permission, "c", "old", 3),
            wish(Kind::Permission, "", "Claude needs you.", 4),
            wish(Kind::Permission, "c", "coder wants Bash", 5),
            wish(Kind::SubagentDone, "b", "coder has ended", 2),
        ]);
        assert_eq!(
            merged("shop", &wishes).sentence(),
            "shop: Claude needs you. coder wants Bash. coder has ended (2 times)"
        );
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let long = "x".repeat(NOTIFY_MERGED_CHARS);
        let wishes = sorted(vec![
            wish(Kind::Done, "", "done", 1),
            wish(Kind::Idle, "", "idle", 1),
            wish(Kind::Permission, "", &long, 1),
        ]);
        assert_eq!(merged("p", &wishes).text, format!("{long}. And 2 more"));
    }

    #[test]
    fn an_answer_is_spoken_behind_what_is_wanted_and_says_whose_it_is() {
        let mut done = wish(Kind::Done, "", "Claude is done", 1);
        done.answer = Some("All is well.".to_owned());
        let asks = wish(Kind::Permission, "c", "coder wants Bash", 2);
        let both = sorted(vec![done.clone(), asks]);
        assert_eq!(
            spoken_of("shop", &both),
            "shop: coder wants Bash. shop, Claude: All is well."
        );
        assert_eq!(spoken_of("shop", &[done]), "shop, Claude: All is well.");
    }
}

//! Puts the registration into a settings text and takes it out again.

use std::ops::Range;

use maos_shared::hook::Event;
use serde_json::Value;

use super::document::{self, Edit, Item};
use super::registration::{Registration, is_ours};
use super::style::Style;

/// Why a text is not settings that can be edited.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{line}:{column}: {problem}")]
pub(crate) struct TextError {
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
    problem: String,
}

/// Where the hooks stand in a settings text.
struct Survey {
    root: Range<usize>,
    members: Vec<Item>,
    hooks: Option<Hooks>,
}

/// The value of the last member `hooks`: the one that the client reads.
struct Hooks {
    item: usize,
    place: Range<usize>,
    events: Vec<EventHooks>,
}

struct EventHooks {
    item: Item,
    groups: Vec<Group>,
}

struct Group {
    item: Item,
    /// The range of its list and the list's elements.
    list: Range<usize>,
    entries: Vec<Item>,
    /// For each entry, whether it is ours.
    ours: Vec<bool>,
}

/// Returns `text` with `registration` in it instead of any other registration
/// of ours, or `None` when it already holds exactly that.
///
/// # Errors
/// When `text` is not JSON, or its hooks have a shape that the client does not
/// know.
pub(crate) fn register(
    text: &str,
    registration: &Registration,
) -> Result<Option<String>, TextError> {
    let text = if text.trim().is_empty() { "{}\n" } else { text };
    let survey = Survey::of(text)?;
    if survey.holds(text, registration) {
        return Ok(None);
    }
    let cleared = document::apply(text, survey.removal());
    let survey = Survey::of(&cleared)?;
    let edits = survey.insertion(&cleared, registration);
    Ok(Some(document::apply(&cleared, edits)))
}

/// Returns `text` without any registration of ours, and without the lists and
/// members that this emptied; `None` when there is none.
///
/// # Errors
/// As [`register`].
pub(crate) fn unregister(text: &str) -> Result<Option<String>, TextError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let removal = Survey::of(text)?.removal();
    Ok((!removal.is_empty()).then(|| document::apply(text, removal)))
}

/// Returns whether `text` holds exactly `registration` and no other of ours.
///
/// # Errors
/// As [`register`].
pub(crate) fn is_registered(text: &str, registration: &Registration) -> Result<bool, TextError> {
    Ok(!text.trim().is_empty() && Survey::of(text)?.holds(text, registration))
}

/// Returns the value of a settings text, without empty lists of hooks: two
/// texts of one meaning are equal. `None` when the text is not JSON.
pub(crate) fn meaning(text: &str) -> Option<Value> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    let mut value: Value = serde_json::from_str(text).ok()?;
    if let Some(settings) = value.as_object_mut() {
        if let Some(Value::Object(hooks)) = settings.get_mut("hooks") {
            hooks.retain(|_, groups| groups.as_array().is_none_or(|list| !list.is_empty()));
        }
        settings.retain(|key, value| {
            key != "hooks" || value.as_object().is_none_or(|hooks| !hooks.is_empty())
        });
    }
    Some(value)
}

impl Survey {
    fn of(text: &str) -> Result<Self, TextError> {
        let root = document::root(text).map_err(|error| TextError::syntax(&error))?;
        let members = document::members(text, &root)
            .ok_or_else(|| TextError::at(text, root.start, "the settings are not an object"))?;
        let hooks = match members.iter().rposition(|member| member.key == "hooks") {
            Some(item) => Some(Hooks::of(text, item, &members[item].value)?),
            None => None,
        };
        Ok(Self {
            root,
            members,
            hooks,
        })
    }

    /// Returns whether each event has its one entry of `registration`, and no
    /// other entry is ours.
    fn holds(&self, text: &str, registration: &Registration) -> bool {
        let Some(hooks) = &self.hooks else {
            return false;
        };
        let mut found: Vec<(&str, &Group)> = Vec::new();
        for event in &hooks.events {
            let groups = event
                .groups
                .iter()
                .filter(|group| group.ours.contains(&true));
            found.extend(groups.map(|group| (event.item.key.as_str(), group)));
        }
        found.len() == Event::ALL.len()
            && Event::ALL.iter().all(|event| {
                let wanted = serde_json::to_value(registration.group(*event)).ok();
                let is_wanted = |(name, group): &(&str, &Group)| {
                    *name == event.name() && parsed(text, &group.item.value) == wanted
                };
                wanted.is_some() && found.iter().any(is_wanted)
            })
    }

    /// Returns the edits that take out what is ours.
    fn removal(&self) -> Vec<Edit> {
        let Some(hooks) = &self.hooks else {
            return Vec::new();
        };
        let mut edits = Vec::new();
        let mut keep_events = vec![true; hooks.events.len()];
        for (event, keep_event) in hooks.events.iter().zip(&mut keep_events) {
            let mut keep_groups = vec![true; event.groups.len()];
            let mut inner = Vec::new();
            for (group, keep_group) in event.groups.iter().zip(&mut keep_groups) {
                let keep: Vec<bool> = group.ours.iter().map(|ours| !ours).collect();
                *keep_group = keep.is_empty() || keep.contains(&true);
                if *keep_group {
                    inner.extend(document::removals(&group.list, &group.entries, &keep));
                }
            }
            *keep_event = keep_groups.is_empty() || keep_groups.contains(&true);
            if *keep_event {
                let items: Vec<Item> = event.groups.iter().map(|g| g.item.clone()).collect();
                edits.extend(inner);
                edits.extend(document::removals(&event.item.value, &items, &keep_groups));
            }
        }
        if !keep_events.is_empty() && !keep_events.contains(&true) {
            let mut keep = vec![true; self.members.len()];
            keep[hooks.item] = false;
            return document::removals(&self.root, &self.members, &keep);
        }
        let items: Vec<Item> = hooks.events.iter().map(|e| e.item.clone()).collect();
        edits.extend(document::removals(&hooks.place, &items, &keep_events));
        edits
    }

    /// Returns the edits that add every entry of `registration`.
    fn insertion(&self, text: &str, registration: &Registration) -> Vec<Edit> {
        let style = Style::of(text, &self.root, &self.members);
        let Some(hooks) = &self.hooks else {
            let all = Event::ALL.map(|event| event_member(&style, event, registration));
            let hooks = style.member("hooks", &style.wrap('{', &all, '}', 1));
            return vec![style.append(&self.root, &self.members, &[hooks], 0)];
        };
        let mut edits = Vec::new();
        let mut missing = Vec::new();
        for event in Event::ALL {
            let listed = hooks.events.iter().rfind(|e| e.item.key == event.name());
            let Some(listed) = listed else {
                missing.push(event_member(&style, event, registration));
                continue;
            };
            let items: Vec<Item> = listed.groups.iter().map(|g| g.item.clone()).collect();
            let group = style.value(&registration.group(event), 3);
            edits.push(style.append(&listed.item.value, &items, &[group], 2));
        }
        if !missing.is_empty() {
            let items: Vec<Item> = hooks.events.iter().map(|e| e.item.clone()).collect();
            edits.push(style.append(&hooks.place, &items, &missing, 1));
        }
        edits
    }
}

/// Returns the member of `event` with its list of one.
fn event_member(style: &Style, event: Event, registration: &Registration) -> String {
    let group = style.value(&registration.group(event), 3);
    style.member(event.name(), &style.wrap('[', &[group], ']', 2))
}

impl Hooks {
    fn of(text: &str, item: usize, place: &Range<usize>) -> Result<Self, TextError> {
        let events = document::members(text, place)
            .ok_or_else(|| TextError::at(text, place.start, "`hooks` is not an object"))?;
        let survey = |item: Item| {
            let groups = document::elements(text, &item.value).ok_or_else(|| {
                let problem = format!("the hooks of `{}` are not a list", item.key);
                TextError::at(text, item.value.start, &problem)
            })?;
            let groups = groups
                .into_iter()
                .map(|group| Group::of(text, &item.key, group))
                .collect::<Result<_, _>>()?;
            Ok(EventHooks { item, groups })
        };
        Ok(Self {
            item,
            place: place.clone(),
            events: events.into_iter().map(survey).collect::<Result<_, _>>()?,
        })
    }
}

impl Group {
    fn of(text: &str, event: &str, item: Item) -> Result<Self, TextError> {
        let shape = || {
            let problem = format!("a hook of `{event}` is not an object with a list `hooks`");
            TextError::at(text, item.value.start, &problem)
        };
        let members = document::members(text, &item.value).ok_or_else(shape)?;
        let list = members
            .iter()
            .rfind(|member| member.key == "hooks")
            .map(|member| member.value.clone())
            .ok_or_else(shape)?;
        let entries = document::elements(text, &list).ok_or_else(shape)?;
        let ours = entries
            .iter()
            .map(|entry| parsed(text, &entry.value).is_some_and(|entry| is_ours(&entry)))
            .collect();
        Ok(Self {
            item,
            list,
            entries,
            ours,
        })
    }
}

impl TextError {
    pub(super) fn at(text: &str, offset: usize, problem: &str) -> Self {
        let before = &text[..offset];
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: last_line.chars().count() + 1,
            problem: problem.to_owned(),
        }
    }

    pub(super) fn syntax(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let problem = message.split(" at line ").next().unwrap_or_default();
        Self {
            line: error.line(),
            column: error.column(),
            problem: format!("not JSON: {problem}"),
        }
    }
}

/// Returns the value at `place`, or `None` when it is nested too deep or holds
/// a number beyond all bounds: then it is nothing of ours.
fn parsed(text: &str, place: &Range<usize>) -> Option<Value> {
    serde_json::from_str(&text[place.clone()]).ok()
}

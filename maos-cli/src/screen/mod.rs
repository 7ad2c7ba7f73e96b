//! What `maos status` and `maos top` both show: a headline, and below it what there
//! is, section by section.

mod agents;
mod cells;

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::journal;
use crate::output::{Column, Table, Text, Tone};
use crate::overview::{
    AgentView, BlockedView, Conflict, JobView, LeaseView, Overview, ReservationView, SessionView,
    Work,
};
use crate::when;
pub(crate) use agents::headline;
pub(crate) use cells::named;

/// Things of one kind, each a row of a table.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    kind: Kind<'a>,
    /// The things, in the order of their rows.
    pub(crate) items: Vec<Item<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum Kind<'a> {
    Session(&'a SessionView),
    Clashes,
    Sharing,
    Leases,
    Reserved,
    Jobs,
    Blocked,
}

/// What a row shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item<'a> {
    /// An agent.
    Agent(&'a AgentView),
    /// Two agents that change the same files.
    Pair(&'a Conflict),
    /// A file that somebody changes.
    Lease(&'a LeaseView),
    /// Files that somebody is about to change.
    Reservation(&'a ReservationView),
    /// A job.
    Job(&'a JobView),
    /// A call that was denied.
    Blocked(&'a BlockedView),
}

/// Returns a section for each session, oldest first.
pub(crate) fn sessions(overview: &Overview) -> impl DoubleEndedIterator<Item = Section<'_>> {
    overview.sessions.iter().map(|session| {
        let agents = session.agents.iter();
        Section::of(Kind::Session(session), agents.map(Item::Agent))
    })
}

/// Returns a section for each kind of thing that there is beside the agents.
pub(crate) fn besides(overview: &Overview) -> impl Iterator<Item = Section<'_>> {
    let pairs = |certain: bool| {
        let pairs = overview.conflicts.iter();
        let pairs = pairs.filter(move |pair| pair.clash.is_some() == certain);
        pairs.map(Item::Pair)
    };
    let reserved = overview.reservations.iter().map(Item::Reservation);
    let blocked = overview.last_blocked.iter().map(Item::Blocked);
    let all = [
        Section::of(Kind::Clashes, pairs(true)),
        Section::of(Kind::Sharing, pairs(false)),
        Section::of(Kind::Leases, overview.leases.iter().map(Item::Lease)),
        Section::of(Kind::Reserved, reserved),
        Section::of(Kind::Jobs, overview.jobs.iter().map(Item::Job)),
        Section::of(Kind::Blocked, blocked),
    ];
    all.into_iter().filter(|section| !section.items.is_empty())
}

impl<'a> Section<'a> {
    fn of(kind: Kind<'a>, items: impl Iterator<Item = Item<'a>>) -> Self {
        Self {
            kind,
            items: items.collect(),
        }
    }
}

impl Section<'_> {
    /// Keeps the first `most` rows, and returns how many others there are: agents by
    /// what became of their work.
    pub(crate) fn cut(&mut self, most: usize) -> Option<Text> {
        let others = self.items.split_off(self.items.len().min(most));
        let mut kinds: BTreeMap<Option<Work>, usize> = BTreeMap::new();
        for other in &others {
            let work = match other {
                Item::Agent(agent) => Some(agent.work),
                _ => None,
            };
            *kinds.entry(work).or_default() += 1;
        }
        let kinds = kinds.iter().map(|(work, count)| match work {
            Some(work) => format!("{count} {}", work.word().plain()),
            None => count.to_string(),
        });
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        (!others.is_empty())
            .then(|| Tone::Faint.of(format!("  and others: {kinds}; --all shows them")))
    }

    /// Returns the line above the table.
    pub(crate) fn head(&self, now: SystemTime) -> Text {
        match self.kind {
            Kind::Session(session) => session_line(session, now),
            Kind::Clashes => Tone::Strong.of("conflicts"),
            Kind::Sharing => Tone::Strong.of("same files changed by two"),
            Kind::Leases => Tone::Strong.of("leases"),
            Kind::Reserved => Tone::Strong.of("reserved"),
            Kind::Jobs => Tone::Strong.of("jobs"),
            Kind::Blocked => Tone::Strong
                .of("blocked last")
                .then(Tone::Faint.of("  `maos why ID` tells more")),
        }
    }

    /// Returns the table: a row for each thing.
    pub(crate) fn table(&self, now: SystemTime) -> Table {
        let mut table = Table::new(self.columns()).indented(2);
        for item in &self.items {
            table.row(item.cells(now));
        }
        table
    }

    /// Returns what has to be said below the table.
    pub(crate) fn notes(&self) -> Vec<Text> {
        let agents = self.items.iter().filter_map(|item| match item {
            Item::Agent(agent) => Some(*agent),
            _ => None,
        });
        agents.flat_map(agents::notes).collect()
    }

    fn columns(&self) -> Vec<Column> {
        let left = Column::left;
        match self.kind {
            Kind::Session(_) => agents::columns().into(),
            Kind::Clashes | Kind::Sharing => vec![
                left("").giving_way_in_front(),
                left("").giving_way_in_front(),
                left("").giving_way(),
            ],
            Kind::Leases => vec![
                left("FILE").giving_way_in_front(),
                left("HELD BY").giving_way(),
                left("FOR"),
                Column::right("SINCE"),
            ],
            Kind::Reserved => vec![
                left("FILES").giving_way_in_front(),
                left("RESERVED BY").giving_way(),
                left("FOR").giving_way(),
                Column::right("ENDS IN"),
            ],
            Kind::Jobs => vec![
                left("JOB"),
                left("STATE"),
                Column::right("AGE"),
                left("ABOUT").giving_way(),
            ],
            Kind::Blocked => vec![
                left("ID"),
                left("AGENT").giving_way(),
                left("RULE"),
                Column::right("AGE"),
                left("CALL").giving_way(),
            ],
        }
    }
}

impl Item<'_> {
    /// Returns by what the row is found again after another look.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Agent(agent) => agent.id.clone(),
            Self::Pair(pair) => pair.agents.join(" "),
            Self::Lease(lease) => format!("lease {}", lease.file),
            Self::Reservation(one) => format!("reserved {} {}", one.pattern, one.session),
            Self::Job(job) => job.id.clone(),
            Self::Blocked(call) => call.id.clone(),
        }
    }
}

/// Returns the line above a session's agents.
fn session_line(session: &SessionView, now: SystemTime) -> Text {
    let line = Text::from("session ").then(Tone::Strong.of(journal::short(&session.id)));
    let age = |time: &str| when::age(time, now);
    let line = match &session.started {
        Some(started) => {
            let (clock, age) = (when::clock(started), age(started));
            line.then(Tone::Faint.of(format!("  since {clock}, {age} ago")))
        }
        None => line,
    };
    match (&session.ended, &session.end_reason) {
        (Some(ended), reason) => {
            let (age, reason) = (age(ended), reason.as_deref().unwrap_or_default());
            line.then(Tone::Faint.of(format!("  ended {age} ago ({reason})")))
        }
        (None, _) => line.then(Tone::Live.of("  open")),
    }
}

//! `maos status`: who works here, and what waits for the person.

use std::path::PathBuf;
use std::time::SystemTime;

use maos_shared::config::Environment;
use maos_shared::state::State;

use crate::error::{Error, exit_code};
use crate::journal::{self, tail};
use crate::output::{Column, Form, Output, Show, Table, Text, Tone};
use crate::overview::{Contents, Looked, Overview, SessionView, overview};
use crate::{place, screen, when};

/// The most files that a line names.
const FILES_NAMED: usize = 3;

/// Show a project at a glance: sessions, their agents and what became of their
/// work, conflicts, leases, blocked calls.
///
/// An agent is called by its branch where it has one. It is `working` in a
/// workspace of its own, or `reading`; its work is `to merge`, `returned` to your
/// files, `merged` into a branch, or `stuck` where it could not be committed;
/// `done` is who changed nothing, and `halted` whose client ended first. Under
/// CLASH stands with how many others its work conflicts; `1?` is one that changes
/// the same files, while one of both is still at work. The newest sessions come
/// last.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos status
  maos status --project ~/src/shop -n 1
  maos status --json | jq -r '.sessions[].agents[].branch'")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// How many sessions to show
    #[arg(short = 'n', value_name = "COUNT", default_value_t = 5)]
    sessions: usize,
    #[command(flatten)]
    form: Form,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        let looked = Looked {
            sessions: self.sessions,
            window: tail::WINDOW,
        };
        let found = overview(&project, &state, looked, Some(&mut Contents::of(&project)))?;
        if self.form.json {
            output.json(&found)?;
        } else {
            Screen {
                overview: &found,
                now: environment.now(),
            }
            .show(output)?;
        }
        Ok(exit_code::DONE)
    }
}

/// A project as it is printed.
struct Screen<'a> {
    overview: &'a Overview,
    now: SystemTime,
}

impl Show for Screen<'_> {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        let overview = self.overview;
        if overview.sessions.is_empty() && overview.older_sessions == 0 {
            let project = &overview.project;
            output.line(format_args!("no session yet in {project}"))?;
            return self.show_reservations(output);
        }
        output.wrapped(&screen::headline(overview), 2)?;
        for session in &overview.sessions {
            output.line("")?;
            output.wrapped(&session_line(session, self.now), 2)?;
            output.table(&agents(session, self.now))?;
            for agent in &session.agents {
                let name = agent.name();
                if let Some(trouble) = &agent.trouble {
                    output.wrapped(
                        &Tone::Bad.of(format!("  {name} is not committed: {trouble}")),
                        4,
                    )?;
                }
                if let Some(held) = &agent.held {
                    output.wrapped(
                        &Tone::Warn.of(format!("  {name} did not come back: {held}")),
                        4,
                    )?;
                }
            }
        }
        self.show_conflicts(output, "conflicts", true)?;
        self.show_conflicts(output, "same files changed by two", false)?;
        self.show_leases(output)?;
        self.show_reservations(output)?;
        self.show_jobs(output)?;
        if overview.older_sessions > 0 {
            let older = overview.older_sessions;
            output.line("")?;
            let more = format!("{older} older sessions; -n shows more");
            output.text(&Tone::Faint.of(more))?;
        }
        Ok(())
    }
}

impl Screen<'_> {
    /// Shows the agents that certainly do not fit, or those that may not.
    fn show_conflicts(&self, output: &mut Output, title: &str, certain: bool) -> Result<(), Error> {
        let mut table = Table::new([
            Column::left("").giving_way_in_front(),
            Column::left("").giving_way_in_front(),
            Column::left("").giving_way(),
        ])
        .indented(2);
        let conflicts = self.overview.conflicts.iter();
        for conflict in conflicts.filter(|it| it.clash.is_some() == certain) {
            let [one, other] = &conflict.names;
            let files = match &conflict.clash {
                Some(files) => Tone::Bad.of(named(files)),
                None => Tone::Warn.of(named(&conflict.files)),
            };
            table.row([one.into(), other.into(), files]);
        }
        titled(output, title, &table)
    }

    fn show_jobs(&self, output: &mut Output) -> Result<(), Error> {
        let mut table = Table::new([
            Column::left("JOB"),
            Column::left("STATE"),
            Column::right("AGE"),
            Column::left("ABOUT").giving_way(),
        ])
        .indented(2);
        for job in &self.overview.jobs {
            let state = match job.running {
                true => Tone::Live.of("running"),
                false => Tone::Faint.of("waiting"),
            };
            let age = when::age(&job.ordered, self.now).into();
            table.row([
                job.id.as_str().into(),
                state,
                age,
                job.about.as_str().into(),
            ]);
        }
        titled(output, "jobs", &table)
    }

    fn show_leases(&self, output: &mut Output) -> Result<(), Error> {
        let mut table = Table::new([
            Column::left("FILE").giving_way_in_front(),
            Column::left("HELD BY").giving_way(),
            Column::left("FOR"),
            Column::right("SINCE"),
        ])
        .indented(2);
        for lease in &self.overview.leases {
            let since = when::age(&lease.since, self.now);
            table.row([
                lease.file.as_str().into(),
                holder(lease.agent.as_ref(), lease.agent_type.as_deref()).into(),
                lease.purpose.as_str().into(),
                since.into(),
            ]);
        }
        titled(output, "leases", &table)
    }
}

impl Screen<'_> {
    fn show_reservations(&self, output: &mut Output) -> Result<(), Error> {
        let mut table = Table::new([
            Column::left("FILES").giving_way_in_front(),
            Column::left("RESERVED BY").giving_way(),
            Column::left("FOR").giving_way(),
            Column::right("ENDS IN"),
        ])
        .indented(2);
        for one in &self.overview.reservations {
            let mut by = match one.session.is_empty() {
                true => "a person".to_owned(),
                false => holder(one.agent.as_ref(), one.agent_type.as_deref()),
            };
            if one.shared {
                by.push_str(", shared");
            }
            table.row([
                one.pattern.as_str().into(),
                by.into(),
                one.why.as_str().into(),
                when::left(&one.until, self.now).into(),
            ]);
        }
        titled(output, "reserved", &table)
    }
}

/// Prints a table below a title, and nothing where it has no rows.
fn titled(output: &mut Output, title: &str, table: &Table) -> Result<(), Error> {
    if table.is_empty() {
        return Ok(());
    }
    output.line("")?;
    output.text(&Tone::Strong.of(title))?;
    output.table(table)
}

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

/// Returns the table of a session's agents.
fn agents(session: &SessionView, now: SystemTime) -> Table {
    let mut table = screen::table().indented(2);
    for agent in &session.agents {
        table.row(screen::cells(agent, now));
    }
    table
}

fn holder(agent: Option<&String>, kind: Option<&str>) -> String {
    match agent {
        None => "main".to_owned(),
        Some(id) => format!("{} {}", kind.unwrap_or("agent"), journal::short(id)),
    }
}

/// Returns the first files, and how many more there are.
fn named(files: &[String]) -> String {
    let first = files[..files.len().min(FILES_NAMED)].join(", ");
    match files.len().saturating_sub(FILES_NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

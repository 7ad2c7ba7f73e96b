//! `maos reserve`: files that somebody is about to change.

use std::path::{Path, PathBuf};
use std::time::Duration;

use maos_shared::config::Environment;
use maos_shared::config::limits::{RESERVATION_LONGEST, RESERVATION_TIME, RESERVATION_WHY_BYTES};
use maos_shared::json;
use maos_shared::project::Project;
use maos_shared::state::State;
use maos_shared::state::agents::fact;
use maos_shared::state::leases::Owner;
use maos_shared::state::process::Process;
use maos_shared::state::reservations::{Pattern, Reserved, Wish};
use maos_shared::workspace::Workspace;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::{place, when};

/// Reserve files that you are about to change.
///
/// Others who change one of them hear that it is reserved: in the same checkout
/// their change is refused, elsewhere they are told (`leases.mode` in maos.toml).
/// They can neither reserve it. What is reserved by an agent is its own, and ends
/// with its session; what is reserved at a terminal is yours.
///
/// `?` stands for one character, `*` for any number of them in a name, `**` for
/// any number of folders. A folder is all that is in it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos reserve 'src/auth/**' --for 1h --why 'new login'
  maos reserve docs --shared --why 'everybody adds a chapter'
  maos release 'src/auth/**'

`maos status` shows what is reserved.")]
pub(crate) struct Args {
    /// Which files, relative to the root of their checkout
    #[arg(value_name = "PATTERN")]
    pattern: String,
    /// For how long: 90s, 10m, 2h; a week at most [default: 1h]
    #[arg(long = "for", value_name = "TIME", value_parser = when::some_time)]
    time: Option<Duration>,
    /// What for, in a few words; others read it
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// Others may change them too, and reserve them as shared
    #[arg(long)]
    shared: bool,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        let pattern = self.pattern(&project.checkout)?;
        let owner = owner(&environment, &project, &state)?;
        let time = self.time.unwrap_or(RESERVATION_TIME);
        let wish = Wish {
            pattern: &pattern,
            shared: self.shared,
            why: json::cut(&self.why, RESERVATION_WHY_BYTES),
            time,
        };
        match state.reserve(&owner, wish)? {
            Reserved::Until(_) => {
                let time = when::span(time.min(RESERVATION_LONGEST));
                let name = pattern.as_str();
                output.line(format_args!("{name} is reserved for {time}"))?;
                told_of_leases(output, &state, &pattern, &owner)?;
                Ok(exit_code::DONE)
            }
            Reserved::By(other) => Err(Error::Reserved(other)),
            Reserved::Full => Err(Error::ReservationsFull),
        }
    }

    /// Returns the pattern; one that begins with the checkout is meant below it.
    fn pattern(&self, checkout: &Path) -> Result<Pattern, Error> {
        let below = Path::new(&self.pattern).strip_prefix(checkout).ok();
        let text = below.and_then(Path::to_str).unwrap_or(&self.pattern);
        Pattern::parse(text).map_err(|problem| Error::Pattern {
            text: self.pattern.clone(),
            problem,
        })
    }
}

/// Says who is changing some of the files already.
fn told_of_leases(
    output: &mut Output,
    state: &State,
    pattern: &Pattern,
    owner: &Owner,
) -> Result<(), Error> {
    for lease in state.leases()? {
        if !lease.owner.is(owner) && pattern.matches(&lease.file, ToOwned::to_owned) {
            let (file, who) = (&lease.file, lease.owner.describe());
            output.line(format_args!("{file} is being changed by {who}"))?;
        }
    }
    Ok(())
}

/// Returns who reserves: a person at a terminal, or whom the client runs the
/// command for. An agent is known by the workspace that it is in.
fn owner(environment: &Environment, project: &Project, state: &State) -> Result<Owner, Error> {
    let mut owner = Owner {
        session: String::new(),
        agent: None,
        agent_type: None,
        client: None,
        checkout: project.checkout.clone(),
    };
    if !environment.inside_agent {
        return Ok(owner);
    }
    let session = environment.session.as_deref();
    owner.session = session.ok_or(Error::UnknownSession)?.to_owned();
    let session = state.session(&owner.session);
    let client = environment.client_pid.map(Process::of);
    owner.client = client.or(session.client()?);
    if project.is_workspace() {
        for agent in session.all_agents()? {
            let own = session.fact::<Workspace>(&agent.agent_id, fact::WORKSPACE)?;
            if own.is_some_and(|own| own.path == project.checkout) {
                owner.agent = Some(agent.agent_id);
                owner.agent_type = Some(agent.agent_type);
                break;
            }
        }
    }
    Ok(owner)
}

//! Calling the person: whether, and by which ways.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use super::clock::minute_of_day;
use super::errand::{Errand, LastAnswer};
use super::record::Record;
use super::terminal::{Terminal, sequence};
use super::{Kind, Message, Notice};
use crate::config::limits::NOTIFY_IDLE_AFTER;
use crate::config::{Environment, NotifySettings, Provider, Way};
use crate::hook::Call;

/// Calls the person, unless the settings, the time or an earlier call speak
/// against it, and returns what the client is to send to the terminal.
/// Providers that are programs run in jobs; what becomes of them is in the
/// journal. Blocks for a few small files, and two forks for each job.
///
/// No error ends here: that the person could not be called stops no work.
#[must_use]
pub fn call(call: &Call<'_>, notice: &Notice<'_>, answer: Option<LastAnswer>) -> Option<String> {
    let folder = call.environment.client_settings();
    // What is wrong with the file is told when a session begins.
    let settings = NotifySettings::load(folder.as_deref()).unwrap_or_default();
    if !notice.kind.is_on(&settings) {
        return None;
    }
    let project = call.project().map_or(call.input.cwd(), |found| &found.main);
    let message = Message::new(notice, project, &settings);
    let Ok(state) = call.state() else {
        return of_terminal(&settings, &message, false);
    };
    let caller = Caller {
        record: Record {
            session: call.input.session_id.to_string(),
            kind: notice.kind,
            state,
        },
        is_quiet: is_quiet(&settings, call.now),
        folder,
        settings,
    };
    if caller.is_late() {
        return None;
    }
    caller.call(&message, answer)
}

/// Returns whether `now` lies in the person's quiet hours.
fn is_quiet(settings: &NotifySettings, now: SystemTime) -> bool {
    let zone = Environment::time_zone;
    let quiet = settings.quiet;
    quiet.is_some_and(|hours| hours.hold(minute_of_day(now, &zone())))
}

struct Caller {
    record: Record,
    settings: NotifySettings,
    folder: Option<PathBuf>,
    is_quiet: bool,
}

impl Caller {
    /// Returns whether the person has been called for this already, and keeps
    /// that they are now. Where that cannot be kept, they are called.
    fn is_late(&self) -> bool {
        let Record {
            state,
            session,
            kind,
        } = &self.record;
        let session = state.session(session);
        if *kind == Kind::Idle && is_so(session.has_called(NOTIFY_IDLE_AFTER)) {
            self.record.silent("this session has called already");
            return true;
        }
        let claimed = state.claim_notice(kind.name(), self.settings.interval);
        if is_so(claimed.map(|claimed| !claimed)) {
            self.record.silent("the same was said a moment ago");
            return true;
        }
        told(session.called());
        false
    }

    fn call(self, message: &Message, answer: Option<LastAnswer>) -> Option<String> {
        let terminal = of_terminal(&self.settings, message, self.is_quiet);
        if terminal.is_some() {
            self.record.tried(Provider::Terminal, &Ok(()));
        }
        let ways = self.settings.providers.iter();
        let others = ways.filter(|way| !way.is_of_terminal()).cloned();
        // A note that is read does not wait for one that is spoken.
        let (notes, voices): (Vec<_>, Vec<_>) = others.partition(Way::is_quiet);
        let errand = Errand {
            message: message.clone(),
            answer: answer.filter(|_| self.settings.responses),
            record: self.record,
            is_quiet: self.is_quiet,
            folder: self.folder,
            settings: self.settings,
        };
        told(errand.send("note", notes));
        told(errand.send("voice", voices));
        terminal
    }
}

/// Returns what the terminal is sent, where it is one of the ways.
fn of_terminal(settings: &NotifySettings, message: &Message, is_quiet: bool) -> Option<String> {
    let wanted = settings.providers.iter().any(Way::is_of_terminal);
    wanted.then(|| {
        let (program, term) = Environment::terminal();
        sequence(message, Terminal::named(&program, &term), is_quiet)
    })
}

fn is_so(answer: io::Result<bool>) -> bool {
    answer.unwrap_or_else(|error| {
        told(Err(error));
        false
    })
}

/// Reports what stops no work.
fn told(result: io::Result<()>) {
    if let Err(error) = result {
        log::warn!("notification: {error}");
    }
}

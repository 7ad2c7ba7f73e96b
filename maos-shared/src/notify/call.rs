//! Calling the person: whether, and by which ways.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use super::clock::minute_of_day;
use super::errand::{Errand, LastAnswer};
use super::terminal::{Terminal, sequence};
use super::wish::{Wish, merged, sorted};
use super::{Kind, Message, Notice};
use crate::config::limits::{NOTIFY_IDLE_AFTER, NOTIFY_INTERVAL};
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
    let wish = Wish {
        kind: notice.kind,
        session: call.input.session_id.to_string(),
        agent: call.input.agent().map(ToOwned::to_owned),
        who: message.who,
        text: message.text,
        answer: None,
        at: call.now.duration_since(UNIX_EPOCH).unwrap_or_default(),
    };
    let errand = Errand {
        state,
        title: message.title,
        wish,
        answer: answer.filter(|_| settings.responses),
        is_quiet: is_quiet(&settings, call.now),
        folder,
        settings,
    };
    let burst = burst(&errand)?;
    errand.run(burst)
}

/// Returns whether `now` lies in the person's quiet hours.
fn is_quiet(settings: &NotifySettings, now: SystemTime) -> bool {
    let zone = Environment::time_zone;
    let quiet = settings.quiet;
    quiet.is_some_and(|hours| hours.hold(minute_of_day(now, &zone())))
}

/// Returns what else this session has wanted of the person in this burst, and
/// keeps what it wants now; `None` where they have been called for that already.
/// Where that cannot be kept, they are called.
fn burst(errand: &Errand) -> Option<Vec<Wish>> {
    let Errand {
        state,
        wish,
        settings,
        ..
    } = errand;
    let session = state.session(&wish.session);
    if wish.kind == Kind::Idle && is_so(session.has_called(NOTIFY_IDLE_AFTER)) {
        errand
            .record(wish)
            .silent("this session has called already");
        return None;
    }
    let interval = wish.kind.interval(settings);
    let burst = settings.interval.min(NOTIFY_INTERVAL);
    let others = match state.claim_notice(&wish.call(), interval, burst, wish.clone()) {
        Ok(Some(others)) => others,
        Ok(None) => {
            errand.record(wish).silent("the same was said a moment ago");
            return None;
        }
        Err(error) => {
            told(Err(error));
            Vec::new()
        }
    };
    told(session.called());
    let own = |other: &Wish| other.session == wish.session;
    Some(others.into_iter().filter(own).collect())
}

impl Errand {
    /// Takes all of the ways. In the terminal, which shows at once what it is sent,
    /// a message names what came just before it; the bell that has rung for that
    /// rings again only for what is more urgent.
    fn run(self, burst: Vec<Wish>) -> Option<String> {
        let rung = burst.iter().any(|other| other.kind <= self.wish.kind);
        let wishes = sorted([burst, vec![self.wish.clone()]].concat());
        let message = merged(&self.title, &wishes);
        let terminal = of_terminal(&self.settings, &message, self.is_quiet || rung);
        if terminal.is_some() {
            self.record(&self.wish).tried(Provider::Terminal, &Ok(()));
        }
        let ways = self.settings.providers.iter();
        let others = ways.filter_map(Way::before_terminal);
        // A note that is read does not wait for one that is spoken.
        let (notes, voices): (Vec<_>, Vec<_>) = others.partition(Way::is_quiet);
        told(self.send("note", notes));
        told(self.send("voice", voices));
        terminal
    }
}

/// Returns what the terminal is sent, where it is one of the ways.
fn of_terminal(settings: &NotifySettings, message: &Message, is_quiet: bool) -> Option<String> {
    let wanted = settings.providers.iter().any(Way::has_terminal);
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

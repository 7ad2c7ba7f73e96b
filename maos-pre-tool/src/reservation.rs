//! What others have reserved (`maos reserve`): met by whoever changes such a
//! file, as a lease is. What is shared is only told.

use maos_shared::config::LeaseMode;
use maos_shared::guard::Denial;
use maos_shared::hook::{Answer, Call};
use maos_shared::state::State;
use maos_shared::state::leases::Owner;
use maos_shared::state::reservations::Reservation;

use crate::lease::{refuses, tell_holder};
use crate::objection;

/// What came of reservations.
pub(crate) enum Met {
    /// Another has the file for itself.
    Refused(Answer),
    /// What the model should know; mostly nothing.
    Told(String),
}

/// Looks who has reserved the file that `owner` is about to change. Where that
/// cannot be read, nobody has.
pub(crate) fn meet(
    call: &Call<'_>,
    state: &State,
    file: &str,
    owner: &Owner,
    mode: LeaseMode,
) -> Met {
    let met = state.reservations_on(file, owner).unwrap_or_else(|error| {
        log::warn!("reservations: {error}");
        Vec::new()
    });
    for one in &met {
        let text = format!(
            "{} wanted to change {file}, which you have reserved ({}).",
            owner.describe(),
            one.pattern.as_str()
        );
        let about = format!(
            "{file}-{}",
            owner.agent.as_deref().unwrap_or(&owner.session)
        );
        tell_holder(state, &one.owner, &about, &text);
    }
    let refusing = |one: &&Reservation| !one.shared && refuses(mode, &one.owner, owner);
    match met.iter().find(refusing) {
        // Who was changing it when it was reserved goes on; else neither could.
        Some(one) if !state.holds_lease(file, owner) => {
            Met::Refused(objection::refuse(call, &refusal(file, one), None))
        }
        _ => {
            let told = met.iter().map(|one| told(file, one));
            Met::Told(told.collect::<Vec<_>>().join("\n"))
        }
    }
}

fn refusal(file: &str, met: &Reservation) -> Denial {
    Denial {
        rule: "leases.reserved".into(),
        reason: format!("`{file}` is reserved by {}.", described(met)),
        instead: "Work on another file first, or ask for it.".to_owned(),
    }
}

fn told(file: &str, met: &Reservation) -> String {
    let described = described(met);
    match met.shared {
        true => format!("{file} is among the files that are shared with {described}."),
        false => format!(
            "{file} is reserved by {described}, in {}: expect to merge both changes.",
            met.owner.checkout.display()
        ),
    }
}

/// Returns who has reserved what, why and until when.
fn described(met: &Reservation) -> String {
    let pattern = met.pattern.as_str();
    format!(
        "{} (`{pattern}`, for: {}, since {}, until {})",
        met.owner.describe(),
        met.why,
        met.since,
        met.until
    )
}

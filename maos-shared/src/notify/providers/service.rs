//! A voice of a service: another program asks for it, so that no hook carries
//! TLS or looks up a name.

use serde::{Deserialize, Serialize};

use super::Utterance;
use crate::config::{Environment, Provider};
use crate::jobs::Program;

/// The program that speaks through services. It lies beside the hooks.
pub const SPEAKER: &str = "maos-speak";

/// What that program reads from its stdin. The key is not in it: the speaker
/// finds that where the person has put it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The service.
    pub provider: Provider,
    /// What is spoken.
    pub text: String,
    /// The voice, in place of the service's.
    pub voice: String,
}

pub(super) fn programs(utterance: &Utterance, provider: Provider) -> Result<Vec<Program>, String> {
    let order = Order {
        provider,
        text: utterance.spoken.clone(),
        voice: utterance.voice.clone(),
    };
    let input = serde_json::to_vec(&order).map_err(|error| error.to_string())?;
    let path = Environment::program_beside(SPEAKER).ok_or("the folder of MAOS is not known")?;
    Ok(vec![Program {
        path,
        input,
        ..Program::default()
    }])
}

//! A person tries how they are called.

use super::Message;
use super::providers::Utterance;
use crate::config::{NotifySettings, Provider, Way};

/// Says `message` by each of the `ways`, and returns what became of each
/// provider that was tried. The terminal is the caller's, who has one. Blocks
/// until all is said.
#[must_use]
pub fn say(
    settings: &NotifySettings,
    ways: &[Way],
    message: &Message,
) -> Vec<(Provider, Result<(), String>)> {
    let utterance = Utterance {
        message: message.clone(),
        spoken: message.text.clone(),
        voice: String::new(),
    };
    let mut tried = Vec::new();
    for way in ways {
        for &provider in way.providers() {
            let outcome = match provider {
                Provider::Terminal => Ok(()),
                _ => utterance.say(provider, settings),
            };
            let is_said = outcome.is_ok();
            tried.push((provider, outcome));
            if is_said {
                break;
            }
        }
    }
    tried
}

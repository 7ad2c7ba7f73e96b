//! What the client itself keeps of a subagent, beside the session's transcript.
//! The only place that has the description of an agent in the foreground while
//! it still runs. A hint: it is shown to people and decides nothing.

use std::path::Path;

use maos_shared::hook::Call;
use maos_shared::json::{Object, cut};
use maos_shared::state::{SafeName, atomic};
use serde_json::value::RawValue;

/// Longest file that is read, in bytes.
const META_BYTES: usize = 64 * 1024;
/// Longest description, in bytes.
const DESCRIPTION_BYTES: usize = 200;

/// Returns what the agent was launched for, in one line, where the client's
/// file says so.
pub(crate) fn description(call: &Call<'_>, id: &str) -> Option<String> {
    if SafeName::new(id).as_str() != id {
        return None;
    }
    let transcript = Path::new(call.input.transcript_path.as_deref()?);
    let file = transcript
        .with_extension("")
        .join("subagents")
        .join(format!("agent-{id}.meta.json"));
    let bytes = atomic::read(&file, META_BYTES).ok()?;
    let raw = RawValue::from_string(String::from_utf8(bytes).ok()?).ok()?;
    let meta = Object::parse(&raw, "meta").ok()?;
    let text = meta.text("description").ok()??;
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    Some(cut(line.trim(), DESCRIPTION_BYTES).to_owned())
}

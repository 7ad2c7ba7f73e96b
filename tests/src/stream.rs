//! A turn of the model as the server-sent events of the Messages API.

use serde_json::{Value, json};

use crate::script::Block;

/// Returns the event stream of one message. `id` has to be new each time: the
/// client takes messages of one id for one message.
#[must_use]
pub(crate) fn message(id: &str, model: &Value, blocks: &[Block]) -> String {
    let mut stream = String::new();
    let usage = json!({ "input_tokens": 10, "output_tokens": 1 });
    let message = json!({
        "id": id, "type": "message", "role": "assistant", "model": model, "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": usage,
    });
    push(
        &mut stream,
        &json!({ "type": "message_start", "message": message }),
    );
    for (index, block) in blocks.iter().enumerate() {
        let (start, delta) = content(&format!("toolu_{id}_{index}"), block);
        push(
            &mut stream,
            &json!({ "type": "content_block_start", "index": index, "content_block": start }),
        );
        push(
            &mut stream,
            &json!({ "type": "content_block_delta", "index": index, "delta": delta }),
        );
        push(
            &mut stream,
            &json!({ "type": "content_block_stop", "index": index }),
        );
    }
    let uses_tools = blocks.iter().any(|block| matches!(block, Block::Tool(..)));
    let reason = if uses_tools { "tool_use" } else { "end_turn" };
    let delta = json!({ "stop_reason": reason, "stop_sequence": null });
    push(
        &mut stream,
        &json!({ "type": "message_delta", "delta": delta, "usage": { "output_tokens": 5 } }),
    );
    push(&mut stream, &json!({ "type": "message_stop" }));
    stream
}

/// Returns the empty block and the one delta that fills it.
fn content(tool_use_id: &str, block: &Block) -> (Value, Value) {
    match block {
        Block::Text(words) => (
            json!({ "type": "text", "text": "" }),
            json!({ "type": "text_delta", "text": words }),
        ),
        Block::Tool(name, input) => (
            json!({ "type": "tool_use", "id": tool_use_id, "name": name, "input": {} }),
            json!({ "type": "input_json_delta", "partial_json": input.to_string() }),
        ),
    }
}

fn push(stream: &mut String, event: &Value) {
    let name = event["type"].as_str().expect("an event has a type");
    stream.push_str(&format!("event: {name}\ndata: {event}\n\n"));
}

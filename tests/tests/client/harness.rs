//! The harness itself: the real client plays a script and the recorder sees it.

use maos_shared::hook::Event;
use maos_tests::{Block, Client, Recorder, Sandbox, Script, Settings};

#[test]
fn the_client_plays_a_script_and_its_hooks_are_recorded() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let recorder = Recorder::within(&sandbox);
    let events = [Event::SessionStart, Event::PostToolUse];
    let settings = Settings::empty().recording_into(&recorder, &events);
    let run = client.within(&sandbox).with(settings).play([
        Script::of("main").then([Block::agent("reader", "Explore", false)]),
        Script::of("reader").then([Block::bash("cat README.md")]),
    ]);

    assert_eq!(run.output["result"], "main is done");
    let results = run.transcript.tool_results_of("reader");
    assert_eq!(results.len(), 1, "{results:?}");
    assert_eq!(results[0].text, "# A project");
    assert!(run.transcript.shown_to("main").contains("reader is done"));
    assert!(run.transcript.of("reader")[0].tools().contains(&"Bash"));
    assert_eq!(recorder.inputs("SessionStart").len(), 1);
    let tools = recorder.inputs("PostToolUse");
    let tools: Vec<_> = tools
        .iter()
        .map(|input| input["tool_name"].as_str().unwrap())
        .collect();
    assert_eq!(tools, ["Bash", "Agent"]);
}

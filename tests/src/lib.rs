//! The harness of the black-box tests: a scratch repository with an empty
//! HOME ([`Sandbox`]), a built program run in it ([`Program`]), a scripted
//! Messages API ([`Api`]) and the real client talking to it ([`Client`]).
//!
//! Nothing here links the code under test: the programs are started as the
//! client starts them. The one thing shared is the table of events.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness fails by panicking; it starts processes and writes scratch files"
)]

mod agent;
mod api;
mod browser;
mod client;
mod event;
mod http;
mod install;
mod plugin;
mod process;
mod program;
mod random;
mod recorder;
mod recording;
mod request;
mod sandbox;
mod schema;
mod screen;
mod script;
mod settings;
mod storm;
mod stream;
mod terminal;
mod trace;

pub use agent::Agent;
pub use api::Api;
pub use browser::{Browser, Shown};
pub use client::{Client, Playing, Run, Session};
pub use event::{Answered, HookEvent};
pub use process::Finished;
pub use program::{Program, SESSION, programs_folder};
pub use random::Random;
pub use recorder::Recorder;
pub use recording::Recording;
pub use request::{Request, ToolResult, Transcript};
pub use sandbox::Sandbox;
pub use schema::is_described;
pub use screen::Screen;
pub use script::{Block, Gate, Script};
pub use settings::Settings;
pub use storm::{Storm, storm};
pub use terminal::Terminal;
pub use trace::Struck;

//! A scripted Messages API on loopback.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::http;
use crate::request::{Request, Transcript};
use crate::script::{Block, Script};
use crate::stream;

/// A server that plays scripts; it stops with the value.
pub struct Api {
    address: SocketAddr,
    stage: Arc<Stage>,
}

struct Stage {
    scripts: BTreeMap<String, Script>,
    transcript: Mutex<Transcript>,
    closing: AtomicBool,
}

impl Api {
    /// Returns a server on a free port of 127.0.0.1. A request is answered by
    /// the script that its first tag names, at the turn that it has reached.
    #[must_use]
    pub fn playing(scripts: impl IntoIterator<Item = Script>) -> Self {
        let scripts = scripts
            .into_iter()
            .map(|script| (script.name.clone(), script));
        let stage = Arc::new(Stage {
            scripts: scripts.collect(),
            transcript: Mutex::default(),
            closing: AtomicBool::new(false),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let served = Arc::clone(&stage);
        thread::spawn(move || served.accept(&listener));
        Self { address, stage }
    }

    /// Returns the base of the server's addresses.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns all that was asked so far.
    #[must_use]
    pub fn transcript(&self) -> Transcript {
        self.stage
            .transcript
            .lock()
            .expect("no request panics")
            .clone()
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.stage.closing.store(true, Ordering::SeqCst);
        // One last connection wakes the listener; where even that fails, it
        // ends with the process.
        let _ = TcpStream::connect(self.address);
    }
}

impl Stage {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for connection in listener.incoming() {
            if self.closing.load(Ordering::SeqCst) {
                return;
            }
            let Ok(connection) = connection else { continue };
            let stage = Arc::clone(&self);
            thread::spawn(move || stage.serve(connection));
        }
    }

    /// Serves one connection until its end; a client that hangs up has its
    /// reasons.
    fn serve(&self, connection: TcpStream) {
        let mut connection = BufReader::new(connection);
        while let Ok(Some(request)) = http::read(&mut connection) {
            let (content_type, body) = self.respond(&request.path, &request.body);
            let answered = http::answer(connection.get_mut(), content_type, body.as_bytes());
            if answered.is_err() || !request.keep_alive {
                return;
            }
        }
    }

    fn respond(&self, path: &str, body: &[u8]) -> (&'static str, String) {
        let json = "application/json";
        let path = path.split('?').next().unwrap_or_default();
        if path.ends_with("/count_tokens") {
            return (json, r#"{"input_tokens": 10}"#.to_owned());
        }
        match serde_json::from_slice(body) {
            Ok(body) if path == "/v1/messages" => ("text/event-stream", self.play(body)),
            _ => (json, "{}".to_owned()),
        }
    }

    fn play(&self, body: Value) -> String {
        let request = Request::new(body);
        let name = request.script().unwrap_or("untagged").to_owned();
        let count = {
            let mut transcript = self.transcript.lock().expect("no request panics");
            transcript.requests.push(request.clone());
            transcript.requests.len()
        };
        let blocks = match self.scripts.get(&name) {
            Some(script) => script.answer(&request),
            None => vec![Block::text("there is no such script")],
        };
        let id = format!("{name}_{}_{count}", request.turn());
        stream::message(&id, request.model(), &blocks)
    }
}

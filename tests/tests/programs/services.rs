//! A voice of a service, spoken by a server on this machine in its place: what
//! it is sent, what becomes of its answers, and that the key is nowhere else.
#![expect(
    clippy::unwrap_used,
    reason = "what a test's helper cannot do fails the test"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::Value;

/// How long a test waits for something that has to come.
const PATIENCE: Duration = Duration::from_secs(60);
/// The key; it must be in the request and nowhere else.
const KEY: &str = "sk-0123456789abcdef";

/// What the server answers.
#[derive(Clone, Copy)]
enum Reply {
    Sound(&'static [u8]),
    Status(u16),
    Nothing,
    Half,
}

/// A request: its head, and its body as JSON.
struct Request {
    head: String,
    body: Value,
}

/// Answers each request so, and returns its address and what it was asked.
fn serve(reply: Reply) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    thread::spawn(move || {
        // What hangs has to be kept open.
        let mut kept = Vec::new();
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            if sender.send(request(&connection)).is_err() {
                return;
            }
            let head = |status: u16, length: usize| {
                format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n").into_bytes()
            };
            let bytes = match reply {
                Reply::Sound(sound) => [head(200, sound.len()), sound.to_vec()].concat(),
                Reply::Status(status) => {
                    // What is told of it ends in the key.
                    let text = format!("{:290}{KEY}\n", "bad key: ");
                    [head(status, text.len()), text.into_bytes()].concat()
                }
                Reply::Nothing => Vec::new(),
                Reply::Half => [head(200, 1000), vec![1]].concat(),
            };
            connection.write_all(&bytes).unwrap();
            kept.push(connection);
        }
    });
    (address, requests)
}

fn request(connection: &TcpStream) -> Request {
    let mut reader = BufReader::new(connection);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "a whole head");
    }
    let lower = head.to_ascii_lowercase();
    let length = lower.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Request {
        head,
        body: serde_json::from_slice(&body).unwrap(),
    }
}

/// Lets the person be told that all is done by `provider` at `url`, whose key
/// is in the environment, and returns the journal's line.
fn told(sandbox: &Sandbox, provider: &str, url: &str, more: &str) -> Value {
    let settings = format!(
        "[notify]\nproviders = [\"{provider}\"]\nsound.player = [\"listen\"]\n\
         [notify.{provider}]\nurl = \"{url}\"\n{more}\n"
    );
    sandbox.write("../.claude/maos.toml", &settings);
    let heard = heard(sandbox);
    sandbox.stand_in("listen", &format!("cp \"$1\" '{}'", heard.display()));
    let stop = HookEvent::new(sandbox, Event::Stop).program();
    let variable = match provider {
        "openai" => "OPENAI_API_KEY",
        _ => "ELEVENLABS_API_KEY",
    };
    // What is on this machine is asked without a proxy.
    let stop = stop.with_variable("HTTP_PROXY", "http://127.0.0.1:9");
    let _ = stop.with_variable(variable, KEY).run().exits(0);
    let journal = sandbox.project().join(".maos/logs/notify.jsonl");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = fs::read_to_string(&journal).unwrap_or_default();
        if let Some(line) = text.lines().last() {
            return serde_json::from_str(line).unwrap();
        }
        assert!(Instant::now() < deadline, "nothing is journalled");
        thread::sleep(Duration::from_millis(5));
    }
}

fn heard(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join("heard.wav")
}

/// Checks that no file below `folder` holds the key, or its begin.
fn holds_no_key(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds_no_key(&path);
        } else if let Ok(bytes) = fs::read(&path) {
            let begin = &KEY.as_bytes()[..10];
            let found = bytes.windows(begin.len()).any(|it| it == begin);
            assert!(!found, "{} holds the key", path.display());
        }
    }
}

#[test]
fn openai_is_asked_for_a_sound_that_is_played() {
    let sandbox = Sandbox::with_repository();
    let (url, requests) = serve(Reply::Sound(b"RIFF....WAVE"));
    let line = told(
        &sandbox,
        "openai",
        &format!("{url}/v1/"),
        "voice = \"nova\"",
    );
    assert_eq!(
        (&line["provider"], &line["outcome"]),
        (&"openai".into(), &"said".into())
    );
    let asked = requests.recv().unwrap();
    assert!(
        asked.head.starts_with("POST /v1/audio/speech "),
        "{}",
        asked.head
    );
    let key = format!("authorization: bearer {KEY}");
    assert!(
        asked.head.to_ascii_lowercase().contains(&key),
        "{}",
        asked.head
    );
    assert_eq!(asked.body["input"], "project: Claude is done");
    assert_eq!(asked.body["voice"], "nova");
    assert_eq!(fs::read(heard(&sandbox)).unwrap(), b"RIFF....WAVE");
    holds_no_key(&sandbox.home());
}

#[test]
fn elevenlabs_sends_samples_that_become_a_file() {
    let sandbox = Sandbox::with_repository();
    let (url, requests) = serve(Reply::Sound(&[1, 0, 2, 0]));
    let line = told(&sandbox, "elevenlabs", &url, "voice = \"V1\"");
    assert_eq!(line["outcome"], "said");
    let asked = requests.recv().unwrap();
    let start = "POST /v1/text-to-speech/V1?output_format=pcm_22050 ";
    assert!(asked.head.starts_with(start), "{}", asked.head);
    assert!(
        asked.head.contains(&format!("xi-api-key: {KEY}")),
        "{}",
        asked.head
    );
    let sound = fs::read(heard(&sandbox)).unwrap();
    assert_eq!(
        (&sound[..4], &sound[44..]),
        (&b"RIFF"[..], &[1, 0, 2, 0][..])
    );
    holds_no_key(&sandbox.home());
}

#[test]
fn what_a_service_refuses_is_told_without_the_key() {
    for (reply, reason) in [
        (Reply::Status(401), "the key is not accepted"),
        (Reply::Status(429), "too many requests"),
        (Reply::Status(302), "the service is elsewhere"),
        (Reply::Status(500), "the service refused"),
        (Reply::Sound(b""), "sent no sound"),
        (Reply::Nothing, "does not answer: timeout"),
        (Reply::Half, "the sound breaks off"),
    ] {
        let sandbox = Sandbox::with_repository();
        let (url, _requests) = serve(reply);
        let line = told(&sandbox, "openai", &url, "timeout = \"1s\"");
        assert_eq!(line["outcome"], "failed", "{line}");
        let told = line["reason"].as_str().unwrap();
        assert!(told.contains(reason), "{told}");
        holds_no_key(&sandbox.home());
    }
}

#[test]
fn a_key_that_would_travel_in_the_open_stays() {
    let sandbox = Sandbox::with_repository();
    let line = told(&sandbox, "openai", "http://example.com", "");
    let told = line["reason"].as_str().unwrap();
    assert!(told.contains("is no https:// address"), "{told}");
}

//! What the services are asked, and what they answer.

use std::io::Read;
use std::time::Duration;

use maos_shared::config::limits::{SERVICE_CONNECT_TIME, SERVICE_SOUND_BYTES};
use maos_shared::config::{Environment, NotifySettings, Provider, Secret};
use maos_shared::notify::Order;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{Response, StatusCode};

use super::wav;

/// How much of an error's text is told, in characters.
const TOLD: usize = 300;
/// How much of it is read, in bytes (16 KiB): what is told is masked before it is
/// cut.
const ERROR_BYTES: u64 = 16 * 1024;
/// The rate of the samples that ElevenLabs is asked for, in a second.
const RATE: u32 = 22_050;

/// One request for a sound.
#[derive(Debug)]
struct Request {
    url: String,
    header: &'static str,
    credentials: String,
    body: Value,
    is_wav: bool,
    limit: Duration,
}

/// Asks the service of the order for its text as a WAV file. Blocks for a
/// minute at most.
///
/// # Errors
/// Why there is none, in one line without the key.
pub(super) fn sound(order: &Order, settings: &NotifySettings) -> Result<Vec<u8>, String> {
    let name = order.provider;
    let (request, key) = request(order, settings)?;
    let failed = |text: String| format!("{name}: {}", key.mask(&text));
    let body = serde_json::to_vec(&request.body).map_err(|error| failed(error.to_string()))?;
    let answer = agent(&request)
        .post(&request.url)
        .header("Content-Type", "application/json")
        .header(request.header, &request.credentials)
        .send(&body)
        .map_err(|error| failed(format!("the service does not answer: {error}")))?;
    if answer.status() != StatusCode::OK {
        return Err(failed(refusal(answer, &key)));
    }
    let mut sound = Vec::new();
    answer
        .into_body()
        .into_reader()
        .take(SERVICE_SOUND_BYTES)
        .read_to_end(&mut sound)
        .map_err(|error| failed(format!("the sound breaks off: {error}")))?;
    if sound.is_empty() {
        return Err(failed("the service sent no sound".to_owned()));
    }
    Ok(if request.is_wav {
        sound
    } else {
        wav::of_samples(&sound, RATE)
    })
}

/// No redirection is followed, and without TLS no proxy asked: either would carry
/// the key elsewhere.
fn agent(request: &Request) -> Agent {
    let config = Agent::config_builder()
        .timeout_connect(Some(SERVICE_CONNECT_TIME))
        .timeout_global(Some(request.limit))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false);
    let config = match request.url.starts_with("https://") {
        true => config,
        false => config.proxy(None),
    };
    config.build().new_agent()
}

fn refusal(answer: Response<ureq::Body>, key: &Secret) -> String {
    let status = answer.status();
    let what = match status.as_u16() {
        401 | 403 => "the key is not accepted",
        429 => "too many requests, or the credit is used up",
        300..=399 => "the service is elsewhere; set its `url`",
        _ => "the service refused",
    };
    let mut body = Vec::new();
    // Without its own words the status has to do.
    let _ = answer
        .into_body()
        .into_reader()
        .take(ERROR_BYTES)
        .read_to_end(&mut body);
    let text = key.mask(&String::from_utf8_lossy(&body));
    let text: String = text.chars().take(TOLD).collect();
    format!("{what} ({status}): {text}")
}

fn request(order: &Order, settings: &NotifySettings) -> Result<(Request, Secret), String> {
    let provider = order.provider;
    let service = settings
        .service(provider)
        .ok_or_else(|| format!("{provider} is no service"))?;
    let variable = match provider {
        Provider::ElevenLabs => "ELEVENLABS_API_KEY",
        _ => "OPENAI_API_KEY",
    };
    let key = match Environment::key(variable) {
        key if !key.is_empty() => key,
        _ => Secret::new(service.key.reveal()),
    };
    if key.is_empty() {
        return Err(format!(
            "{provider}: there is no key; set {variable}, or `notify.{provider}.key` in your own maos.toml"
        ));
    }
    if !key.reveal().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!(
            "{provider}: the key holds characters that none has"
        ));
    }
    let or = |own: &str, default: &str| if own.is_empty() { default } else { own }.to_owned();
    let voice = or(&order.voice, &service.voice);
    let request = match provider {
        Provider::ElevenLabs => elevenlabs(
            &base(&or(&service.url, "https://api.elevenlabs.io"))?,
            &or(&voice, "21m00Tcm4TlvDq8ikWAM"),
            &or(&service.model, "eleven_multilingual_v2"),
            &order.text,
            &key,
        )?,
        _ => openai(
            &base(&or(&service.url, "https://api.openai.com/v1"))?,
            &or(&voice, "alloy"),
            &or(&service.model, "gpt-4o-mini-tts"),
            &order.text,
            &key,
        ),
    };
    let request = Request {
        limit: service.time(),
        ..request
    };
    Ok((request, key))
}

fn openai(base: &str, voice: &str, model: &str, text: &str, key: &Secret) -> Request {
    Request {
        url: format!("{base}/audio/speech"),
        header: "Authorization",
        credentials: format!("Bearer {}", key.reveal()),
        body: json!({"model": model, "voice": voice, "input": text, "response_format": "wav"}),
        is_wav: true,
        limit: Duration::ZERO,
    }
}

fn elevenlabs(
    base: &str,
    voice: &str,
    model: &str,
    text: &str,
    key: &Secret,
) -> Result<Request, String> {
    // It becomes a part of the address.
    if !voice.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(format!("elevenlabs: {voice:?} is no id of a voice"));
    }
    Ok(Request {
        url: format!("{base}/v1/text-to-speech/{voice}?output_format=pcm_{RATE}"),
        header: "xi-api-key",
        credentials: key.reveal().to_owned(),
        body: json!({"text": text, "model_id": model}),
        is_wav: false,
        limit: Duration::ZERO,
    })
}

/// Returns the address of a service without a slash at its end.
///
/// # Errors
/// When the key would travel in the open: without TLS it stays on this machine.
fn base(url: &str) -> Result<String, String> {
    let url = url.trim_end_matches('/');
    let host = url.strip_prefix("http://").map(|rest| {
        let authority = rest.split('/').next().unwrap_or_default();
        authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host)
    });
    match host {
        None if url.starts_with("https://") => Ok(url.to_owned()),
        // What stands before an `@` is no host.
        Some("127.0.0.1" | "localhost" | "[::1]") if !url.contains('@') => Ok(url.to_owned()),
        _ => Err(format!("{url:?} is no https:// address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leaves_the_machine_through_tls_alone() {
        for url in ["https://a.b/v1/", "http://127.0.0.1:80/x", "http://[::1]:1"] {
            assert_eq!(base(url).unwrap(), url.trim_end_matches('/'));
        }
        for url in [
            "http://a.b",
            "http://127.0.0.1@a.b/",
            "http://127.0.0.1:80@a.b/",
            "http://localhost.a.b",
            "ftp://a",
            "",
        ] {
            base(url).unwrap_err();
        }
    }

    #[test]
    fn a_voice_stays_a_part_of_the_address() {
        let key = Secret::new("k");
        elevenlabs("https://a", "../x", "m", "t", &key).unwrap_err();
        let request = elevenlabs("https://a", "V1", "m", "t", &key).unwrap();
        assert_eq!(
            request.url,
            "https://a/v1/text-to-speech/V1?output_format=pcm_22050"
        );
    }
}

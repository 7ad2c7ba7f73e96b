//! Just enough HTTP/1.1 for a client on loopback.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// The longest head that is read, in bytes.
const HEAD_LIMIT: u64 = 64 * 1024;
/// The largest body that is read, in bytes.
const BODY_LIMIT: u64 = 64 * 1024 * 1024;

/// One request.
pub(crate) struct HttpRequest {
    /// The path with its query.
    pub(crate) path: String,
    /// The body, decoded.
    pub(crate) body: Vec<u8>,
    /// Whether another request may follow on this connection.
    pub(crate) keep_alive: bool,
}

/// Returns the next request on the connection, `None` when the peer has gone.
///
/// # Errors
/// When the connection breaks, or what comes is not HTTP.
pub(crate) fn read(connection: &mut BufReader<TcpStream>) -> io::Result<Option<HttpRequest>> {
    let mut head = connection.by_ref().take(HEAD_LIMIT);
    let mut start = String::new();
    if head.read_line(&mut start)? == 0 {
        return Ok(None);
    }
    let path = start
        .split(' ')
        .nth(1)
        .ok_or_else(|| wrong("a request line"))?
        .to_owned();
    let (mut length, mut chunked, mut keep_alive, mut waits) = (0, false, true, false);
    loop {
        let mut line = String::new();
        head.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().map_err(|_| wrong("a length"))?,
            "transfer-encoding" => chunked = value.contains("chunked"),
            "connection" => keep_alive = value != "close",
            "expect" => waits = value == "100-continue",
            _ => {}
        }
    }
    if waits {
        connection
            .get_mut()
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let body = if chunked {
        read_chunks(connection)?
    } else {
        read_exactly(connection, length)?
    };
    Ok(Some(HttpRequest {
        path,
        body,
        keep_alive,
    }))
}

/// Answers with status 200.
///
/// # Errors
/// When the connection breaks.
pub(crate) fn answer(to: &mut TcpStream, content_type: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    to.write_all(&[head.as_bytes(), body].concat())
}

fn read_chunks(connection: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        connection.by_ref().take(HEAD_LIMIT).read_line(&mut line)?;
        let size = line.trim_end().split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(size, 16).map_err(|_| wrong("the size of a chunk"))?;
        body.append(&mut read_exactly(connection, size)?);
        // Every chunk, the empty last one too, ends in a line end.
        read_exactly(connection, 2)?;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn read_exactly(connection: &mut BufReader<TcpStream>, length: u64) -> io::Result<Vec<u8>> {
    if length > BODY_LIMIT {
        return Err(wrong("a body of that size"));
    }
    let mut body = Vec::new();
    connection.by_ref().take(length).read_to_end(&mut body)?;
    if body.len() as u64 == length {
        Ok(body)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not {what}"))
}

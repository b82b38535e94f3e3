//! Probes by the gRPC health protocol.
//!
//! One unary call with one string in and one number out: its messages are written here by hand.
//! Source: the gRPC health checking protocol; gRPC over HTTP/2.

use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::{Attempt, dial};

const SERVING: u64 = 1;
const ANSWER_LEN_MAX: usize = 4 << 10;

/// `HealthCheckRequest { service }` in a gRPC frame.
fn request_frame(service: &str) -> Bytes {
    let mut message = BytesMut::new();
    if !service.is_empty() {
        message.put_u8(0x0a);
        let mut length = service.len();
        while length >= 0x80 {
            message.put_u8((length as u8 & 0x7f) | 0x80);
            length >>= 7;
        }
        message.put_u8(length as u8);
        message.put_slice(service.as_bytes());
    }
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(message.len() as u32);
    frame.put_slice(&message);
    frame.freeze()
}

/// `status` of a `HealthCheckResponse` in a gRPC frame; 0 when it is left out.
fn answer_status(frame: &[u8]) -> Option<u64> {
    let message = frame.get(5..)?;
    if message.is_empty() {
        return Some(0);
    }
    let (tag, rest) = message.split_first()?;
    if *tag != 0x08 {
        return None;
    }
    let mut value = 0u64;
    for (at, byte) in rest.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(at as u32 * 7)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

async fn check(host: &str, port: u16, service: &str, timeout: Duration) -> Result<u64, String> {
    let stream = dial(host, port, timeout).await?;
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
        .await
        .map_err(|error| crate::error::chain(&error))?;
    let talk = async {
        let authority =
            if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        let request = Request::post(format!("http://{authority}/grpc.health.v1.Health/Check"))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .header("user-agent", "kube-probe/1.35")
            .body(Full::new(request_frame(service)))
            .map_err(|error| error.to_string())?;
        let response = sender.send_request(request).await.map_err(|error| crate::error::chain(&error))?;
        let code = response.headers().get("grpc-status").cloned();
        let mut body = response.into_body();
        let mut data = Vec::new();
        let mut trailer_code = None;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| crate::error::chain(&error))?;
            match frame.into_data() {
                Ok(bytes) if data.len() + bytes.len() <= ANSWER_LEN_MAX => data.extend_from_slice(&bytes),
                Ok(_) => return Err("the answer is too long".to_owned()),
                Err(frame) => {
                    let trailers = frame.into_trailers().ok();
                    trailer_code = trailers.and_then(|trailers| trailers.get("grpc-status").cloned());
                }
            }
        }
        match trailer_code.or(code).as_ref().and_then(|code| code.to_str().ok()) {
            None | Some("0") => answer_status(&data).ok_or_else(|| "malformed answer".to_owned()),
            Some("12") => {
                Err("this server does not implement the grpc health protocol (grpc.health.v1.Health)".into())
            }
            Some("5") => Err(format!("service \"{service}\" is unknown to the server")),
            Some(code) => Err(format!("rpc error: code = {code}")),
        }
    };
    tokio::pin!(connection);
    tokio::pin!(talk);
    tokio::select! {
        answer = &mut talk => answer,
        ended = &mut connection => Err(ended.err().map_or_else(|| "the connection ended".to_owned(), |e| crate::error::chain(&e))),
    }
}

/// Asks for the health of a service.
pub(crate) async fn probe(host: &str, port: u16, service: &str, timeout: Duration) -> Attempt {
    match tokio::time::timeout(timeout, check(host, port, service, timeout)).await {
        Ok(Ok(SERVING)) => Attempt::Success,
        Ok(Ok(status)) => {
            let name = match status {
                0 => "UNKNOWN",
                2 => "NOT_SERVING",
                3 => "SERVICE_UNKNOWN",
                _ => "unknown status",
            };
            Attempt::Failure(format!("service unhealthy (responded with \"{name}\")"))
        }
        Ok(Err(error)) => Attempt::Failure(format!("error: {error}")),
        Err(_) => {
            Attempt::Failure(format!("timeout: health rpc did not complete within {}s", timeout.as_secs()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames() {
        assert_eq!(request_frame("").as_ref(), [0, 0, 0, 0, 0]);
        assert_eq!(request_frame("ab").as_ref(), [0, 0, 0, 0, 4, 0x0a, 2, b'a', b'b']);
        let check = |frame: &[u8], expect| assert_eq!(answer_status(frame), expect);
        check(&[0, 0, 0, 0, 2, 8, 1], Some(1));
        check(&[0, 0, 0, 0, 0], Some(0));
        check(&[0, 0, 0, 0, 2, 8, 0x81, 0x01], None.or(Some(129)));
        check(&[0, 0, 0, 0, 2, 9, 1], None);
        check(&[0, 0], None);
    }
}

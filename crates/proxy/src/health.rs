//! Health checks for load balancers: whether this node has an endpoint of a Service with
//! `externalTrafficPolicy: Local`.
//!
//! Source: Kubernetes documentation, "Service", `healthCheckNodePort`.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use mizzen_client::ObjectKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_util::task::AbortOnDropHandle;
use tracing::warn;

/// Longest request, and longest time for one.
const REQUEST_LEN_MAX: usize = 8 << 10;
const TIMEOUT: Duration = Duration::from_secs(5);
/// Checks at the same time, a port.
const CHECKS_MAX: usize = 32;

/// One listener a Service.
#[derive(Debug)]
pub(crate) struct HealthChecks {
    bind: IpAddr,
    running: BTreeMap<ObjectKey, Check>,
}

#[derive(Debug)]
struct Check {
    port: u16,
    count: watch::Sender<usize>,
    /// Ends with this.
    _task: AbortOnDropHandle<()>,
}

impl HealthChecks {
    pub(crate) fn new(bind: IpAddr) -> Self {
        Self { bind, running: BTreeMap::new() }
    }

    /// What a Service's check answers from now on; `None`: it has none.
    pub(crate) async fn set(&mut self, service: &ObjectKey, health: Option<(u16, usize)>) {
        let Some((port, count)) = health else {
            self.running.remove(service);
            return;
        };
        if let Some(check) = self.running.get(service).filter(|check| check.port == port) {
            check.count.send_replace(count);
            return;
        }
        self.running.remove(service);
        let address = SocketAddr::new(self.bind, port);
        match TcpListener::bind(address).await {
            Ok(listener) => {
                let (sender, receiver) = watch::channel(count);
                let task = tokio::spawn(serve(listener, service.clone(), receiver));
                let check = Check { port, count: sender, _task: AbortOnDropHandle::new(task) };
                self.running.insert(service.clone(), check);
            }
            Err(error) => {
                warn!(service = %service.name, namespace = %service.namespace, %address, %error,
                    "Could not listen for a load balancer's health checks.");
            }
        }
    }

    /// Stops all.
    pub(crate) fn clear(&mut self) {
        self.running.clear();
    }
}

async fn serve(listener: TcpListener, service: ObjectKey, count: watch::Receiver<usize>) {
    let permits = std::sync::Arc::new(Semaphore::new(CHECKS_MAX));
    let mut checks = tokio::task::JoinSet::new();
    loop {
        // Beyond the bound, callers wait in the listener's queue.
        let Ok(permit) = permits.clone().acquire_owned().await else { return };
        while checks.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let text = answer(&service, *count.borrow());
        checks.spawn(async move {
            // A client that goes away is no matter.
            if let Ok(Err(error)) = tokio::time::timeout(TIMEOUT, exchange(stream, text)).await {
                tracing::debug!(%error, "A health check broke off.");
            }
            drop(permit);
        });
    }
}

fn answer(service: &ObjectKey, count: usize) -> String {
    let body = serde_json::json!({
        "service": {"namespace": service.namespace, "name": service.name},
        "localEndpoints": count,
        "serviceProxyHealthy": true,
    })
    .to_string();
    let status = if count > 0 { "200 OK" } else { "503 Service Unavailable" };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n\
         X-Load-Balancing-Endpoint-Weight: {count}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len(),
    )
}

/// Any request gets the answer, once its head is in.
async fn exchange(mut stream: TcpStream, text: String) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > REQUEST_LEN_MAX || stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(port: u16) -> io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        Ok(text)
    }

    #[tokio::test]
    async fn answers_follow_the_endpoints() {
        let free = || std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut checks = HealthChecks::new([127, 0, 0, 1].into());
        let service = ObjectKey::new("default", "web");
        let port = free();
        checks.set(&service, Some((port, 2))).await;
        let text = ask(port).await.unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
        assert!(text.contains("X-Load-Balancing-Endpoint-Weight: 2\r\n"), "{text}");
        assert!(text.contains(r#""localEndpoints":2"#), "{text}");
        checks.set(&service, Some((port, 0))).await;
        assert!(ask(port).await.unwrap().starts_with("HTTP/1.1 503 "));
        checks.set(&service, None).await;
        tokio::time::timeout(TIMEOUT, async {
            while ask(port).await.is_ok() {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
    }
}

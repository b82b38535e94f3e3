//! A client with as little in it as possible: hyper's HTTP/2 over rustls, a connection each.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Flow control as Go's clients have it.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 1 << 30;

/// A server, and who asks it.
#[derive(Clone)]
pub(crate) struct Target {
    port: u16,
    roots: rustls::RootCertStore,
    chain: Vec<CertificateDer<'static>>,
    key: Arc<PrivateKeyDer<'static>>,
}

impl Target {
    /// The server on this port of 127.0.0.1, asked as the administrator of these certificates.
    pub(crate) fn new(pki: &Path, port: u16) -> Result<Self> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(pki.join("ca.crt"))?)?;
        let chain = CertificateDer::pem_file_iter(pki.join("admin.crt"))?.collect::<Result<_, _>>()?;
        let key = Arc::new(PrivateKeyDer::from_pem_file(pki.join("admin.key"))?);
        Ok(Self { port, roots, chain, key })
    }

    /// A TLS connection that speaks this protocol.
    pub(crate) async fn tls(&self, protocol: &[u8]) -> Result<TlsStream<TcpStream>> {
        let mut config = rustls::ClientConfig::builder()
            .with_root_certificates(self.roots.clone())
            .with_client_auth_cert(self.chain.clone(), self.key.clone_key())?;
        config.alpn_protocols = vec![protocol.to_vec()];
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await.context("connect")?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("localhost")?;
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.context("TLS")
    }

    /// A connection.
    pub(crate) async fn connect(&self) -> Result<Client> {
        let stream = self.tls(b"h2").await?;
        let (sender, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .handshake(TokioIo::new(stream))
            .await
            .context("HTTP/2")?;
        // Its errors are those of the requests.
        tokio::spawn(async move { connection.await.ok() });
        Ok(Client { sender })
    }

    pub(crate) async fn connections(&self, count: usize) -> Result<Vec<Client>> {
        let mut clients = Vec::new();
        for _ in 0..count {
            clients.push(self.connect().await?);
        }
        Ok(clients)
    }
}

/// A connection, shared by its clones.
#[derive(Clone)]
pub(crate) struct Client {
    sender: SendRequest<Full<Bytes>>,
}

impl Client {
    /// The answer as it streams in; it must be a success.
    pub(crate) async fn stream(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Response<Incoming>> {
        let request = Request::builder()
            .method(&method)
            .uri(format!("https://localhost{path}"))
            .header("content-type", content_type)
            .header("accept", "application/json")
            .body(Full::new(body))?;
        let response = self.sender.clone().send_request(request).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let text = response.into_body().collect().await?.to_bytes();
        anyhow::bail!("{method} {path}: {status} {}", String::from_utf8_lossy(&text))
    }

    /// The whole answer.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Bytes> {
        let response = self.stream(method, path, content_type, body).await?;
        Ok(response.into_body().collect().await?.to_bytes())
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Bytes> {
        self.ask(Method::GET, path, JSON, Bytes::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Bytes) -> Result<Bytes> {
        self.ask(Method::POST, path, JSON, body).await
    }

    /// A watch, line by line.
    pub(crate) async fn watch(&self, path: &str) -> Result<Lines> {
        let response = self.stream(Method::GET, path, JSON, Bytes::new()).await?;
        Ok(Lines { body: response.into_body(), rest: Vec::new() })
    }
}

pub(crate) const JSON: &str = "application/json";

/// The lines of a streamed answer.
pub(crate) struct Lines {
    body: Incoming,
    rest: Vec<u8>,
}

impl Lines {
    /// The next line.
    pub(crate) async fn next(&mut self) -> Result<Vec<u8>> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let rest = self.rest.split_off(end + 1);
                return Ok(std::mem::replace(&mut self.rest, rest));
            }
            let data = self.chunk().await?;
            self.rest.extend_from_slice(&data);
        }
    }

    /// Reads without looking until so many lines have ended.
    pub(crate) async fn skip(&mut self, lines: usize) -> Result<()> {
        let mut seen = 0;
        while seen < lines {
            seen += self.chunk().await?.iter().filter(|byte| **byte == b'\n').count();
        }
        ensure!(seen == lines, "{seen} lines instead of {lines}");
        Ok(())
    }

    async fn chunk(&mut self) -> Result<Bytes> {
        loop {
            let frame = self.body.frame().await.context("the stream ended")??;
            if let Ok(data) = frame.into_data() {
                return Ok(data);
            }
        }
    }
}

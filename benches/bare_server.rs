//! What the API server's numbers are compared with: hyper's HTTP/2 over rustls that does nothing but hand bytes on.
//!
//! A POST or PATCH is answered with its body (appended to a log first, when there is one), a GET with the body of the
//! last PUT; `/events` streams to whoever GETs it what is POSTed there.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use anyhow::{Context, Result};
use bytes::Bytes;
use clap::Args;
use futures::StreamExt as _;
use futures::stream;
use http::{Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_rustls::TlsAcceptor;

use crate::bare_log::BareLog;

/// Arguments of the process.
#[derive(Args)]
pub(crate) struct Options {
    /// Where to listen.
    #[arg(long, default_value_t = 0, hide = true)]
    port: u16,
    /// The folder of the server's certificate.
    #[arg(long, hide = true)]
    pki: Option<PathBuf>,
    /// The folder of the log.
    #[arg(long, hide = true)]
    log: Option<PathBuf>,
}

struct State {
    kept: RwLock<Bytes>,
    events: broadcast::Sender<Bytes>,
    log: Option<BareLog>,
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Serves until it is killed.
pub(crate) fn run(options: &Options) -> Result<()> {
    let pki = options.pki.as_deref().context("--pki is missing")?;
    let chain = vec![CertificateDer::from_pem_file(pki.join("apiserver.crt"))?];
    let key = PrivateKeyDer::from_pem_file(pki.join("apiserver.key"))?;
    let mut tls = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    tls.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let log = options.log.as_deref().map(BareLog::create).transpose()?;
    let state = Arc::new(State { kept: RwLock::default(), events: broadcast::channel(4096).0, log });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.context("listen")?;
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(connection(acceptor.clone(), stream, state.clone()));
        }
    })
}

async fn connection(acceptor: TlsAcceptor, stream: TcpStream, state: Arc<State>) -> Result<()> {
    stream.set_nodelay(true)?;
    let stream = acceptor.accept(stream).await?;
    let service = service_fn(move |request| answer(state.clone(), request));
    let io = TokioIo::new(stream);
    Ok(hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(io, service).await?)
}

async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let is_events = head.uri.path() == "/events";
    match head.method {
        Method::GET if is_events => {
            let events = stream::unfold(state.events.subscribe(), async |mut events| {
                // Who falls behind sees the stream end.
                events.recv().await.ok().map(|event| (event, events))
            });
            let frames = events.map(|event| Ok(Frame::data(event)));
            return Ok(Response::new(StreamBody::new(frames).boxed_unsync()));
        }
        Method::POST if is_events => {
            state.events.send(body.clone())?;
        }
        Method::GET => {
            let kept = state.kept.read().expect("no panic under the lock").clone();
            return Ok(full(kept));
        }
        Method::PUT => *state.kept.write().expect("no panic under the lock") = body.clone(),
        _ => {
            if let Some(log) = &state.log {
                log.append(b"", &body).await?;
            }
        }
    }
    Ok(full(body))
}

fn full(bytes: Bytes) -> Response<Body> {
    Response::new(Full::new(bytes).boxed_unsync())
}

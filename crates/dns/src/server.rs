//! The protocol: questions in, answers out, over UDP and TCP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::DNSClass;
use mizzen_component::accept;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use crate::metrics::Metrics;
use crate::records::{Answer, Records};
use crate::upstream::Upstream;

/// Questions passed on at once; further ones are refused with SERVFAIL.
const UPSTREAM_MAX: usize = 1024;
/// TCP connections at once.
const CONNECTIONS_MAX: usize = 256;
/// How long a TCP client may be silent.
const IDLE: Duration = Duration::from_secs(10);
/// Longest answer over UDP to a client that says nothing else. Source: RFC 1035, section 4.2.1.
const DATAGRAM_LEN: u16 = 512;
/// Longest answer over UDP to any client, so that no datagram is cut in pieces on its way.
/// Source: DNS flag day 2020.
const DATAGRAM_LEN_MAX: u16 = 1232;

/// A server. Clones share it.
#[derive(Clone)]
pub(crate) struct Server {
    records: Arc<Records>,
    upstream: Upstream,
    forwarded: Arc<Semaphore>,
    metrics: Metrics,
}

/// What to do about a question.
enum Reply {
    /// This is the answer.
    Own(Box<Message>),
    /// Somebody else knows.
    Forward(Box<Message>),
    /// It deserves none.
    Nothing,
}

impl Server {
    pub(crate) fn new(records: Arc<Records>, upstream: Upstream, metrics: Metrics) -> Self {
        Self { records, upstream, forwarded: Arc::new(Semaphore::new(UPSTREAM_MAX)), metrics }
    }

    /// Serves until `cancel`.
    pub(crate) async fn run(&self, datagrams: UdpSocket, streams: TcpListener, cancel: CancellationToken) {
        let tasks = TaskTracker::new();
        tokio::join!(
            self.datagrams(Arc::new(datagrams), tasks.clone(), cancel.clone()),
            self.streams(streams, tasks.clone(), cancel)
        );
        tasks.close();
        tasks.wait().await;
    }

    async fn datagrams(&self, socket: Arc<UdpSocket>, tasks: TaskTracker, cancel: CancellationToken) {
        let mut buffer = vec![0; 4096];
        loop {
            let received = tokio::select! {
                () = cancel.cancelled() => return,
                received = socket.recv_from(&mut buffer) => received,
            };
            let (length, from) = match received {
                Ok(received) => received,
                Err(error) => {
                    warn!(%error, "A question could not be received.");
                    continue;
                }
            };
            let question = &buffer[..length];
            self.metrics.asked(false);
            match self.reply(question) {
                Reply::Own(answer) => {
                    self.metrics.answered(answer.metadata.response_code);
                    let limit = limit(question);
                    send(&socket, &within(*answer, limit), from).await;
                }
                Reply::Forward(message) => {
                    let (server, socket, question) = (self.clone(), socket.clone(), question.to_vec());
                    let cancel = cancel.clone();
                    tasks.spawn(async move {
                        let answer =
                            cancel.run_until_cancelled(server.forward(&question, &message, false)).await;
                        if let Some(answer) = answer {
                            send(&socket, &answer, from).await;
                        }
                    });
                }
                Reply::Nothing => {}
            }
        }
    }

    async fn streams(&self, listener: TcpListener, tasks: TaskTracker, cancel: CancellationToken) {
        let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let serve = |stream| {
            let server = self.clone();
            async move {
                if let Err(error) = server.converse(stream).await {
                    debug!(%error, "A DNS connection broke.");
                }
            }
        };
        accept(&listener, &slots, &tasks, &cancel, serve).await;
    }

    /// Questions and answers over one connection, each after its length.
    async fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        loop {
            let read = async {
                let length = stream.read_u16().await?;
                let mut question = vec![0; usize::from(length)];
                stream.read_exact(&mut question).await?;
                Ok::<_, std::io::Error>(question)
            };
            let question = match tokio::time::timeout(IDLE, read).await {
                Ok(Ok(question)) => question,
                Ok(Err(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(_) => return Ok(()),
            };
            self.metrics.asked(true);
            let answer = match self.reply(&question) {
                Reply::Own(answer) => {
                    self.metrics.answered(answer.metadata.response_code);
                    within(*answer, u16::MAX)
                }
                Reply::Forward(message) => self.forward(&question, &message, true).await,
                Reply::Nothing => return Ok(()),
            };
            let Ok(length) = u16::try_from(answer.len()) else { return Ok(()) };
            let write = async {
                stream.write_u16(length).await?;
                stream.write_all(&answer).await
            };
            tokio::time::timeout(IDLE, write).await.map_err(|_| std::io::ErrorKind::TimedOut)??;
        }
    }

    fn reply(&self, question: &[u8]) -> Reply {
        let message = match Message::from_vec(question) {
            Ok(message) => message,
            // What has a header can be answered; what has none is noise.
            Err(_) if question.len() >= 12 => {
                let id = u16::from_be_bytes([question[0], question[1]]);
                return Reply::Own(Box::new(Message::error_msg(id, OpCode::Query, ResponseCode::FormErr)));
            }
            Err(_) => return Reply::Nothing,
        };
        if message.metadata.message_type != MessageType::Query {
            return Reply::Nothing;
        }
        let mut answer = Message::response(message.metadata.id, message.metadata.op_code);
        answer.metadata.recursion_desired = message.metadata.recursion_desired;
        answer.metadata.recursion_available = true;
        answer.add_queries(message.queries.clone());
        if message.edns.is_some() {
            let mut edns = Edns::new();
            edns.set_max_payload(DATAGRAM_LEN_MAX);
            answer.set_edns(edns);
        }
        let [query] = message.queries.as_slice() else {
            answer.metadata.response_code = ResponseCode::FormErr;
            return Reply::Own(Box::new(answer));
        };
        if message.metadata.op_code != OpCode::Query || query.query_class() != DNSClass::IN {
            answer.metadata.response_code = ResponseCode::NotImp;
            return Reply::Own(Box::new(answer));
        }
        match self.records.answer(query.name(), query.query_type()) {
            Answer::Foreign => return Reply::Forward(Box::new(answer)),
            Answer::NotReady => answer.metadata.response_code = ResponseCode::ServFail,
            Answer::Absent => {
                answer.metadata.authoritative = true;
                answer.metadata.response_code = ResponseCode::NXDomain;
                answer.add_authority(self.records.authority());
            }
            Answer::Found(records, glue) => {
                answer.metadata.authoritative = true;
                if records.is_empty() {
                    answer.add_authority(self.records.authority());
                }
                answer.add_answers(records);
                answer.add_additionals(glue);
            }
        }
        Reply::Own(Box::new(answer))
    }

    /// The answer of somebody else, unread; SERVFAIL when nobody answers. `refusal` is the answer so far.
    async fn forward(&self, question: &[u8], refusal: &Message, stream: bool) -> Vec<u8> {
        let failed = || {
            let mut answer = refusal.clone();
            answer.metadata.response_code = ResponseCode::ServFail;
            within(answer, u16::MAX)
        };
        self.metrics.forwarded();
        let Ok(_slot) = self.forwarded.try_acquire() else { return failed() };
        let asked = if stream {
            self.upstream.ask_stream(question).await
        } else {
            self.upstream.ask_datagram(question).await
        };
        asked.unwrap_or_else(|error| {
            debug!(%error, "A question could not be passed on.");
            failed()
        })
    }
}

/// How long an answer over UDP the client takes.
fn limit(question: &[u8]) -> u16 {
    let asked =
        Message::from_vec(question).ok().and_then(|message| message.edns.map(|edns| edns.max_payload()));
    asked.unwrap_or(DATAGRAM_LEN).clamp(DATAGRAM_LEN, DATAGRAM_LEN_MAX)
}

/// The bytes of an answer; one that is too long is cut, and says so.
fn within(answer: Message, limit: u16) -> Vec<u8> {
    let bytes = answer.to_vec().unwrap_or_default();
    if bytes.len() <= usize::from(limit) && !bytes.is_empty() {
        return bytes;
    }
    let mut cut = answer;
    cut.additionals.clear();
    cut.metadata.truncation = true;
    // Dropping records from the end keeps the bytes below the limit soon: answers have a few hundred at most.
    loop {
        let bytes = cut.to_vec().unwrap_or_default();
        if (bytes.len() <= usize::from(limit) && !bytes.is_empty()) || cut.answers.is_empty() {
            return bytes;
        }
        let kept = cut.answers.len() / 2;
        cut.answers.truncate(kept);
    }
}

async fn send(socket: &UdpSocket, answer: &[u8], to: SocketAddr) {
    if let Err(error) = socket.send_to(answer, to).await {
        debug!(%to, %error, "An answer could not be sent.");
    }
}

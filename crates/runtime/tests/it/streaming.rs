//! Exec and attach through the streaming server, as a kubelet passes them on.

use std::collections::BTreeMap;

use futures::{SinkExt, StreamExt};
use k8s_cri::v1 as cri;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::node::{Node, await_some, bring_loopback_up, wanted};

type Socket = WebSocketStream<TcpStream>;

async fn open(url: &str) -> Socket {
    let mut request = url.replace("http://", "ws://").into_client_request().expect("a request");
    let protocol = "v5.channel.k8s.io".parse().expect("a header");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let address = request.uri().authority().expect("an address").to_string();
    let stream = TcpStream::connect(address).await.expect("connected");
    tokio_tungstenite::client_async(request, stream).await.expect("upgraded").0
}

async fn send(socket: &mut Socket, channel: u8, data: &[u8]) {
    socket.send(Message::binary([&[channel], data].concat())).await.expect("sent");
}

/// Reads until the end, or until `enough` of what has come.
async fn gather(socket: &mut Socket, enough: impl Fn(&str) -> bool) -> BTreeMap<u8, String> {
    let mut channels = BTreeMap::<u8, String>::new();
    let read = async {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Binary(data) = message {
                channels.entry(data[0]).or_default().push_str(&String::from_utf8_lossy(&data[1..]));
            }
            if channels.get(&1).is_some_and(|text| enough(text)) {
                break;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), read).await.expect("in time");
    channels
}

#[test]
fn commands_with_streams_and_terminals() {
    Node::run(|node| {
        bring_loopback_up(node);
        node.serve(async |mut session| {
            let config = session.sandbox_config("exec");
            let sandbox = session.run_sandbox(&config).await;
            let id = session.run(&sandbox, &config, &wanted("sleep", &["sleep", "1000"])).await;
            let command = |script: &str| vec!["sh".to_owned(), "-c".into(), script.into()];

            let request = cri::ExecRequest {
                container_id: id.clone(),
                cmd: command("cat; echo done >&2; exit 3"),
                stdin: true,
                stdout: true,
                stderr: true,
                tty: false,
            };
            let url = session.clients.runtime.exec(request).await.expect("an address").into_inner().url;
            let mut socket = open(&url).await;
            send(&mut socket, 0, &[b'x'; 100_000]).await;
            send(&mut socket, 255, &[0]).await;
            let channels = gather(&mut socket, |_| false).await;
            assert_eq!(channels[&1].len(), 100_000);
            assert_eq!(channels[&2], "done\n");
            assert!(channels[&3].contains(r#"{"reason":"ExitCode","message":"3"}"#), "{channels:?}");

            let request = cri::ExecRequest {
                container_id: id.clone(),
                cmd: command("tty; read line; stty size; echo got $line"),
                stdin: true,
                stdout: true,
                stderr: false,
                tty: true,
            };
            let url = session.clients.runtime.exec(request).await.expect("an address").into_inner().url;
            let mut socket = open(&url).await;
            send(&mut socket, 4, br#"{"Width":123,"Height":45}"#).await;
            let first = gather(&mut socket, |text| text.contains("/dev/pts/")).await;
            assert!(first[&1].contains("/dev/pts/"), "{first:?}");
            send(&mut socket, 0, b"hello\n").await;
            let channels = gather(&mut socket, |_| false).await;
            assert!(channels[&1].contains("45 123") && channels[&1].contains("got hello"), "{channels:?}");
            assert!(channels[&3].contains("Success"), "{channels:?}");

            // Who hangs up ends the process.
            let request = cri::ExecRequest {
                container_id: id.clone(),
                cmd: vec!["sleep".into(), "4321".into()],
                stdout: true,
                ..Default::default()
            };
            let url = session.clients.runtime.exec(request).await.expect("an address").into_inner().url;
            let socket = open(&url).await;
            let runs = "ps | grep -c '[s]leep 4321'";
            await_some("the process", async || {
                (session.exec(&id, &["sh", "-c", runs]).await.0.trim() == "1").then_some(())
            })
            .await;
            drop(socket);
            await_some("the end of the process", async || {
                (session.exec(&id, &["sh", "-c", runs]).await.0.trim() == "0").then_some(())
            })
            .await;
            session.stop_and_remove(&sandbox).await;
        });
    });
}

#[test]
fn attaching_to_a_container() {
    Node::run(|node| {
        bring_loopback_up(node);
        node.serve(async |mut session| {
            let config = session.sandbox_config("attach");
            let sandbox = session.run_sandbox(&config).await;
            for tty in [false, true] {
                let name = format!("attach-{tty}");
                let script = "read line; echo got $line; exit 4";
                let command = ["sh", "-c", script];
                let mut container = wanted(&name, &command);
                container.change = Box::new(move |config| {
                    (config.stdin, config.stdin_once, config.tty) = (true, !tty, tty);
                });
                let id = session.run(&sandbox, &config, &container).await;
                let request = cri::AttachRequest {
                    container_id: id.clone(),
                    stdin: true,
                    stdout: true,
                    stderr: !tty,
                    tty,
                };
                let url = session.clients.runtime.attach(request).await.expect("an address").into_inner().url;
                let mut socket = open(&url).await;
                // The first, empty message comes before the container is attached to.
                send(&mut socket, 0, b"hello\n").await;
                let channels = gather(&mut socket, |_| false).await;
                assert!(channels[&1].contains("got hello"), "{channels:?}");
                assert_eq!(session.await_exit(&id).await.exit_code, 4);
                assert!(session.log(&name).contains("got hello"));
            }
            session.stop_and_remove(&sandbox).await;
        });
    });
}

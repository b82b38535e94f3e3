//! logs, exec, attach, port-forward, cp.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually};

use crate::cluster::{fetch, ready, server_pod, shell_pod};
use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::One, "stream_exec", exec),
        test(Group::One, "stream_logs", logs),
        test(Group::One, "stream_attach", attach),
        test(Group::One, "stream_port_forward", port_forward),
        test(Group::One, "stream_cp", cp),
        test(Group::One, "stream_over_websocket", |cluster, kubectl| over(cluster, kubectl, "true")),
        test(Group::One, "stream_over_spdy", |cluster, kubectl| over(cluster, kubectl, "false")),
        test(Group::One, "stream_run_and_debug", run_and_debug),
        test(Group::One, "stream_logs_of_the_run_before", previous),
        test(Group::One, "stream_proxy", proxy),
    ]
}

fn exec(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_pod("target"))?;
    ready(kubectl, "target")?;
    let said = kubectl.say(&["exec", "target", "--", "sh", "-c", "echo out; echo err >&2; exit 5"], "")?;
    ensure!(!said.ok && said.out == "out\n", "{said:?}");
    ensure!(said.err.contains("err\n") && said.err.contains("exit code 5"), "{said:?}");
    let echoed = kubectl.run_with(&["exec", "-i", "target", "--", "cat"], "through standard input\n")?;
    ensure!(echoed == "through standard input\n", "{echoed}");
    let large = "x".repeat(1 << 20);
    let counted = kubectl.run_with(&["exec", "-i", "target", "--", "wc", "-c"], &large)?;
    ensure!(counted.trim() == "1048576", "{counted}");
    let missing = kubectl.say(&["exec", "target", "--", "no-such-program"], "")?;
    ensure!(!missing.ok, "{missing:?}");
    Ok(())
}

fn logs(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&shell_pod(
        "talker",
        "for i in 1 2 3 4 5; do echo line $i; done; sleep 1; echo last; sleep 300",
    ))?;
    ready(kubectl, "talker")?;
    let followed = kubectl
        .command(&["logs", "-f", "talker"])
        .stdout(Stdio::piped())
        .spawn()
        .context("follow the log")?;
    let mut followed = Guard(followed);
    let out = followed.0.stdout.take().context("its output")?;
    let last = BufReader::new(out).lines().map_while(Result::ok).find(|line| line == "last");
    ensure!(last.is_some(), "the followed log ended early");
    drop(followed);
    let tail = kubectl.run(&["logs", "talker", "--tail=2"])?;
    ensure!(tail == "line 5\nlast\n", "{tail}");
    let stamped = kubectl.run(&["logs", "talker", "--timestamps", "--tail=1"])?;
    ensure!(stamped.ends_with("Z last\n"), "{stamped}");
    let missing = kubectl.say(&["logs", "nobody"], "")?;
    ensure!(missing.err.contains(r#"pods "nobody" not found"#), "{}", missing.err);
    Ok(())
}

/// kubectl that speaks WebSocket, or, told not to, SPDY/3.1 as before 1.30.
fn speaking(kubectl: &Kubectl, websocket: &str, args: &[&str]) -> Command {
    let mut command = kubectl.command(args);
    command.env("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", websocket);
    command.env("KUBECTL_PORT_FORWARD_WEBSOCKETS", websocket);
    command
}

/// Bytes that no part may change, and that fit into no buffer on the way.
fn freight() -> Vec<u8> {
    (0..10u32 << 20).map(|at| (at.wrapping_mul(0x9e37_79b1) >> 24).to_le_bytes()[0]).collect()
}

fn over(cluster: &Cluster, kubectl: &Kubectl, websocket: &str) -> Result<()> {
    kubectl.apply(&server_pod("target"))?;
    ready(kubectl, "target")?;
    let failed = speaking(kubectl, websocket, &["exec", "target", "--", "sh", "-c", "echo out; exit 5"]);
    let failed = said(failed)?;
    ensure!(failed.1 == "out\n" && failed.2.contains("command terminated with exit code 5"), "{failed:?}");
    ensure!(failed.0 == Some(5), "{failed:?}");
    let quiet = said(speaking(kubectl, websocket, &["exec", "target", "--", "true"]))?;
    ensure!(quiet == (Some(0), String::new(), String::new()), "{quiet:?}");

    let folder = cluster.data_dir().join("..").join(format!("over-{websocket}"));
    std::fs::create_dir_all(&folder)?;
    let (there, back) = (folder.join("there"), folder.join("back"));
    let bytes = freight();
    std::fs::write(&there, &bytes)?;
    let mut both_ways = speaking(kubectl, websocket, &["exec", "-i", "target", "--", "cat"]);
    let status = both_ways.stdin(File::open(&there)?).stdout(File::create(&back)?).status()?;
    ensure!(status.success() && std::fs::read(&back)? == bytes, "10 MiB did not come back as they were");
    std::fs::remove_file(&back)?;
    let (from, to) = (there.to_string_lossy(), back.to_string_lossy());
    for (source, target) in [(&*from, "target:/tmp/x"), ("target:/tmp/x", &*to)] {
        let copied = said(speaking(kubectl, websocket, &["cp", source, target]))?;
        ensure!(copied.0 == Some(0), "{copied:?}");
    }
    ensure!(std::fs::read(&back)? == bytes, "the copied file is another");
    on_a_terminal(kubectl, websocket)?;
    in_parallel(kubectl, websocket)
}

/// Exit code, output and error output of a command.
fn said(mut command: Command) -> Result<(Option<i32>, String, String)> {
    let output = command.stdin(Stdio::null()).output()?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok((output.status.code(), text(output.stdout), text(output.stderr)))
}

/// A terminal has the size of the user's, soon after it is there.
fn on_a_terminal(kubectl: &Kubectl, websocket: &str) -> Result<()> {
    let inner = "until stty size 2>/dev/null | grep -v '^0'; do sleep 0.1; done; tty; exit 3";
    let exec = speaking(kubectl, websocket, &["exec", "-it", "target", "--", "sh", "-c", inner]);
    let quoted = std::iter::once(exec.get_program()).chain(exec.get_args());
    let quoted: Vec<String> =
        quoted.map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"))).collect();
    let line = format!("stty rows 33 cols 99; {}", quoted.join(" "));
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &line, "/dev/null"]).envs(exec.get_envs().filter_map(|(k, v)| Some((k, v?))));
    let (code, out, _) = said(terminal)?;
    ensure!(code == Some(3) && out.contains("33 99") && out.contains("/dev/pts/0"), "{code:?} {out}");
    Ok(())
}

/// Several connections at once through one forwarded port.
fn in_parallel(kubectl: &Kubectl, websocket: &str) -> Result<()> {
    let port = mizzen_testkit::free_port()?;
    let ports = format!("{port}:8080");
    let mut forward = speaking(kubectl, websocket, &["port-forward", "pod/target", &ports]);
    let _forward = Guard(forward.stdout(Stdio::null()).spawn().context("forward a port")?);
    eventually("the forwarded port answers", || fetch(&format!("http://127.0.0.1:{port}/hostname")))?;
    std::thread::scope(|scope| {
        let ask = || (0..5).try_for_each(|_| fetch(&format!("http://127.0.0.1:{port}/hostname")).map(drop));
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow!("a thread panicked"))?)
    })
}

fn run_and_debug(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let image = "--image=localhost/busybox:test";
    let run = ["run", "-i", "--rm", "once", "--restart=Never", image, "--", "sh", "-c"];
    let counted = kubectl.say(&[&run[..], &["wc -c; exit 7"]].concat(), "four")?;
    ensure!(counted.out.lines().any(|line| line.trim() == "4"), "{counted:?}");
    ensure!(!counted.ok && counted.err.contains("terminated (Error)"), "{counted:?}");
    let gone = kubectl.say(&["get", "pod", "once"], "")?;
    ensure!(gone.err.contains("not found"), "{gone:?}");

    kubectl.apply(&server_pod("patient"))?;
    ready(kubectl, "patient")?;
    let debug = ["debug", "-i", "patient", image, "--target=server", "--profile=general", "--", "sh", "-c"];
    let seen = kubectl.say(&[&debug[..], &["read word; echo $word; ps"]].concat(), "hello\n")?;
    ensure!(seen.ok && seen.out.contains("hello\n"), "{seen:?}");
    ensure!(seen.out.contains("testserver"), "it does not see its target's processes: {seen:?}");
    Ok(())
}

fn previous(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let script = "if [ -e /again/x ]; then echo second; sleep 300; fi; touch /again/x; echo first; exit 1";
    let pod = shell_pod("twice", script).replace("restartPolicy: Never", "restartPolicy: Always");
    kubectl.apply(&format!(
        "{pod}    volumeMounts: [{{name: again, mountPath: /again}}]\n  volumes: [{{name: again, emptyDir: {{}}}}]\n"
    ))?;
    eventually("the container runs again", || {
        let log = kubectl.run(&["logs", "twice"])?;
        ensure!(log == "second\n", "{log:?}");
        Ok(())
    })?;
    let before = kubectl.run(&["logs", "twice", "--previous"])?;
    ensure!(before == "first\n", "{before:?}");
    let recent = kubectl.run(&["logs", "twice", "--since=1h", "--limit-bytes=3"])?;
    ensure!(recent == "sec", "{recent:?}");
    Ok(())
}

fn proxy(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let script = "mkdir -p /tmp/www/sub; echo '<a href=\"/sub/\">x</a>' > /tmp/www/index.html; \
                  exec httpd -f -p 8080 -h /tmp/www";
    kubectl.apply(&shell_pod("page", script))?;
    ready(kubectl, "page")?;
    let namespace = kubectl.path(&["pod", "page"], "{.metadata.namespace}")?;
    let proxy = format!("/api/v1/namespaces/{namespace}/pods/page:8080/proxy");
    eventually("the page is served", || {
        let page = kubectl.run(&["get", "--raw", &format!("{proxy}/")])?;
        ensure!(page.contains(&format!("{proxy}/sub/\"")), "its link leads through the proxy: {page}");
        Ok(())
    })?;
    // A folder is asked for as one.
    kubectl.run(&["exec", "page", "--", "sh", "-c", "echo inside > /tmp/www/sub/index.html"])?;
    let inside = kubectl.run(&["get", "--raw", &format!("{proxy}/sub/")])?;
    ensure!(inside == "inside\n", "{inside}");
    // Without its slash, the root leads to itself with one.
    let root = kubectl.run(&["get", "--raw", &proxy])?;
    ensure!(root.contains("<a href"), "{root}");
    let never = kubectl.say(&["logs", "page", "--previous"], "")?;
    let words = r#"(BadRequest): previous terminated container "main" in pod "page" not found"#;
    ensure!(!never.ok && never.err.contains(words), "{}", never.err);
    Ok(())
}

/// Ends a command that would go on.
struct Guard(std::process::Child);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.0.kill().and_then(|()| self.0.wait()) {
            eprintln!("kubectl did not end: {error}");
        }
    }
}

fn attach(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let pod = shell_pod("parrot", "read word; echo heard $word")
        .replace("command:", "stdin: true\n    stdinOnce: true\n    command:");
    kubectl.apply(&pod)?;
    ready(kubectl, "parrot")?;
    let said = kubectl.run_with(&["attach", "-i", "parrot"], "crackers\n")?;
    ensure!(said.contains("heard crackers"), "{said}");
    Ok(())
}

fn port_forward(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_pod("harbour"))?;
    ready(kubectl, "harbour")?;
    let port = mizzen_testkit::free_port()?;
    let ports = format!("{port}:8080");
    let forward = kubectl.command(&["port-forward", "pod/harbour", &ports]).stdout(Stdio::null()).spawn();
    let _forward = Guard(forward.context("forward a port")?);
    for _ in 0..3 {
        let body =
            eventually("the forwarded port answers", || fetch(&format!("http://127.0.0.1:{port}/hostname")))?;
        ensure!(body == "harbour\n", "{body}");
    }
    Ok(())
}

fn cp(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let script = "mkdir /data; sleep 300";
    kubectl.apply(&shell_pod("crate", script))?;
    ready(kubectl, "crate")?;
    let folder = cluster.data_dir().join("..").join("cp");
    std::fs::create_dir_all(&folder)?;
    let (there, back) = (folder.join("there"), folder.join("back"));
    std::fs::write(&there, "cargo\n")?;
    let (there, back) = (there.to_string_lossy().into_owned(), back.to_string_lossy().into_owned());
    kubectl.run(&["cp", &there, "crate:/data/x"])?;
    kubectl.run(&["cp", "crate:/data/x", &back])?;
    ensure!(std::fs::read_to_string(&back)? == "cargo\n");
    Ok(())
}

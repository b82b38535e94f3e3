//! logs, exec, attach, port-forward, cp.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
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

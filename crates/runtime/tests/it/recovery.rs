//! Restarts: of the runtime, and of shims.

use std::fs;

use k8s_cri::v1 as cri;
use mizzen_kernel::process;

use crate::node::{Node, await_some, wanted};

#[test]
fn containers_outlive_the_runtime_and_are_found_again() {
    Node::run(|node| {
        let (mut sandbox, mut ids) = (String::new(), Vec::new());
        node.serve(async |mut session| {
            let config = session.sandbox_config("stay");
            sandbox = session.run_sandbox(&config).await;
            let ticks = "i=0; while true; do i=$((i+1)); echo tick $i; sleep 0.02; done";
            let short = "sleep 1; echo done; exit 5";
            for (name, script) in [("ticks", ticks), ("short", short)] {
                ids.push(session.run(&sandbox, &config, &wanted(name, &["sh", "-c", script])).await);
            }
        });
        // Nobody above the shim is there; the log goes on, and a container ends.
        let log = node.path("logs/ticks.log");
        let before = fs::metadata(&log).expect("log").len();
        node.block_on(await_some("more output", async || {
            (fs::metadata(&log).expect("log").len() > before).then_some(())
        }));
        let exit = node.path("root/containers").join(&ids[1]).join("exit.json");
        node.block_on(await_some("the record of an end", async || exit.exists().then_some(())));

        node.serve(async |mut session| {
            let status = session.status(&ids[0]).await;
            assert_eq!(status.state(), cri::ContainerState::ContainerRunning);
            let status = session.status(&ids[1]).await;
            assert_eq!((status.state(), status.exit_code), (cri::ContainerState::ContainerExited, 5));
            assert_eq!(session.exec(&ids[0], &["echo", "again"]).await, ("again\n".into(), 0));
            let rotated = session.logs.join("rotated");
            fs::rename(session.logs.join("ticks.log"), &rotated).expect("rotated");
            let reopen = cri::ReopenContainerLogRequest { container_id: ids[0].clone() };
            session.clients.runtime.reopen_container_log(reopen).await.expect("reopened");
            await_some("a new log", async || session.log("ticks").contains("tick").then_some(())).await;

            // Without its shim the pod is over, and nothing of it stays.
            let request = cri::PodSandboxStatusRequest { pod_sandbox_id: sandbox.clone(), verbose: true };
            let status = session.clients.runtime.pod_sandbox_status(request.clone()).await.expect("status");
            let info: serde_json::Value =
                serde_json::from_str(&status.into_inner().info["info"]).expect("json");
            let pid = i32::try_from(info["pid"].as_i64().expect("pid")).expect("pid");
            assert!(rss_kib(pid) < 3 << 10, "{} KiB", rss_kib(pid));
            let program = fs::File::open(format!("/proc/{pid}/exe")).expect("the shim's program");
            let shim = process::open(pid).expect("the shim");
            process::kill(std::os::fd::AsFd::as_fd(&shim), 9).expect("killed");
            let status = session.await_exit(&ids[0]).await;
            assert_ne!(status.exit_code, 0);
            // Who got hold of a shim's program through its process can't write to it, not even when it no longer runs.
            let again = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&program));
            let refused = fs::OpenOptions::new().write(true).open(again).expect_err("refused");
            assert_eq!(refused.kind(), std::io::ErrorKind::ReadOnlyFilesystem);
            // Its containers' end comes after its own: nobody may try to start them in it again.
            let status = session.clients.runtime.pod_sandbox_status(request).await.expect("status");
            let state = status.into_inner().status.expect("status").state();
            assert_eq!(state, cri::PodSandboxState::SandboxNotready);
            session.stop_and_remove(&sandbox).await;
        });
        assert_eq!(node.cgroup.processes(), Vec::<i32>::new());
    });
}

fn rss_kib(pid: i32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a size");
    println!("shim {line}");
    line.split_ascii_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

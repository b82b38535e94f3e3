//! What a container sees, may do, and leaves behind.

use std::fs;

use k8s_cri::v1::{self as cri, NamespaceMode};
use mizzen_kernel::cgroup::{Cgroup, Layout};

use crate::node::{Node, Session, security, wanted};

/// The mounts of the test's namespace that are below a folder.
fn mounts_below(folder: &std::path::Path) -> Vec<String> {
    let text = fs::read_to_string("/proc/thread-self/mountinfo").expect("mounts");
    let inside = |line: &&str| {
        line.split(' ').nth(4).is_some_and(|point| std::path::Path::new(point).starts_with(folder))
    };
    text.lines().filter(inside).map(str::to_owned).collect()
}

#[test]
fn a_pod_runs_and_leaves_nothing() {
    Node::run(|node| {
        node.serve(async |mut session| {
            let config = session.sandbox_config("web");
            let sandbox = session.run_sandbox(&config).await;
            let same = cri::RunPodSandboxRequest { config: Some(config.clone()), ..Default::default() };
            let refused =
                session.clients.runtime.run_pod_sandbox(same).await.expect_err("the name is in use");
            assert_eq!(refused.code(), tonic::Code::AlreadyExists);

            let status = cri::PodSandboxStatusRequest { pod_sandbox_id: sandbox.clone(), verbose: false };
            let status =
                session.clients.runtime.pod_sandbox_status(status).await.expect("status").into_inner();
            let network = status.status.and_then(|status| status.network).expect("a network");
            assert_eq!(network.ip, "10.244.7.7");

            let script = "echo out; echo err >&2; printf partial; pwd; hostname; exit 3";
            let (status, log) =
                session.output(&sandbox, &config, &wanted("hello", &["sh", "-c", script])).await;
            assert_eq!((status.exit_code, status.reason.as_str()), (3, "Error"));
            assert!(status.started_at >= status.created_at && status.finished_at >= status.started_at);
            for expected in ["out\n", "err\n", "partial/work\n", "web\n"] {
                assert!(log.contains(expected), "{log}");
            }
            let (status, log) =
                session.output(&sandbox, &config, &wanted("end", &["printf", "no line feed"])).await;
            assert_eq!((status.exit_code, status.reason.as_str()), (0, "Completed"));
            assert_eq!(log, "no line feed");

            let id = session.run(&sandbox, &config, &wanted("sleep", &["sleep", "1000"])).await;
            let pid = pid_of(&mut session, &id).await;
            assert!(mizzen_kernel::process::start_time(pid).is_some());
            session.stop_and_remove(&sandbox).await;
            assert!(mizzen_kernel::process::start_time(pid).is_none());
            let left = cri::ListContainersRequest::default();
            let left = session.clients.runtime.list_containers(left).await.expect("listed").into_inner();
            assert!(left.containers.is_empty());
        });
        let orders = fs::read_to_string(node.path("bin/orders")).expect("orders");
        let orders =
            orders.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect::<Vec<_>>();
        assert_eq!(orders, ["ADD", "DEL"]);
        assert_eq!(node.cgroup.processes(), Vec::<i32>::new());
        let layout = Layout::discover().expect("layout");
        let pod = Cgroup::new(&layout, &format!("{}/pod-web", node.cgroup_path)).expect("path");
        pod.remove().expect("nothing is left in the pod's group");
        assert_eq!(mounts_below(node.folder.path()), Vec::<String>::new());
        for kind in ["root/sandboxes", "root/containers", "state/sandboxes", "state/s"] {
            assert_eq!(fs::read_dir(node.path(kind)).expect("list").count(), 0, "{kind}");
        }
    });
}

async fn pid_of(session: &mut Session, id: &str) -> i32 {
    let request = cri::ContainerStatusRequest { container_id: id.into(), verbose: true };
    let response = session.clients.runtime.container_status(request).await.expect("status").into_inner();
    let info: serde_json::Value = serde_json::from_str(&response.info["info"]).expect("json");
    i32::try_from(info["pid"].as_i64().expect("pid")).expect("pid")
}

#[test]
fn security_holds_for_init_and_exec() {
    Node::run(|node| {
        node.serve(async |mut session| {
            let config = session.sandbox_config("safe");
            let sandbox = session.run_sandbox(&config).await;
            let status = "grep -E 'Seccomp:|NoNewPrivs|Cap|Groups' /proc/self/status";
            let script = format!("{status}; sleep 1000");
            let command = ["sh", "-c", script.as_str()];
            let mut web = wanted("web", &command);
            web.change = Box::new(|config| {
                let context = security(config);
                context.run_as_username = "web".into();
                context.no_new_privs = true;
                context.readonly_rootfs = true;
                context.supplemental_groups = vec![7];
            });
            let id = session.run(&sandbox, &config, &web).await;
            let (exec, code) = session.exec(&id, &["sh", "-c", status]).await;
            assert_eq!(code, 0);
            let init = crate::node::await_some("output", async || {
                let log = session.log("web");
                log.contains("NoNewPrivs").then_some(log)
            })
            .await;
            for text in [&exec, &init] {
                for expected in [
                    "Seccomp:\t2",
                    "NoNewPrivs:\t1",
                    "CapInh:\t0000000000000000",
                    "CapEff:\t0000000000000000",
                ] {
                    assert!(text.contains(expected), "{text}");
                }
                assert!(text.contains("CapBnd:\t00000000a80425fb"), "{text}");
                assert!(text.contains("Groups:\t7 40"), "{text}");
            }
            let user = session.status(&id).await.user.expect("user").linux.expect("linux");
            assert_eq!((user.uid, user.gid, user.supplemental_groups), (33, 34, vec![7, 40]));
            for (command, expected) in [
                ("touch /x", "Read-only file system"),
                ("echo 1 > /proc/sys/kernel/hostname", "Read-only file system"),
                ("cat /proc/kcore | wc -c", "0\n"),
                ("ls /proc/acpi | wc -l", "0\n"),
                ("unshare -U true", "Operation not permitted"),
                ("id -un", "web\n"),
                ("ls -d /proc/[0-9]* | wc -l", ""),
                ("cat /etc/resolv.conf", "nameserver 10.96.0.10\n"),
                ("env", "HOME=/srv\n"),
                ("env", "FROM_IMAGE=yes\n"),
            ] {
                let (text, _) = session.exec(&id, &["sh", "-c", command]).await;
                assert!(text.contains(expected), "{command}: {text}");
            }
            let mut root = wanted("root", &["sleep", "1000"]);
            root.change = Box::new(|config| {
                security(config).capabilities = Some(cri::Capability {
                    add_capabilities: vec!["NET_ADMIN".into()],
                    drop_capabilities: vec!["ALL".into()],
                    ..Default::default()
                });
            });
            let id = session.run(&sandbox, &config, &root).await;
            let (text, _) =
                session.exec(&id, &["grep", "-E", "Seccomp:|NoNewPrivs|CapEff", "/proc/self/status"]).await;
            for expected in ["Seccomp:\t2", "NoNewPrivs:\t0", "CapEff:\t0000000000001000"] {
                assert!(text.contains(expected), "{text}");
            }
            // A working folder outside of the container is refused, whatever leads there.
            let mut odd = wanted("odd", &["sh"]);
            odd.change = Box::new(|config| config.working_dir = "/proc/self/fd/8".into());
            let made = session.create(&sandbox, &config, &odd).await.expect("created");
            session.start(&made).await.expect_err("the working folder is refused");
            let status = session.status(&made).await;
            assert_eq!((status.exit_code, status.reason.as_str()), (128, "StartError"));
            session.stop_and_remove(&sandbox).await;
        });
    });
}

#[test]
fn limits_and_their_changes_are_in_the_control_group() {
    Node::run(|node| {
        let cgroup_path = node.cgroup_path.clone();
        node.serve(async |mut session| {
            let config = session.sandbox_config("small");
            let sandbox = session.run_sandbox(&config).await;
            let mut small = wanted("small", &["sleep", "1000"]);
            small.change = Box::new(|config| {
                config.linux.get_or_insert_default().resources = Some(cri::LinuxContainerResources {
                    cpu_shares: 512,
                    cpu_quota: 50_000,
                    cpu_period: 100_000,
                    memory_limit_in_bytes: 64 << 20,
                    oom_score_adj: -997,
                    ..Default::default()
                });
            });
            let id = session.run(&sandbox, &config, &small).await;
            let layout = Layout::discover().expect("layout");
            let cgroup = Cgroup::new(&layout, &format!("{cgroup_path}/pod-small/{id}")).expect("path");
            assert_eq!(cgroup.stats().expect("stats").memory_limit, 64 << 20);
            let update = cri::UpdateContainerResourcesRequest {
                container_id: id.clone(),
                linux: Some(cri::LinuxContainerResources {
                    memory_limit_in_bytes: 32 << 20,
                    ..Default::default()
                }),
                ..Default::default()
            };
            session.clients.runtime.update_container_resources(update).await.expect("updated");
            assert_eq!(cgroup.stats().expect("stats").memory_limit, 32 << 20);
            let resources = session.status(&id).await.resources.expect("resources").linux.expect("linux");
            assert_eq!((resources.memory_limit_in_bytes, resources.cpu_shares), (32 << 20, 512));
            let stats = cri::ContainerStatsRequest { container_id: id.clone() };
            let stats = session.clients.runtime.container_stats(stats).await.expect("stats").into_inner();
            assert!(
                stats.stats.expect("stats").memory.expect("memory").usage_bytes.expect("usage").value > 0
            );

            let mut hungry = wanted("hungry", &["sh", "-c", "head -c 200m /dev/zero | grep -c x"]);
            hungry.change = Box::new(|config| {
                config.linux.get_or_insert_default().resources = Some(cri::LinuxContainerResources {
                    memory_limit_in_bytes: 16 << 20,
                    ..Default::default()
                });
            });
            let (status, _) = session.output(&sandbox, &config, &hungry).await;
            assert_eq!(status.reason, "OOMKilled", "{status:?}");
            session.stop_and_remove(&sandbox).await;
            assert!(!cgroup.exists());
        });
    });
}

#[test]
fn containers_are_asked_to_end_and_then_killed() {
    Node::run(|node| {
        node.serve(async |mut session| {
            let config = session.sandbox_config("stop");
            let sandbox = session.run_sandbox(&config).await;
            // The image says SIGUSR1.
            let polite = "trap 'echo bye; exit 7' USR1; echo up; while true; do sleep 0.05; done";
            let deaf = "trap '' USR1 TERM; echo up; while true; do sleep 0.05; done";
            for (name, script, grace, code) in [("polite", polite, 10, 7), ("deaf", deaf, 1, 137)] {
                let id = session.run(&sandbox, &config, &wanted(name, &["sh", "-c", script])).await;
                crate::node::await_some("the trap", async || session.log(name).contains("up").then_some(()))
                    .await;
                let stop = cri::StopContainerRequest { container_id: id.clone(), timeout: grace };
                session.clients.runtime.stop_container(stop.clone()).await.expect("stopped");
                session.clients.runtime.stop_container(stop).await.expect("fine again");
                assert_eq!(session.status(&id).await.exit_code, code, "{name}");
            }
            let absent = cri::StopContainerRequest { container_id: "absent".into(), timeout: 0 };
            session.clients.runtime.stop_container(absent).await.expect("fine");
            let slow = cri::ExecSyncRequest {
                container_id: session.run(&sandbox, &config, &wanted("slow", &["sleep", "1000"])).await,
                cmd: vec!["sleep".into(), "1000".into()],
                timeout: 1,
            };
            let late = session.clients.runtime.exec_sync(slow).await.expect_err("too late");
            assert_eq!(late.code(), tonic::Code::DeadlineExceeded);
            session.stop_and_remove(&sandbox).await;
        });
    });
}

#[test]
fn mounts_privileges_and_shared_processes() {
    Node::run(|node| {
        let data = node.path("data");
        fs::create_dir_all(&data).expect("folder");
        fs::write(data.join("file"), "from outside").expect("file");
        let host_path = data.to_string_lossy().into_owned();
        node.serve(async move |mut session| {
            let mut config = session.sandbox_config("share");
            let context = config.linux.get_or_insert_default().security_context.get_or_insert_default();
            context.privileged = true;
            context.namespace_options.get_or_insert_default().set_pid(NamespaceMode::Pod);
            let sandbox = session.run_sandbox(&config).await;
            let mut mounted = wanted("mounted", &["sleep", "1000"]);
            let source = host_path.clone();
            mounted.change = Box::new(move |config| {
                let mount = |path: &str, readonly| cri::Mount {
                    container_path: path.into(),
                    host_path: source.clone(),
                    readonly,
                    ..Default::default()
                };
                config.mounts = vec![mount("/new/place", false), mount("/data", true)];
            });
            let id = session.run(&sandbox, &config, &mounted).await;
            assert_eq!(session.exec(&id, &["cat", "/new/place/file"]).await, ("from outside".into(), 0));
            assert!(session.exec(&id, &["touch", "/data/x"]).await.0.contains("Read-only file system"));
            assert_eq!(session.exec(&id, &["touch", "/new/place/x"]).await.1, 0);
            assert!(fs::exists(std::path::Path::new(&host_path).join("x")).expect("there"));
            // Both containers of the pod, and the process that holds the namespace.
            let mut privileged = wanted("privileged", &["sleep", "1001"]);
            privileged.change = Box::new(|config| security(config).privileged = true);
            let strong = session.run(&sandbox, &config, &privileged).await;
            let (processes, _) = session.exec(&strong, &["ps"]).await;
            for expected in ["sleep 1000", "sleep 1001", "mizzen"] {
                assert!(processes.contains(expected), "{processes}");
            }
            let (text, _) = session.exec(&strong, &["grep", "Seccomp:", "/proc/self/status"]).await;
            assert_eq!(text, "Seccomp:\t0\n");
            assert_eq!(session.exec(&strong, &["mount", "-t", "tmpfs", "none", "/tmp"]).await.1, 0);
            // Inside /proc nothing is mounted; nor is anything that names no file.
            let mut hidden = wanted("hidden", &["true"]);
            let source = host_path.clone();
            hidden.change = Box::new(move |config| {
                config.mounts = vec![cri::Mount {
                    container_path: "/proc/sys".into(),
                    host_path: source.clone(),
                    ..Default::default()
                }];
            });
            let made = session.create(&sandbox, &config, &hidden).await.expect("created");
            let refused = session.start(&made).await.expect_err("refused");
            assert!(refused.message().contains("inside /proc"), "{refused}");
            let absent = wanted("absent", &["no-such-program"]);
            let made = session.create(&sandbox, &config, &absent).await.expect("created");
            let refused = session.start(&made).await.expect_err("refused");
            assert!(refused.message().contains("executable file not found in $PATH"), "{refused}");
            session.stop_and_remove(&sandbox).await;
        });
    });
}

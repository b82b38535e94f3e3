//! A node for a test: the runtime on a thread in namespaces of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use k8s_cri::v1::{self as cri, NamespaceMode};
use mizzen_clock::Env;
use mizzen_cri::Clients;
use mizzen_kernel::cgroup::{Cgroup, Layout};
use mizzen_kernel::mount::{Propagation, propagate_all};
use mizzen_kernel::namespace::{self, Namespaces};
use mizzen_runtime::Config;
use mizzen_runtime::images::{Images, RegistryConfig};
use tokio_util::sync::CancellationToken;

/// How long anything may take that a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A node's folders and control group; removed with it.
pub(crate) struct Node {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) cgroup_path: String,
    pub(crate) cgroup: Cgroup,
}

/// A runtime that serves, and a client of it.
pub(crate) struct Session {
    pub(crate) clients: Clients,
    pub(crate) logs: PathBuf,
    pub(crate) cgroup_path: String,
}

impl Node {
    /// Runs `test` with a new node, on a thread that is in namespaces of its own.
    pub(crate) fn run(test: impl FnOnce(&Self) + Send + 'static) {
        let thread = std::thread::spawn(move || {
            namespace::unshare(Namespaces::MOUNT | Namespaces::NET).expect("the tests need the super-user");
            propagate_all(Propagation::Private).expect("private mounts");
            let folder = tempfile::tempdir().expect("folder");
            let cgroup_path = format!("/mizzen-test-{}", Env::system().random.suffix(10));
            let layout = Layout::discover().expect("control groups");
            let cgroup = Cgroup::new(&layout, &cgroup_path).expect("a path");
            let node = Self { folder, cgroup_path, cgroup };
            node.write_network();
            let archive = node.path("image.tar");
            crate::image::write_archive(&archive);
            node.block_on(async {
                let images =
                    Images::open(&node.path("root/images"), RegistryConfig::default()).expect("image store");
                images.load(&archive).await.expect("loaded");
            });
            test(&node);
        });
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }

    /// A network whose plugin gives every pod the same address, and writes down what it is told.
    fn write_network(&self) {
        use std::os::unix::fs::PermissionsExt;
        let plugin = r#"#!/bin/sh
echo "$CNI_COMMAND $CNI_NETNS" >> "$(dirname "$0")/orders"
[ "$CNI_COMMAND" != ADD ] || echo '{"cniVersion": "1.0.0", "ips": [{"address": "10.244.7.7/24", "interface": 0}],
  "interfaces": [{"name": "eth0", "sandbox": "'"$CNI_NETNS"'"}]}'
"#;
        let network = r#"{"cniVersion": "1.0.0", "name": "test", "plugins": [{"type": "fake"}]}"#;
        for (folder, file, text) in [("bin", "fake", plugin), ("cni", "10-test.conflist", network)] {
            std::fs::create_dir_all(self.path(folder)).expect("folder");
            std::fs::write(self.path(folder).join(file), text).expect("file");
        }
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.path("bin/fake"), mode).expect("executable");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        let done = runtime.block_on(work);
        runtime.shutdown_timeout(Duration::from_secs(5));
        done
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            root: self.path("root"),
            state: self.path("state"),
            socket: self.path("cri.sock"),
            cni_config_dir: self.path("cni"),
            cni_bin_dirs: vec![self.path("bin")],
            cni_cache_dir: self.path("cni-cache"),
            cgroup_parent: self.cgroup_path.clone(),
            ..Config::default()
        }
    }

    /// Serves while `test` runs; ends then as if killed: nothing is told to stop.
    pub(crate) fn serve<F: Future<Output = ()>>(&self, test: impl FnOnce(Session) -> F) {
        self.block_on(async {
            let cancel = CancellationToken::new();
            let server = tokio::spawn(mizzen_runtime::run(self.config(), Env::system(), cancel.clone()));
            let socket = self.path("cri.sock");
            let clients = await_some("the runtime", async || mizzen_cri::connect(&socket).await.ok()).await;
            std::fs::create_dir_all(self.path("logs")).expect("folder");
            test(Session { clients, logs: self.path("logs"), cgroup_path: self.cgroup_path.clone() }).await;
            server.abort();
        });
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // What a failed test left running.
        self.cgroup.kill_all().ok();
        self.cgroup.remove().ok();
        let state = self.path("state/sandboxes");
        for entry in std::fs::read_dir(state).into_iter().flatten().flatten() {
            mizzen_kernel::mount::detach(&entry.path().join("shm")).ok();
        }
    }
}

/// Makes 127.0.0.1 of the test's own network usable.
pub(crate) fn bring_loopback_up(node: &Node) {
    node.block_on(async {
        let net = mizzen_kernel::net::Net::open().expect("netlink");
        let lo = net.expect_link("lo").await.expect("lo");
        net.set_up(lo.index).await.expect("up");
    });
}

/// Waits until `probe` gives something.
pub(crate) async fn await_some<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(found) = probe().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{what} does not come"))
}

/// A container to be made; the rest has defaults.
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a str,
    pub(crate) command: &'a [&'a str],
    pub(crate) change: Box<dyn Fn(&mut cri::ContainerConfig)>,
}

pub(crate) fn wanted<'a>(name: &'a str, command: &'a [&'a str]) -> Wanted<'a> {
    Wanted { name, command, change: Box::new(|_| {}) }
}

pub(crate) fn security(config: &mut cri::ContainerConfig) -> &mut cri::LinuxContainerSecurityContext {
    config.linux.get_or_insert_default().security_context.get_or_insert_default()
}

impl Session {
    /// A sandbox's configuration.
    pub(crate) fn sandbox_config(&self, name: &str) -> cri::PodSandboxConfig {
        let options = cri::NamespaceOption {
            network: NamespaceMode::Pod.into(),
            pid: NamespaceMode::Container.into(),
            ipc: NamespaceMode::Pod.into(),
            ..Default::default()
        };
        cri::PodSandboxConfig {
            metadata: Some(cri::PodSandboxMetadata {
                name: name.into(),
                uid: format!("uid-{name}"),
                namespace: "default".into(),
                attempt: 0,
            }),
            hostname: name.into(),
            log_directory: self.logs.to_string_lossy().into_owned(),
            dns_config: Some(cri::DnsConfig { servers: vec!["10.96.0.10".into()], ..Default::default() }),
            linux: Some(cri::LinuxPodSandboxConfig {
                cgroup_parent: format!("{}/pod-{name}", self.cgroup_path),
                security_context: Some(cri::LinuxSandboxSecurityContext {
                    namespace_options: Some(options),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    pub(crate) async fn run_sandbox(&mut self, config: &cri::PodSandboxConfig) -> String {
        let request =
            cri::RunPodSandboxRequest { config: Some(config.clone()), runtime_handler: String::new() };
        self.clients.runtime.run_pod_sandbox(request).await.expect("sandbox").into_inner().pod_sandbox_id
    }

    pub(crate) async fn create(
        &mut self,
        sandbox: &str,
        config: &cri::PodSandboxConfig,
        wanted: &Wanted<'_>,
    ) -> Result<String, tonic::Status> {
        let options =
            config.linux.as_ref().and_then(|linux| linux.security_context.clone()?.namespace_options);
        let mut container = cri::ContainerConfig {
            metadata: Some(cri::ContainerMetadata { name: wanted.name.into(), attempt: 0 }),
            image: Some(cri::ImageSpec { image: crate::image::NAME.into(), ..Default::default() }),
            command: wanted.command.iter().map(|one| (*one).to_owned()).collect(),
            log_path: format!("{}.log", wanted.name),
            linux: Some(cri::LinuxContainerConfig {
                security_context: Some(cri::LinuxContainerSecurityContext {
                    namespace_options: options,
                    seccomp: Some(cri::SecurityProfile::default()),
                    masked_paths: vec!["/proc/kcore".into(), "/proc/acpi".into(), "/proc/keys".into()],
                    readonly_paths: vec!["/proc/sys".into(), "/proc/irq".into()],
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        };
        (wanted.change)(&mut container);
        let request = cri::CreateContainerRequest {
            pod_sandbox_id: sandbox.into(),
            config: Some(container),
            sandbox_config: Some(config.clone()),
        };
        Ok(self.clients.runtime.create_container(request).await?.into_inner().container_id)
    }

    pub(crate) async fn start(&mut self, id: &str) -> Result<(), tonic::Status> {
        self.clients
            .runtime
            .start_container(cri::StartContainerRequest { container_id: id.into() })
            .await
            .map(drop)
    }

    /// Creates and starts a container.
    pub(crate) async fn run(
        &mut self,
        sandbox: &str,
        config: &cri::PodSandboxConfig,
        wanted: &Wanted<'_>,
    ) -> String {
        let id = self.create(sandbox, config, wanted).await.expect("created");
        self.start(&id).await.expect("started");
        id
    }

    pub(crate) async fn status(&mut self, id: &str) -> cri::ContainerStatus {
        let request = cri::ContainerStatusRequest { container_id: id.into(), verbose: false };
        let response = self.clients.runtime.container_status(request).await.expect("status").into_inner();
        response.status.expect("status")
    }

    /// The status once the container has ended.
    pub(crate) async fn await_exit(&mut self, id: &str) -> cri::ContainerStatus {
        await_some("the container's end", async || {
            let status = self.status(id).await;
            (status.state() == cri::ContainerState::ContainerExited).then_some(status)
        })
        .await
    }

    /// Runs a container to its end; gives its status and its output, without the log's marks.
    pub(crate) async fn output(
        &mut self,
        sandbox: &str,
        config: &cri::PodSandboxConfig,
        wanted: &Wanted<'_>,
    ) -> (cri::ContainerStatus, String) {
        let id = self.run(sandbox, config, wanted).await;
        let status = self.await_exit(&id).await;
        (status, self.log(wanted.name))
    }

    pub(crate) fn log(&self, name: &str) -> String {
        text_of(&self.logs.join(format!("{name}.log")))
    }

    pub(crate) async fn exec(&mut self, id: &str, command: &[&str]) -> (String, i32) {
        let request = cri::ExecSyncRequest {
            container_id: id.into(),
            cmd: command.iter().map(|one| (*one).to_owned()).collect(),
            timeout: 20,
        };
        let response = self.clients.runtime.exec_sync(request).await.expect("exec").into_inner();
        let output = [response.stdout, response.stderr].concat();
        (String::from_utf8_lossy(&output).into_owned(), response.exit_code)
    }

    pub(crate) async fn stop_and_remove(&mut self, sandbox: &str) {
        for _ in 0..2 {
            let stop = cri::StopPodSandboxRequest { pod_sandbox_id: sandbox.into() };
            self.clients.runtime.stop_pod_sandbox(stop).await.expect("stopped");
        }
        for _ in 0..2 {
            let remove = cri::RemovePodSandboxRequest { pod_sandbox_id: sandbox.into() };
            self.clients.runtime.remove_pod_sandbox(remove).await.expect("removed");
        }
    }
}

/// The lines of a log in CRI's format.
fn text_of(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("log");
    let mut out = String::new();
    for line in text.lines() {
        let mut fields = line.splitn(4, ' ');
        let stamp = fields.next().expect("time");
        assert!(stamp.ends_with('Z') && stamp.len() == 30, "{line}");
        assert!(matches!(fields.next(), Some("stdout" | "stderr")), "{line}");
        let tag = fields.next();
        out.push_str(fields.next().expect("text"));
        if tag == Some("F") {
            out.push('\n');
        }
    }
    out
}

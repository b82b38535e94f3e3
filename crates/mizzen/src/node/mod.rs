//! A node's process: runtime, kubelet, proxy, DNS and routes, inside the node's namespaces and control group.

mod images;
pub(crate) mod routes;

use std::net::IpAddr;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use mizzen_client::Client;
use mizzen_clock::Env;
use mizzen_kernel::namespace::{self, Namespaces};
use mizzen_runtime::images::{Images, RegistryConfig};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::info;

use crate::cluster::layout::{Layout, private_folder};
use crate::cluster::network;
use crate::cluster::process::executable;
use crate::cluster::settings::{DNS_ADDRESS, Node, POD_CIDR, Settings};
use crate::control::supervise::supervise;
use crate::control::{logging_and_name, registry, run_until_signal};

/// Where the node's DNS listens; the Service's port 53 leads there.
const DNS_PORT: u16 = 53;

/// When pods are evicted. The disk is the machine's, shared with everything else on it: that it is nearly full is no
/// reason to end pods, which would free little of it.
const EVICTION_HARD: &[(&str, &str)] =
    &[("memory.available", "100Mi"), ("nodefs.available", "0%"), ("imagefs.available", "0%")];

/// Arguments of a node's process.
#[derive(Args, Debug)]
pub(crate) struct NodeArgs {
    #[arg(long)]
    name: String,
    #[arg(long)]
    data_dir: PathBuf,
    #[arg(long)]
    node: String,
}

/// Runs a node until it is told to stop.
pub(crate) fn run(args: &NodeArgs) -> Result<()> {
    let layout = Layout::new(&args.name, Some(&args.data_dir));
    let settings = layout.settings()?.context("the cluster has no settings")?;
    let node = settings.nodes().into_iter().find(|node| node.name == args.node);
    let node = node.with_context(|| format!("the cluster has no node {:?}", args.node))?;
    enter(&layout, &node)?;
    logging_and_name("mizzen-node")?;
    run_until_signal(2, |cancel| serve(layout, settings, node, cancel))
}

/// Moves this process, which must have no other thread yet, to where the node lives.
fn enter(layout: &Layout, node: &Node) -> Result<()> {
    network::ensure_single_threaded()?;
    let system = format!("{}/system", network::node_cgroup(layout.name(), &node.name));
    network::enter_cgroup(&system)?;
    let anchor = network::node(layout, &node.name)?;
    // The mount namespace last: after it, /proc and /sys/fs/cgroup are the node's own view of the same.
    for (name, kind) in [("net", Namespaces::NET), ("uts", Namespaces::UTS), ("mnt", Namespaces::MOUNT)] {
        let handle = namespace::open(anchor.pid, name)?;
        namespace::join(handle.as_fd(), kind)
            .with_context(|| format!("enter the node's {name} namespace"))?;
    }
    namespace::set_host_name(&node.name)?;
    Ok(())
}

/// The folders of a node.
struct Folders {
    root: PathBuf,
}

impl Folders {
    fn of(layout: &Layout, node: &Node) -> Result<Self> {
        let root = layout.node(&node.name);
        for folder in ["runtime", "cni/conf", "cni/bin", "cni/cache", "kubelet", "pods"] {
            private_folder(&root.join(folder))?;
        }
        Ok(Self { root })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The node's resolver: the relay on the LAN.
    fn resolv_conf(&self, relay: IpAddr) -> Result<PathBuf> {
        let path = self.path("resolv.conf");
        std::fs::write(&path, format!("nameserver {relay}\n")).context("write the node's resolv.conf")?;
        Ok(path)
    }

    /// Network plugins: this same executable under their names.
    fn plugins(&self) -> Result<PathBuf> {
        let (folder, own) = (self.path("cni/bin"), executable()?);
        for name in mizzen_cni::NAMES {
            let (link, new) = (folder.join(name), folder.join(format!(".{name}")));
            match std::fs::remove_file(&new) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)?,
                _ => {}
            }
            std::os::unix::fs::symlink(&own, &new)
                .and_then(|()| std::fs::rename(&new, &link))
                .with_context(|| format!("link {}", link.display()))?;
        }
        Ok(folder)
    }
}

async fn serve(layout: Layout, settings: Settings, node: Node, cancel: CancellationToken) -> Result<()> {
    let env = Env::system();
    let folders = Folders::of(&layout, &node)?;
    let images = Images::open(
        &folders.path("runtime/images"),
        RegistryConfig {
            proxy: format!("unix://{}", layout.run(registry::SOCKET).display()),
            insecure: Vec::new(),
        },
    )?;
    let tasks = TaskTracker::new();
    let socket = layout.run(&format!("{}.cri", node.name));
    spawn_runtime(&tasks, &layout, &node, &folders, &images, &socket, &env, &cancel)?;
    let loader = images::serve(&layout.run(&format!("{}.images", node.name)), images)?;
    tasks.spawn(loader(cancel.clone()));
    spawn_kubelet(&tasks, &layout, &settings, &node, &folders, &socket, &env, &cancel).await?;
    spawn_network(&tasks, &layout, &settings, &node, &env, &cancel).await?;
    info!(node = node.name, "The node runs.");
    cancel.cancelled().await;
    tasks.close();
    tasks.wait().await;
    Ok(())
}

#[allow(clippy::too_many_arguments)] // Everything that a part is made of, once.
fn spawn_runtime(
    tasks: &TaskTracker,
    layout: &Layout,
    node: &Node,
    folders: &Folders,
    images: &Images,
    socket: &Path,
    env: &Env,
    cancel: &CancellationToken,
) -> Result<()> {
    let state = layout.run(&node.name);
    private_folder(&state)?;
    let config = mizzen_runtime::Config {
        root: folders.path("runtime"),
        state,
        socket: socket.to_owned(),
        cni_config_dir: folders.path("cni/conf"),
        cni_bin_dirs: vec![folders.plugins()?],
        cni_cache_dir: folders.path("cni/cache"),
        mtu: None,
        images: Some(images.clone()),
        cgroup_parent: network::node_cgroup(layout.name(), &node.name),
        apparmor_profile: network::apparmor_profile(layout.name()),
        ..mizzen_runtime::Config::default()
    };
    let env = env.clone();
    let run = move |cancel| mizzen_runtime::run(config.clone(), env.clone(), cancel);
    tasks.spawn(supervise("runtime", cancel.clone(), run));
    Ok(())
}

#[allow(clippy::too_many_arguments)] // Everything that a part is made of, once.
async fn spawn_kubelet(
    tasks: &TaskTracker,
    layout: &Layout,
    settings: &Settings,
    node: &Node,
    folders: &Folders,
    socket: &Path,
    env: &Env,
    cancel: &CancellationToken,
) -> Result<()> {
    let read = |file: String| {
        let path = layout.pki(&file);
        std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
    };
    let address = IpAddr::V4(node.address);
    let config = mizzen_kubelet::Config {
        node_ips: vec![address],
        root_dir: folders.path("kubelet"),
        pod_logs_dir: folders.path("pods"),
        cluster_dns: vec![DNS_ADDRESS.into()],
        resolv_conf: folders.resolv_conf(settings.lan_address().into())?,
        cgroup_root: network::node_cgroup(layout.name(), &node.name),
        address,
        serving_cert: Some(mizzen_kubelet::ServingCert {
            cert_pem: read(format!("kubelet-{}.crt", node.name))?,
            key_pem: read(format!("kubelet-{}.key", node.name))?,
        }),
        client_ca_pem: Some(read("ca.crt".to_owned())?),
        eviction_hard: EVICTION_HARD
            .iter()
            .map(|(signal, least)| ((*signal).to_owned(), (*least).to_owned()))
            .collect(),
        ..mizzen_kubelet::Config::new(&node.name, socket.to_string_lossy())
    };
    let client = Client::from_kubeconfig(&layout.kubeconfig(&format!("kubelet-{}", node.name))).await?;
    let env = env.clone();
    let run = move |cancel| mizzen_kubelet::run(config.clone(), client.clone(), env.clone(), cancel);
    tasks.spawn(supervise("kubelet", cancel.clone(), run));
    Ok(())
}

/// Services, names, and routes to other nodes.
async fn spawn_network(
    tasks: &TaskTracker,
    layout: &Layout,
    settings: &Settings,
    node: &Node,
    env: &Env,
    cancel: &CancellationToken,
) -> Result<()> {
    let client = Client::from_kubeconfig(&layout.kubeconfig("proxy")).await?;
    let config = mizzen_proxy::Config {
        node_name: node.name.clone(),
        cluster_cidrs: vec![POD_CIDR.parse().context("the pods' range")?],
        health_bind: IpAddr::V4(node.address),
        ..mizzen_proxy::Config::default()
    };
    let (own, env_of) = (client.clone(), env.clone());
    let proxy = move |cancel| mizzen_proxy::run(config.clone(), own.clone(), env_of.clone(), cancel);
    tasks.spawn(supervise("proxy", cancel.clone(), proxy));
    let (name, env_of) = (node.name.clone(), env.clone());
    let routes = move |cancel| {
        routes::run(Some(name.clone()), network::UPLINK, client.clone(), env_of.clone(), cancel)
    };
    tasks.spawn(supervise("routes", cancel.clone(), routes));
    let config = mizzen_dns::Config {
        address: (node.address, DNS_PORT).into(),
        domain: "cluster.local".to_owned(),
        service_address: DNS_ADDRESS.into(),
        upstreams: vec![(settings.lan_address(), DNS_PORT).into()],
        node: node.name.clone(),
    };
    let client = Client::from_kubeconfig(&layout.kubeconfig("dns")).await?;
    let env = env.clone();
    let dns = move |cancel| {
        let metrics = mizzen_dns::Metrics::default();
        mizzen_dns::run(config.clone(), client.clone(), env.clone(), metrics, cancel)
    };
    tasks.spawn(supervise("dns", cancel.clone(), dns));
    Ok(())
}

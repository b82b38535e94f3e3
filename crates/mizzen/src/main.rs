//! The binary: `mizzen up` and `down`, every component as a subcommand, and the CNI plugins under their own names.
//!
//! [`cluster`] is what `up` makes, [`control`] the control plane's process, [`node`] a node's, [`commands`] the
//! subcommands. The control plane's process starts the nodes' processes and watches over them; shims and anchors are
//! nobody's children for long, so that everything else can go and come back.

mod cluster;
mod commands;
mod control;
mod logging;
mod node;
mod progress;
mod ready;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "mizzen", version, about = "Kubernetes in one binary", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant)] // There is one, for as long as the process.
enum Command {
    /// Start a cluster on this machine, or what is missing of it
    Up(commands::up::UpArgs),
    /// Take a cluster down; nothing of it stays
    Down(commands::down::DownArgs),
    /// Show what runs and what it uses
    Status(commands::status::StatusArgs),
    /// Images of the nodes
    Image(commands::image::ImageArgs),
    /// The API server alone
    Apiserver(commands::apiserver::ApiserverArgs),
    /// The scheduler alone
    Scheduler(commands::scheduler::SchedulerArgs),
    /// The controllers alone
    ControllerManager(commands::controller_manager::ControllerManagerArgs),
    /// The kubelet alone
    Kubelet(commands::kubelet::KubeletArgs),
    /// The service proxy alone
    Proxy(commands::proxy::ProxyArgs),
    /// The cluster's DNS alone
    Dns(commands::dns::DnsArgs),
    /// The control plane of a cluster that `mizzen up` made
    #[command(hide = true)]
    ControlPlane(control::ControlPlaneArgs),
    /// A node of a cluster that `mizzen up` made
    #[command(hide = true)]
    Node(node::NodeArgs),
}

fn main() -> ExitCode {
    // Network plugins are this same file under other names.
    let called = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&called).file_name().unwrap_or_default().to_string_lossy().into_owned();
    if let Some(code) = mizzen_cni::plugin_main(&name) {
        return ExitCode::from(u8::try_from(code).unwrap_or(1));
    }
    let result = match Arguments::parse().command {
        Command::Up(args) => commands::up::run(&args),
        Command::Down(args) => commands::down::run(&args),
        Command::Status(args) => commands::status::run(&args),
        Command::Image(args) => commands::image::run(&args),
        Command::Apiserver(args) => commands::apiserver::run(args),
        Command::Scheduler(args) => commands::scheduler::run(args),
        Command::ControllerManager(args) => commands::controller_manager::run(args),
        Command::Kubelet(args) => commands::kubelet::run(args),
        Command::Proxy(args) => commands::proxy::run(args),
        Command::Dns(args) => commands::dns::run(args),
        Command::ControlPlane(args) => control::run(&args),
        Command::Node(args) => node::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mizzen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

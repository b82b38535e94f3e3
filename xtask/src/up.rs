//! `cargo xtask up`: from a fresh machine to an application that answers.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mizzen_testkit::{eventually_within, run as quiet};

use crate::images::{self, registry::Registry};
use crate::setup::{self, For};
use crate::shell::{cargo, show, target};

/// Where the guestbook answers on 127.0.0.1, and its node port.
const PUBLISHED: (u16, u16) = (8080, 30080);
const ENTRY: &str = "Hello from the first visitor";

/// Runs in PostgreSQL's container: writes, and reads back, as a client of the Service.
const ASK_POSTGRES: &str = r#"PGPASSWORD="$POSTGRES_PASSWORD" psql -h postgres -U postgres -q -At \
    -c 'create table if not exists greeting (words text); truncate greeting' \
    -c "insert into greeting values ('Hello from ' || split_part(version(), ' (', 1))" \
    -c 'select words from greeting'"#;

/// Installs, builds, starts, deploys, and shows.
pub(crate) fn run() -> Result<()> {
    setup::run(&setup::Options { what: vec![For::Build, For::Demo] })?;
    show(&mut cargo(&["build", "--release", "--package", "mizzen"]))?;
    let archives = images::make(false)?;
    let registry = Registry::start()?;
    for (name, archive) in &archives {
        registry.push(archive, name)?;
    }
    let mizzen = target().join("release/mizzen");
    let publish = format!("{}:{}", PUBLISHED.0, PUBLISHED.1);
    show(Command::new(&mizzen).args(["up", "--publish", &publish]))?;
    let kubectl = |args: &[&str]| show(Command::new("kubectl").args(["--context", "mizzen"]).args(args));
    kubectl(&["apply", "-f", "examples/guestbook.yaml"])?;
    for deployment in ["redis", "guestbook", "web"] {
        kubectl(&["rollout", "status", &format!("deployment/{deployment}"), "--timeout=180s"])?;
    }
    kubectl(&["get", "pods,services", "-o", "wide"])?;
    let address = format!("http://127.0.0.1:{}/", PUBLISHED.0);
    let entry = format!("entry={}", ENTRY.replace(' ', "+"));
    eventually_within(Duration::from_secs(60), "the guestbook takes an entry", || {
        quiet(Command::new("curl").args(["-fsS", "-m", "10", "-d", &entry, &address]))
    })?;
    let entries = quiet(Command::new("curl").args(["-fsS", "-m", "10", &format!("{address}entries")]))?;
    ensure!(entries.contains(ENTRY), "the guestbook forgot its entry: {entries}");
    println!(
        "\nThe guestbook answers on {address} and keeps its entries in Redis. It was told:\n  {}",
        entries.trim()
    );
    kubectl(&["apply", "-f", "examples/postgres.yaml"])?;
    kubectl(&["rollout", "status", "deployment/postgres", "--timeout=180s"])?;
    let ask = ["--context", "mizzen", "exec", "deployment/postgres", "--", "sh", "-c", ASK_POSTGRES];
    let greeting = quiet(Command::new("kubectl").args(ask))?;
    println!("\nPostgreSQL, asked through its Service's name, says:\n  {}", greeting.trim());
    println!(
        "\nTry next:\n  kubectl get pods -o wide\n  kubectl logs deployment/guestbook\n  \
         kubectl exec deployment/redis -- redis-cli lrange guestbook 0 -1\n  \
         kubectl exec -it deployment/postgres -- psql -U postgres\n  \
         kubectl set image deployment/guestbook app=localhost:5000/guestbook:2\n  \
         {mizzen} status\n  {mizzen} down",
        mizzen = mizzen.strip_prefix(mizzen_testkit::root()).unwrap_or(&mizzen).display()
    );
    // Second edition and all: the node has every image it may be asked for once the registry is gone.
    for (name, archive) in &archives {
        quiet(Command::new(&mizzen).args(["image", "load"]).arg(archive)).with_context(|| name.clone())?;
    }
    Ok(())
}

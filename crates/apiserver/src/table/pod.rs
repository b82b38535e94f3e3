//! Pods.

use jiff::Timestamp;
use mizzen_schema::builtin;
use mizzen_schema::table::TypeRef;
use mizzen_schema::text;
use mizzen_schema::value::{Struct, Value};

use super::cell::{Row, human};
use super::{AGE, NAME, Printer, text as column, wide};

pub(super) static POD: Printer = Printer {
    columns: &[
        NAME,
        column("Ready", "How many containers are ready, of how many."),
        column("Status", "The phase of the pod, or what keeps it from the next one."),
        column("Restarts", "How often containers were restarted, and when last."),
        AGE,
        wide("IP", "The pod's first address."),
        wide("Node", "The node that the pod is bound to."),
        wide("Nominated Node", "The node that waits for others to leave for this pod."),
        wide("Readiness Gates", "How many readiness gates hold, of how many."),
    ],
    cells,
};

fn cells(row: &Row<'_>) -> Vec<Value> {
    let state = State::of(row);
    let restarts = match state.last_restart {
        Some(time) if state.restarts > 0 => {
            format!("{} ({} ago)", state.restarts, human(row.now.as_second() - time.as_second()))
        }
        _ => state.restarts.to_string(),
    };
    let ip = row.items(&["status", "podIPs"]).first().and_then(|ip| ip.str_at(&["ip"]));
    vec![
        row.name(),
        Value::string(format!("{}/{}", state.ready, state.total)),
        Value::string(state.reason),
        Value::string(restarts),
        row.age(),
        Value::string(ip.unwrap_or("<none>")),
        row.text_or(&["spec", "nodeName"], "<none>"),
        row.text_or(&["status", "nominatedNodeName"], "<none>"),
        Value::string(gates(row)),
    ]
}

fn gates(row: &Row<'_>) -> String {
    let gates = row.items(&["spec", "readinessGates"]);
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let holds = |gate: &&Value| gate.str_at(&["conditionType"]).is_some_and(|ty| row.has_condition(ty));
    format!("{}/{}", gates.iter().filter(holds).count(), gates.len())
}

/// What a pod's containers make of it.
struct State {
    ready: usize,
    total: usize,
    restarts: i64,
    last_restart: Option<Timestamp>,
    reason: String,
}

fn last_termination(status: &Value) -> Option<Timestamp> {
    status.str_at(&["lastState", "terminated", "finishedAt"]).and_then(text::parse_time)
}

/// `Signal:9`, `ExitCode:1`, or the reason that was given.
fn terminated(state: &Value) -> String {
    let number = |name: &str| state.get(name).and_then(Value::as_i64).unwrap_or_default();
    match (state.str_at(&["reason"]).unwrap_or_default(), number("signal")) {
        ("", 0) => format!("ExitCode:{}", number("exitCode")),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

impl State {
    fn of(row: &Row<'_>) -> Self {
        let sidecars: Vec<&str> = row
            .items(&["spec", "initContainers"])
            .iter()
            .filter(|container| container.str_at(&["restartPolicy"]) == Some("Always"))
            .filter_map(|container| container.str_at(&["name"]))
            .collect();
        let status_reason = row.str(&["status", "reason"]);
        let reason = if status_reason.is_empty() { row.str(&["status", "phase"]) } else { status_reason };
        let gated = row.condition("PodScheduled").and_then(|condition| condition.str_at(&["reason"]));
        let mut state = Self {
            ready: 0,
            total: row.items(&["spec", "containers"]).len() + sidecars.len(),
            restarts: 0,
            last_restart: None,
            reason: if gated == Some("SchedulingGated") { "SchedulingGated" } else { reason }.to_owned(),
        };
        let initializing = state.initialize(row, &sidecars);
        if !initializing || row.has_condition("Initialized") {
            state.run(row, &sidecars);
        }
        let terminal = matches!(row.str(&["status", "phase"]), "Succeeded" | "Failed");
        if row.is_deleted() && status_reason == "NodeLost" {
            state.reason = "Unknown".to_owned();
        } else if row.is_deleted() && !terminal {
            state.reason = "Terminating".to_owned();
        }
        state
    }

    fn count(&mut self, status: &Value) {
        self.restarts += status.get("restartCount").and_then(Value::as_i64).unwrap_or_default();
        self.last_restart = self.last_restart.max(last_termination(status));
    }

    /// Init containers; whether one of them is still to be waited for.
    fn initialize(&mut self, row: &Row<'_>, sidecars: &[&str]) -> bool {
        let statuses = row.items(&["status", "initContainerStatuses"]);
        let mut waits = false;
        for (index, status) in statuses.iter().enumerate() {
            self.count(status);
            if waits {
                continue;
            }
            let done = status.path(&["state", "terminated"]);
            let sidecar = status.str_at(&["name"]).is_some_and(|name| sidecars.contains(&name));
            let flag = |name: &str| status.get(name).and_then(Value::as_bool) == Some(true);
            let waiting = status.str_at(&["state", "waiting", "reason"]).unwrap_or_default();
            if done.is_some_and(|done| done.get("exitCode").and_then(Value::as_i64).unwrap_or_default() == 0)
            {
                continue;
            }
            if sidecar && flag("started") {
                self.ready += usize::from(flag("ready"));
                continue;
            }
            self.reason = match (done, waiting) {
                (Some(done), _) => format!("Init:{}", terminated(done)),
                (None, "" | "PodInitializing") => {
                    format!("Init:{index}/{}", row.items(&["spec", "initContainers"]).len())
                }
                (None, waiting) => format!("Init:{waiting}"),
            };
            waits = true;
        }
        waits
    }

    /// Containers proper. What init containers that end did before no longer counts.
    fn run(&mut self, row: &Row<'_>, sidecars: &[&str]) {
        self.restarts = 0;
        self.last_restart = None;
        for status in row.items(&["status", "initContainerStatuses"]) {
            if status.str_at(&["name"]).is_some_and(|name| sidecars.contains(&name)) {
                self.count(status);
            }
        }
        let (mut runs, mut failed) = (false, None);
        for status in row.items(&["status", "containerStatuses"]).iter().rev() {
            self.count(status);
            let waiting = status.str_at(&["state", "waiting", "reason"]).unwrap_or_default();
            let done = status.path(&["state", "terminated"]);
            let ready = status.get("ready").and_then(Value::as_bool) == Some(true);
            match (waiting, done) {
                ("", Some(done)) => {
                    self.reason = terminated(done);
                    if done.get("exitCode").and_then(Value::as_i64).unwrap_or_default() != 0 {
                        failed = Some(self.reason.clone());
                    }
                }
                ("", None) => {
                    let running = ready && status.path(&["state", "running"]).is_some();
                    runs |= running;
                    self.ready += usize::from(running);
                }
                (waiting, _) => self.reason = waiting.to_owned(),
            }
        }
        // One that has completed does not speak for those that run.
        if self.reason == "Completed" {
            match (runs, row.has_condition("Ready"), failed) {
                (true, true, _) => self.reason = "Running".to_owned(),
                (_, _, Some(failed)) => self.reason = failed,
                (true, false, None) => self.reason = "NotReady".to_owned(),
                (false, _, None) => {}
            }
        }
    }
}

/// The row of a pod that has run to its end says so.
pub(super) fn conditions(object: &Value) -> Value {
    let (reason, message) = match object.str_at(&["status", "phase"]) {
        Some("Succeeded") => ("Succeeded", "The pod has completed successfully."),
        Some("Failed") => ("Failed", "The pod failed."),
        _ => return Value::List(Vec::new()),
    };
    let ty = builtin::by_name("io.k8s.apimachinery.pkg.apis.meta.v1.TableRowCondition");
    let mut condition =
        Struct::new(TypeRef::Static(ty.expect("the types of tables are in the table of types")));
    condition.set("type", Value::string("Completed"));
    condition.set("status", Value::string("True"));
    condition.set("reason", Value::string(reason));
    condition.set("message", Value::string(message));
    Value::List(vec![Value::Struct(condition)])
}

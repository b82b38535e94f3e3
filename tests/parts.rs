//! Components alone: each finds the API server through a kubeconfig, takes the flags and files of its Kubernetes
//! counterpart, and says how it is to those who may ask.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually, free_port, mizzen, run};

use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::Memory, "parts_scheduler_alone", scheduler),
        test(Group::Memory, "parts_controllers_alone", controllers),
        test(Group::Memory, "parts_refuse_what_they_do_not_know", refusals),
        test(Group::Memory, "parts_secrets_hold_tokens", tokens),
    ]
}

/// A component that ends with this.
struct Part {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Drop for Part {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Part {
    /// Starts a subcommand with a secure port on loopback; `name` is its log's.
    fn start(cluster: &Cluster, name: &str, part: &str, flags: &[&str]) -> Result<Self> {
        let (port, kubeconfig) = (free_port()?, cluster.kubeconfig());
        let log = cluster.data_dir().join(format!("{name}.log"));
        let mut command = Command::new(mizzen()?);
        command.arg(part).args(flags).args([
            "--bind-address",
            "127.0.0.1",
            "--secure-port",
            &port.to_string(),
        ]);
        for flag in ["--kubeconfig", "--authentication-kubeconfig", "--authorization-kubeconfig"] {
            command.arg(flag).arg(&kubeconfig);
        }
        let file = fs::File::create(&log).with_context(|| log.display().to_string())?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file).spawn()?;
        let part = Self { child, port, log };
        eventually(&format!("{name} is healthy"), || {
            let told = || fs::read_to_string(&part.log).unwrap_or_default();
            ensure!(part.get("/healthz", "").with_context(told)? == "200 ok", "it is not");
            Ok(())
        })?;
        Ok(part)
    }

    /// Code and body of an answer.
    fn get(&self, path: &str, token: &str) -> Result<String> {
        let url = format!("https://127.0.0.1:{}{path}", self.port);
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--insecure", "--max-time", "10", "--write-out", "\n%{http_code}", &url]);
        if !token.is_empty() {
            curl.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        let answer = run(&mut curl)?;
        let (body, code) = answer.trim_end().rsplit_once('\n').context("a code after the body")?;
        Ok(format!("{code} {body}"))
    }

    /// Asks it to stop, and waits until it has.
    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        if let Err(error) = run(Command::new("kill").args(["-TERM", &pid])) {
            eprintln!("kill {pid}: {error:#}");
        }
        if let Err(error) = self.child.wait() {
            eprintln!("wait for {pid}: {error}");
        }
    }
}

/// A token of an account that may read metrics.
fn monitor(kubectl: &Kubectl, namespace: &str) -> Result<String> {
    kubectl.run(&["create", "serviceaccount", "monitor"])?;
    let account = format!("--serviceaccount={namespace}:monitor");
    kubectl.run(&["create", "clusterrolebinding", namespace, "--clusterrole=system:monitoring", &account])?;
    Ok(kubectl.run(&["create", "token", "monitor"])?.trim().to_owned())
}

fn namespace_of(kubectl: &Kubectl) -> Result<String> {
    kubectl.path(&["serviceaccount", "default"], "{.metadata.namespace}")
}

const PACKER: &str = "
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- schedulerName: packer
  plugins:
    score: {disabled: [{name: '*'}], enabled: [{name: NodeResourcesFit}]}
  pluginConfig:
  - name: NodeResourcesFit
    args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}
";

fn node(name: &str, cpu: u32) -> String {
    format!(
        "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nstatus:\n  \
         allocatable: {{cpu: '{cpu}', memory: 8Gi, pods: '10'}}\n  conditions: [{{type: Ready, status: 'True'}}]\n"
    )
}

fn pod(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  schedulerName: packer\n  \
         tolerations: [{{operator: Exists}}]\n  containers:\n  - {{name: a, image: a, resources: {{requests: {{cpu: '1'}}}}}}\n"
    )
}

fn scheduler(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let namespace = namespace_of(kubectl)?;
    let config = cluster.data_dir().join("packer.yaml");
    fs::write(&config, PACKER)?;
    let config = config.display().to_string();
    let flags = ["--config", &config, "--leader-elect-resource-namespace", &namespace];
    let mut first = Part::start(cluster, "packer-1", "scheduler", &flags)?;
    let holder = || kubectl.path(&["lease", "kube-scheduler"], "{.spec.holderIdentity}");
    let leader = eventually("a leader", || {
        let holder = holder()?;
        ensure!(!holder.is_empty(), "nobody leads");
        Ok(holder)
    })?;
    // The smaller node is the one that the pod fills more.
    let (large, small) = (format!("{namespace}-large"), format!("{namespace}-small"));
    kubectl.apply(&node(&large, 8))?;
    kubectl.apply(&node(&small, 2))?;
    kubectl.apply(&pod("one"))?;
    let bound = |pod: &str| {
        eventually(&format!("pod {pod} is on the smaller node"), || {
            let node = kubectl.path(&["pod", pod], "{.spec.nodeName}")?;
            ensure!(node == small, "it is on {node:?}");
            Ok(())
        })
    };
    bound("one")?;
    let refused = first.get("/metrics", "")?;
    ensure!(
        refused.contains(r#"forbidden: User \"system:anonymous\" cannot get path \"/metrics\""#),
        "{refused}"
    );
    let unknown = first.get("/metrics", "nonsense")?;
    ensure!(unknown.starts_with("401 "), "{unknown}");
    let metrics = first.get("/metrics", &monitor(kubectl, &namespace)?)?;
    let line = r#"scheduler_schedule_attempts_total{profile="packer",result="scheduled"} 1"#;
    ensure!(metrics.contains(line), "{metrics}");
    // The second one works as soon as the first has let go.
    let second = Part::start(cluster, "packer-2", "scheduler", &flags)?;
    ensure!(holder()? == leader, "a second leader");
    first.stop();
    kubectl.apply(&pod("two"))?;
    bound("two")?;
    ensure!(holder()? != leader, "still the first");
    ensure!(second.get("/readyz?verbose", "")?.ends_with("readyz check passed"));
    kubectl.run(&["delete", "node", &large, &small])?;
    Ok(())
}

fn controllers(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let namespace = namespace_of(kubectl)?;
    let flags = [
        "--use-service-account-credentials",
        "--leader-elect-resource-namespace",
        &namespace,
        "--controllers=*,-garbage-collector-controller",
        "--concurrent-deployment-syncs=2",
    ];
    let part = Part::start(cluster, "controllers", "controller-manager", &flags)?;
    let token = monitor(kubectl, &namespace)?;
    eventually("the controllers count", || {
        let metrics = part.get("/metrics", &token)?;
        ensure!(metrics.contains(r#"workqueue_depth{name="deployment"}"#), "{metrics}");
        ensure!(metrics.contains(r#"leader_election_master_status{name="kube-controller-manager"} 1"#));
        Ok(())
    })?;
    ensure!(kubectl.path(&["lease", "kube-controller-manager"], "{.spec.leaseDurationSeconds}")? == "15");
    // Each acts as an account of its own, which the first request makes.
    kubectl.run(&["create", "deployment", "web", "--image=a"])?;
    eventually("the Deployment has a ReplicaSet", || {
        ensure!(!kubectl.run(&["get", "replicasets", "-o", "name"])?.is_empty());
        Ok(())
    })?;
    Ok(())
}

fn refusals(cluster: &Cluster, _: &Kubectl) -> Result<()> {
    let kubeconfig = cluster.kubeconfig().display().to_string();
    let check = |part: &str, file: &str, flags: &[&str], expect: &str| {
        let config = cluster.data_dir().join("refused.yaml");
        fs::write(&config, file)?;
        let mut command = Command::new(mizzen()?);
        command.args([part, "--kubeconfig", &kubeconfig]).args(flags);
        if !file.is_empty() {
            command.arg("--config").arg(&config);
        }
        let said = command.stdin(Stdio::null()).output()?;
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        ensure!(!said.status.success() && text.contains(expect), "{part} {flags:?}: {text}");
        Ok(())
    };
    let scheduler = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";
    check("scheduler", &format!("{scheduler}profile: []\n"), &[], "unknown field \"profile\"")?;
    let absent = "profiles: [{plugins: {filter: {enabled: [{name: VolumeBinding}]}}}]\n";
    check(
        "scheduler",
        &format!("{scheduler}{absent}"),
        &[],
        "plugin \"VolumeBinding\" is not available yet",
    )?;
    check("scheduler", "", &["--master=http://a"], "unexpected argument '--master'")?;
    check(
        "scheduler",
        "",
        &["--leader-elect-lease-duration=5s"],
        "LeaseDuration must be greater than RenewDeadline",
    )?;
    check(
        "controller-manager",
        "",
        &["--controllers=nonsense", "--leader-elect=false", "--secure-port=0"],
        "nonsense",
    )?;
    check("proxy", "", &["--proxy-mode=ipvs"], "the \"ipvs\" mode is not available yet")?;
    let proxy = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";
    check("proxy", &format!("{proxy}detectLocalMode: NodeCIDR\n"), &[], "detectLocalMode: ")?;
    let kubelet = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    check("kubelet", &format!("{kubelet}cpuManagerPolicy: static\n"), &[], "cpuManagerPolicy: \"static\"")?;
    check("kubelet", &format!("{kubelet}maxPod: 3\n"), &[], "unknown field \"maxPod\"")?;
    check("kubelet", "", &["--register-with-taints=a=b:Never"], "invalid taint effect: Never")
}

fn tokens(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let namespace = namespace_of(kubectl)?;
    kubectl.run(&["create", "serviceaccount", "robot"])?;
    kubectl.apply(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: robot\n  annotations: {kubernetes.io/service-account.name: robot}\n\
         type: kubernetes.io/service-account-token\n",
    )?;
    let token = eventually("the Secret has a token", || {
        let token =
            kubectl.run(&["get", "secret", "robot", "-o", "go-template={{.data.token | base64decode}}"])?;
        ensure!(token.split('.').count() == 3, "{token}");
        Ok(token)
    })?;
    let url =
        format!("https://127.0.0.1:{}/apis/authentication.k8s.io/v1/selfsubjectreviews", cluster.api_port());
    let review = r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#;
    let bearer = format!("Authorization: Bearer {}", token.trim());
    let said = run(Command::new("curl").args([
        "--silent",
        "--insecure",
        "--max-time",
        "10",
        "--header",
        &bearer,
        "--header",
        "Content-Type: application/json",
        "--data",
        review,
        &url,
    ]))?;
    ensure!(said.contains(&format!("system:serviceaccount:{namespace}:robot")), "{said}");
    kubectl.run(&["delete", "serviceaccount", "robot"])?;
    eventually("the Secret goes with its account", || {
        ensure!(!kubectl.say(&["get", "secret", "robot"], "")?.ok, "it is there");
        Ok(())
    })
}

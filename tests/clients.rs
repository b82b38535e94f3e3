//! Clients that others wrote, of several versions: kubectl, Helm, the Python client, kube-rs. Most need no node.
//!
//! `cargo xtask setup test` puts them below `target/clients`, and a build of the workspace makes what uses kube-rs;
//! what is not there is shown as ignored.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually, mizzen, root, run};

use crate::groups::{Group, on_both_stores, test};

/// The folders below `target/clients`, named after the level of the kubectl inside; Helm 3 and 4 lie beside them.
const LEVELS: [&str; 2] = ["v29", "v35"];

/// The parts of the session of kube-rs, and where each can be had.
const KUBE: [(&str, &[Group]); 4] = [
    ("objects", &[Group::Memory, Group::Etcd]),
    ("watches", &[Group::Memory, Group::Etcd]),
    ("custom", &[Group::Memory, Group::Etcd]),
    ("streams", &[Group::One]),
];

type Scenario = fn(&Cluster, &Kubectl) -> Result<()>;

const KUBECTL: [(&str, Scenario); 7] = [
    ("creates", creates),
    ("applies", applies),
    ("changes", changes),
    ("shows", shows),
    ("deletes", deletes),
    ("handles_nodes", handles_nodes),
    ("handles_access", handles_access),
];

pub(crate) fn tests() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (name, scenario) in KUBECTL {
        trials.extend(on_both_stores(&format!("memory_kubectl_{name}"), scenario));
        for level in LEVELS {
            let program = clients().join(level).join("kubectl/kubectl");
            let there = program.is_file();
            let body =
                move |cluster: &Cluster, kubectl: &Kubectl| scenario(cluster, &kubectl.program(&program));
            let trial = test(Group::Memory, format!("memory_kubectl_{level}_{name}"), body);
            trials.push(trial.with_ignored_flag(!there));
        }
    }
    for level in LEVELS {
        let program = clients().join(level).join("helm/helm");
        let there = program.is_file();
        let body = move |cluster: &Cluster, kubectl: &Kubectl| helm(&program, cluster, kubectl);
        let trial = test(Group::Memory, format!("memory_helm_{level}"), body);
        trials.push(trial.with_ignored_flag(!there));
    }
    let trial = test(Group::Memory, "memory_python_client", python);
    trials.push(trial.with_ignored_flag(!clients().join("python/bin/python").is_file()));
    trials.extend(
        KUBE.into_iter().flat_map(|(part, groups)| groups.iter().map(move |group| kube_rs(part, *group))),
    );
    trials
}

/// A part of the session of kube-rs, which is built with the product and lies beside it.
fn kube_rs(part: &'static str, group: Group) -> Trial {
    let session = || anyhow::Ok(mizzen()?.with_file_name("mizzen-testclient"));
    let body = move |cluster: &Cluster, kubectl: &Kubectl| {
        let mut command = Command::new(session()?);
        command.arg(part).arg(cluster.kubeconfig()).arg(namespace(kubectl)?);
        let said = run(&mut command)?;
        ensure!(said.trim() == "done", "{said}");
        Ok(())
    };
    let prefix = match group {
        Group::Memory => "memory",
        Group::Etcd => "etcd",
        Group::One | Group::Two => "stream",
    };
    let part = if prefix == "stream" { "client" } else { part };
    test(group, format!("{prefix}_kube_rs_{part}"), body)
        .with_ignored_flag(!session().is_ok_and(|program| program.is_file()))
}

/// Where `cargo xtask setup test` puts them.
fn clients() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("clients")
}

/// A command, in words parted by blanks, that succeeds and says `expect`, warnings included.
fn says(kubectl: &Kubectl, command: &str, input: &str, expect: &str) -> Result<()> {
    let said = kubectl.say(&command.split_whitespace().collect::<Vec<_>>(), input)?;
    let all = format!("{}{}", said.out, said.err);
    ensure!(said.ok && all.contains(expect), "kubectl {command}\nwanted {expect:?}, got:\n{all}");
    Ok(())
}

/// A command that is refused with these words.
fn refused(kubectl: &Kubectl, command: &str, input: &str, expect: &str) -> Result<()> {
    let said = kubectl.say(&command.split_whitespace().collect::<Vec<_>>(), input)?;
    let all = format!("{}{}", said.out, said.err);
    ensure!(!said.ok && all.contains(expect), "kubectl {command}\nwanted refusal {expect:?}, got:\n{all}");
    Ok(())
}

fn creates(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    for (command, expect) in [
        ("create deployment web --image=nginx:1 --replicas=2", "deployment.apps/web created"),
        ("create secret generic keys --from-literal=a=b", "secret/keys created"),
        ("create configmap settings --from-literal=a=b", "configmap/settings created"),
        ("create service clusterip web --tcp=80:80", "service/web created"),
        ("create service nodeport door --tcp=80:80", "service/door created"),
        ("create serviceaccount bob", "serviceaccount/bob created"),
        ("create token bob", "eyJ"),
        ("create quota limit --hard=pods=10", "resourcequota/limit created"),
        (
            "create poddisruptionbudget keep --min-available=1 --selector=app=web",
            "poddisruptionbudget.policy/keep",
        ),
        ("create role reader --verb=get --resource=pods", "role.rbac.authorization.k8s.io/reader created"),
        ("create ingress way --rule=example.com/bar=web:80", "ingress.networking.k8s.io/way created"),
        ("create job once --image=busybox", "job.batch/once created"),
        ("run lone --image=nginx", "pod/lone created"),
        ("expose pod lone --port=80", "service/lone exposed"),
        ("autoscale deployment web --min=1 --max=3", "horizontalpodautoscaler.autoscaling/web autoscaled"),
        (
            "create configmap dry --from-literal=a=b --dry-run=server",
            "configmap/dry created (server dry run)",
        ),
    ] {
        says(kubectl, command, "", expect)?;
    }
    refused(kubectl, "create configmap settings", "", "already exists")?;
    refused(kubectl, "get configmap dry", "", "not found")?;
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: text}\nstringData: {word: hello}\n";
    says(kubectl, "create -f -", secret, "secret/text created")?;
    let data = kubectl.path(&["secret", "text"], "{.data.word}{.stringData}")?;
    ensure!(data == "aGVsbG8=", "{data}");
    let patch = r#"{"stringData":{"word":"bye"}}"#;
    kubectl.run(&["patch", "secret", "text", "--type=merge", "--patch", patch])?;
    ensure!(kubectl.path(&["secret", "text"], "{.data.word}")? == "Ynll");
    kubectl.apply(&secret.replace("hello", "applied"))?;
    ensure!(kubectl.path(&["secret", "text"], "{.data.word}")? == "YXBwbGllZA==");
    Ok(())
}

const SETTINGS: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, labels: {set: a}}\ndata: {a: b}\n";

const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'nginx:1'}]}
";

fn applies(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    says(kubectl, "apply -f -", SETTINGS, "configmap/settings created")?;
    says(kubectl, "apply -f -", SETTINGS, "configmap/settings unchanged")?;
    says(kubectl, "apply -f -", &SETTINGS.replace("a: b", "a: c"), "configmap/settings configured")?;
    says(kubectl, "apply view-last-applied configmap settings", "", "a: c")?;
    let difference = kubectl.say(&["diff", "-f", "-"], SETTINGS)?;
    ensure!(!difference.ok && difference.out.contains("+  a: b"), "{}{}", difference.out, difference.err);
    refused(
        kubectl,
        "apply --server-side --field-manager=other -f -",
        SETTINGS,
        "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.a",
    )?;
    says(
        kubectl,
        "apply --server-side --force-conflicts -f -",
        SETTINGS,
        "configmap/settings serverside-applied",
    )?;
    let other = SETTINGS.replace("name: settings", "name: other");
    says(
        kubectl,
        "apply --prune -l set=a --prune-allowlist=core/v1/ConfigMap -f -",
        &other,
        "configmap/settings pruned",
    )?;
    let typed = WEB.replace("replicas", "replicsa");
    refused(kubectl, "create -f -", &typed, r#"strict decoding error: unknown field "spec.replicsa""#)?;
    says(kubectl, "create --validate=warn -f -", &typed, r#"Warning: unknown field "spec.replicsa""#)?;
    kubectl.run(&["delete", "deployment", "web"])?;
    let number = SETTINGS.replace("a: b", "a: 1");
    let words = "json: cannot unmarshal number into Go struct field ConfigMap.data of type string";
    refused(kubectl, "create -f -", &number, words)?;
    says(kubectl, "apply -f -", WEB, "deployment.apps/web created")?;
    refused(kubectl, "apply -f -", &typed, "The request is invalid: patch: Invalid value: \"map[")?;
    let unlike = WEB.replace("app: web", "app: other");
    refused(kubectl, "apply -f -", &unlike, "spec.selector: Invalid value:")?;
    says(kubectl, "replace --force -f -", &other, "configmap/other replaced")?;
    says(kubectl, "delete -f -", &other, "configmap \"other\" deleted")
}

fn changes(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(WEB)?;
    for (command, expect) in [
        ("label deployment web tier=front", "deployment.apps/web labeled"),
        ("label deployment web tier=back --overwrite", "deployment.apps/web labeled"),
        ("annotate deployment web note=yes", "deployment.apps/web annotated"),
        ("set image deployment/web web=nginx:2", "deployment.apps/web image updated"),
        ("set env deployment/web A=b", "deployment.apps/web env updated"),
        ("set resources deployment/web --limits=cpu=200m", "resource requirements updated"),
        ("scale deployment web --replicas=3", "deployment.apps/web scaled"),
        ("get deployment web --subresource=scale", "DESIRED"),
        ("wait deployment web --for=jsonpath={.spec.replicas}=3 --timeout=20s", "condition met"),
        ("rollout pause deployment web", "paused"),
        ("rollout resume deployment web", "resumed"),
        ("rollout restart deployment web", "restarted"),
    ] {
        says(kubectl, command, "", expect)?;
    }
    refused(kubectl, "label deployment web tier=side", "", "--overwrite is false")?;
    eventually("three revisions", || says(kubectl, "rollout history deployment web", "", "\n3"))?;
    says(kubectl, "rollout undo deployment web --to-revision=1", "", "rolled back")?;
    let patch = r#"{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:4"}]}}}}"#;
    kubectl.run(&["patch", "deployment", "web", "-p", patch])?;
    let patch = r#"{"status":{"collisionCount":7}}"#;
    kubectl.run(&["patch", "deployment", "web", "--subresource=status", "--type=merge", "-p", patch])?;
    let now = kubectl
        .path(&["deployment", "web"], "{.spec.template.spec.containers[*].image} {.status.collisionCount}")?;
    ensure!(now == "nginx:4 7", "{now}");
    // What the controller notes on the deployment is no change of what is wanted.
    kubectl.apply(&WEB.replace("name: web}\nspec", "name: still}\nspec"))?;
    eventually("the revision is noted", || {
        let noted = r"{.metadata.annotations.deployment\.kubernetes\.io/revision} {.metadata.generation}";
        let now = kubectl.path(&["deployment", "still"], noted)?;
        ensure!(now == "1 1", "{now}");
        Ok(())
    })
}

fn shows(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(WEB)?;
    eventually("a pod", || says(kubectl, "get pods -o name", "", "pod/web-"))?;
    for (command, expect) in [
        ("get all", "deployment.apps/web"),
        ("get all -o wide", "SELECTOR"),
        ("get deployment web -o yaml", "creationTimestamp: \""),
        ("get deployment web -o custom-columns=N:.metadata.name,R:.spec.replicas", "web   1"),
        ("get deployment web -o go-template={{.metadata.name}}", "web"),
        ("get pods --chunk-size=1 --all-namespaces", "NAMESPACE"),
        (
            "get endpoints",
            "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        ),
        ("get componentstatuses", "Warning: v1 ComponentStatus is deprecated in v1.19+"),
        ("get componentstatuses", "Healthy"),
        ("describe deployment web", "ScalingReplicaSet"),
        ("describe replicaset -l app=web", "Pods Status:"),
        ("describe pods -l app=web", "QoS Class:"),
        ("get events", "ScalingReplicaSet"),
        ("events", "ScalingReplicaSet"),
        ("api-resources", "deployments"),
        ("api-resources --verbs=list --namespaced -o name", "endpointslices.discovery.k8s.io"),
        ("api-versions", "apps/v1"),
        ("version", "Server Version: v1.35"),
        ("cluster-info", "control plane"),
        ("explain pods.spec.containers.resources", "ResourceRequirements"),
        ("explain deployment --recursive", "maxSurge"),
        ("get --raw /readyz?verbose", "readyz check passed"),
        ("get pods --watch --request-timeout=1s", "web-"),
    ] {
        says(kubectl, command, "", expect)?;
    }
    for (command, expect) in [
        ("get nosuch", "the server doesn't have a resource type \"nosuch\""),
        ("get pods nosuch", "Error from server (NotFound): pods \"nosuch\" not found"),
        ("get pods --field-selector foo=bar", "field label not supported: foo"),
        ("get --raw /apis/rbac.authorization.k8s.io/v1/roles/some", "could not find the requested resource"),
        ("top pods", "Metrics API not available"),
    ] {
        refused(kubectl, command, "", expect)?;
    }
    Ok(())
}

fn deletes(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(WEB)?;
    eventually("a set", || says(kubectl, "get replicasets -o name", "", "replicaset.apps/web-"))?;
    says(kubectl, "delete deployment web --cascade=orphan", "", "deployment.apps \"web\" deleted")?;
    let owner = "{.items[*].metadata.ownerReferences}";
    ensure!(kubectl.path(&["replicasets", "-l", "app=web"], owner)?.is_empty());
    says(kubectl, "delete replicasets --all --cascade=foreground", "", "deleted")?;
    eventually("no pods", || says(kubectl, "get pods", "", "No resources found"))?;
    says(kubectl, "run lone --image=nginx", "", "pod/lone created")?;
    says(kubectl, "delete pod lone --grace-period=0 --force", "", "pod \"lone\" force deleted")?;
    refused(kubectl, "delete pod lone", "", "not found")?;
    kubectl.run(&["create", "configmap", "one"])?;
    says(kubectl, "delete configmap one --dry-run=server", "", "(server dry run)")?;
    says(kubectl, "delete configmap one two --ignore-not-found", "", "configmap \"one\" deleted")
}

fn handles_nodes(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let made = kubectl.run_with(
        &["create", "-o", "name", "-f", "-"],
        "apiVersion: v1\nkind: Node\nmetadata: {generateName: n-}\n",
    )?;
    let node = made.trim().trim_start_matches("node/").to_owned();
    let outcome = (|| {
        for (command, expect) in [
            ("taint node NODE a=b:NoSchedule", "tainted"),
            ("cordon NODE", "cordoned"),
            ("drain NODE --dry-run=server", "drained (server dry run)"),
            ("uncordon NODE", "uncordoned"),
            ("describe node NODE", "a=b:NoSchedule"),
            ("get node NODE -o wide", "INTERNAL-IP"),
            ("label node NODE zone=a", "labeled"),
        ] {
            says(kubectl, &command.replace("NODE", &node), "", expect)?;
        }
        Ok(())
    })();
    kubectl.run(&["delete", "node", &node])?;
    outcome
}

fn handles_access(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    says(kubectl, "auth can-i create pods", "", "yes")?;
    says(kubectl, "auth can-i --list", "", "selfsubjectreviews.authentication.k8s.io")?;
    refused(kubectl, "auth can-i delete pods --as=jane", "", "no")?;
    says(kubectl, "auth whoami", "", "kubernetes-admin")?;
    let request = "
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {generateName: jane-}
spec: {signerName: example.com/own, usages: [client auth], request: REQUEST}
";
    let key = "MIHuMIGVAgEAMDMxFTATBgNVBAMMDG1pem16ZW4tamFuZTEaMBgGA1UECgwRbWl6emVuOmRldmVsb3BlcnM=";
    // A request that is none is refused by validation, with the field's name.
    refused(kubectl, "create -f -", &request.replace("REQUEST", key), "spec.request: Invalid value:")?;
    refused(kubectl, "certificate approve nothing", "", "not found")?;
    says(kubectl, "create serviceaccount bob", "", "created")?;
    says(kubectl, "create role reader --verb=get --resource=configmaps", "", "created")?;
    let bound = format!("create rolebinding bob --role=reader --serviceaccount={}:bob", namespace(kubectl)?);
    says(kubectl, &bound, "", "created")?;
    let token = kubectl.run(&["create", "token", "bob"])?;
    ensure!(token.split('.').count() == 3, "{token}");
    Ok(())
}

/// The namespace a test works in: that of its default ServiceAccount.
fn namespace(kubectl: &Kubectl) -> Result<String> {
    eventually("the namespace's account", || {
        kubectl.path(&["serviceaccount", "default"], "{.metadata.namespace}")
    })
}

const CHART: [(&str, &str); 7] = [
    ("Chart.yaml", "apiVersion: v2\nname: greet\nversion: 0.1.0\n"),
    ("values.yaml", "word: hello\n"),
    (
        "templates/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: '{{ .Release.Name }}'}\n\
         stringData: {word: {{ .Values.word | quote }}}\n",
    ),
    (
        "templates/hook.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: '{{ .Release.Name }}-hook'\n  annotations:\n    \
         helm.sh/hook: pre-install,pre-upgrade,pre-rollback\n    \
         helm.sh/hook-delete-policy: before-hook-creation\ndata: {revision: '{{ .Release.Revision }}'}\n",
    ),
    ("templates/web.yaml", WEB),
    (
        "crds/tones.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: tones.greet.example}\n\
         spec:\n  group: greet.example\n  scope: Namespaced\n  names: {plural: tones, kind: Tone}\n  versions:\n  \
         - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        \
         properties: {spec: {type: object, properties: {pitch: {type: string, default: low}}}}\n",
    ),
    (
        "templates/tone.yaml",
        "apiVersion: greet.example/v1\nkind: Tone\nmetadata: {name: '{{ .Release.Name }}'}\nspec: {}\n",
    ),
];

fn helm(program: &Path, cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let namespace = namespace(kubectl)?;
    let folder = cluster.data_dir().with_file_name(&namespace);
    fs::create_dir_all(folder.join("chart/templates"))?;
    fs::create_dir_all(folder.join("chart/crds"))?;
    for (file, text) in CHART {
        fs::write(folder.join("chart").join(file), text).context(file)?;
    }
    let helm = |args: &[&str]| {
        let mut command = Command::new(program);
        command.arg("--kubeconfig").arg(cluster.kubeconfig()).args(["--namespace", &namespace]).args(args);
        for own in ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
            command.env(own, folder.join(own));
        }
        run(command.current_dir(&folder))
    };
    let word = |expect: &str| {
        let now = kubectl.path(&["secret", "greet"], "{.data.word}")?;
        ensure!(now == expect, "{now}");
        Ok(())
    };
    helm(&["install", "greet", "./chart"])?;
    word("aGVsbG8=")?;
    ensure!(
        kubectl.path(&["tones.greet.example", "greet"], "{.spec.pitch}")? == "low",
        "of the chart's own kind"
    );
    helm(&["upgrade", "greet", "./chart", "--set", "word=bye"])?;
    word("Ynll")?;
    ensure!(kubectl.path(&["configmap", "greet-hook"], "{.data.revision}")? == "2", "the hook ran again");
    helm(&["rollback", "greet", "1"])?;
    word("aGVsbG8=")?;
    let history = helm(&["history", "greet"])?;
    ensure!(history.contains("Rollback to 1"), "{history}");
    helm(&["status", "greet"])?;
    helm(&["uninstall", "greet"])?;
    refused(kubectl, "get deployment web", "", "not found")?;
    refused(kubectl, "get secret greet", "", "not found")
}

fn python(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let script = root().join("tests/clients/session.py");
    let mut command = Command::new(clients().join("python/bin/python"));
    command.arg(script).arg(cluster.kubeconfig()).arg(namespace(kubectl)?);
    let said = run(&mut command)?;
    ensure!(said.trim() == "done", "{said}");
    Ok(())
}

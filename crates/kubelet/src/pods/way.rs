//! A pod's way to being Ready, as its worker notes it for the trace.

use std::borrow::Cow;

use k8s_openapi::api::core::v1::{Pod, PodStatus};
use mizzen_trace::{Chain, Record, Recorder, Uuid};

use super::spec;

/// What the kubelet's records say who they are of.
const COMPONENT: &str = "kubelet";

/// Up to the first time that the pod is Ready, stages follow each other without a gap; from then on each begins with
/// the worker's step.
pub(crate) struct Way {
    recorder: Recorder,
    uid: Option<Uuid>,
    since_us: i64,
    was_ready: bool,
}

fn is_ready(status: &PodStatus) -> bool {
    let conditions = status.conditions.iter().flatten();
    conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

impl Way {
    /// Of a pod that is seen for the first time; after a restart of the kubelet it may have been Ready for long.
    pub(crate) fn new(recorder: Recorder, pod: &Pod) -> Self {
        let uid = spec::uid(pod);
        let was_ready = is_ready(&spec::status(pod));
        recorder.note(uid, COMPONENT, "seen");
        Self { uid: uid.parse().ok(), since_us: recorder.now_us(), recorder, was_ready }
    }

    /// A new step begins.
    pub(crate) fn step(&mut self) {
        if self.was_ready {
            self.since_us = self.recorder.now_us();
        }
    }

    /// A stage has ended.
    pub(crate) fn passed(&mut self, stage: impl Into<Cow<'static, str>>) {
        let Some(uid) = self.uid.filter(|_| self.recorder.is_on()) else { return };
        let mut chain = Chain::new(self.since_us);
        self.since_us = self.recorder.now_us();
        chain.mark(stage, self.since_us);
        self.recorder.push(Record::new(uid, COMPONENT, chain));
    }

    /// A status was made.
    pub(crate) fn reported(&mut self, status: &PodStatus) {
        if !self.was_ready && is_ready(status) {
            self.was_ready = true;
            self.passed("ready");
        }
    }
}

#[cfg(test)]
mod tests {
    use mizzen_clock::Env;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_time_ready_ends_the_way() {
        let uid = "7ce3d1f3-0000-4000-8000-000000000000";
        let recorder = Recorder::new(Env::system());
        let pod: Pod = serde_json::from_value(json!({ "metadata": { "uid": uid } })).expect("a pod");
        let status = |ready: &str| -> PodStatus {
            let conditions = json!({ "conditions": [{ "type": "Ready", "status": ready }] });
            serde_json::from_value(conditions).expect("a status")
        };
        let mut way = Way::new(recorder.clone(), &pod);
        way.step();
        way.passed("sandbox");
        for ready in ["False", "True", "False", "True"] {
            way.reported(&status(ready));
        }
        let records = recorder.of(uid.parse().expect("a uid"));
        let stages: Vec<&str> = records.iter().flat_map(|one| &one.stages).map(|mark| &*mark.stage).collect();
        assert_eq!(stages, ["seen", "sandbox", "ready"]);
        assert!(records.is_sorted_by_key(|record| record.begin_us));
    }
}

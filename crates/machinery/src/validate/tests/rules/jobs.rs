//! Jobs and cron jobs.

use super::super::*;

#[test]
fn jobs_have_rules_1() {
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completions":-1,"backoffLimitPerIndex":1,"maxFailedIndexes":1,"managedBy":"x","completionMode":"Odd"}"#,
        &[
            "spec.completions: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.managedBy: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")"#,
            r#"spec.completionMode: Unsupported value: "Odd": supported values: "NonIndexed", "Indexed""#,
        ],
    );
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completions":3,"parallelism":200000,"completionMode":"Indexed","maxFailedIndexes":5}"#,
        &[
            "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
            "spec.parallelism: Invalid value: 200000: must be less than or equal to 100000 when completion mode is Indexed",
            "spec.maxFailedIndexes: Invalid value: 5: must be less than or equal to completions",
        ],
    );
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completions":200000,"parallelism":20000,"completionMode":"Indexed","backoffLimitPerIndex":1}"#,
        &[
            "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
            "spec.parallelism: Invalid value: 20000: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index",
        ],
    );
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"backoffLimitPerIndex":1}"#,
        &["spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"],
    );
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"podFailurePolicy":{"rules":[{"action":""},{"action":"FailIndex","onExitCodes":{"operator":"In","values":[0,3,2,2],"containerName":"z"}},{"action":"Odd","onPodConditions":[{"type":"a b","status":""}],"onExitCodes":{"operator":"Odd","values":[]}}]},"podReplacementPolicy":"TerminatingOrFailed"}"#,
        &[
            r#"spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]"#,
            "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
            r#"spec.podFailurePolicy.rules[1].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set"#,
            r#"spec.podFailurePolicy.rules[1].onExitCodes.containerName: Invalid value: "z": must be one of the container or initContainer names in the pod template"#,
            "spec.podFailurePolicy.rules[1].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator",
            "spec.podFailurePolicy.rules[1].onExitCodes.values[3]: Duplicate value: 2",
            "spec.podFailurePolicy.rules[1].onExitCodes.values: Invalid value: [0,3,2,2]: must be ordered",
            r#"spec.podFailurePolicy.rules[2].action: Unsupported value: "Odd": supported values: "Count", "FailIndex", "FailJob", "Ignore""#,
            r#"spec.podFailurePolicy.rules[2].onExitCodes.operator: Unsupported value: "Odd": supported values: "In", "NotIn""#,
            "spec.podFailurePolicy.rules[2].onExitCodes.values: Invalid value: []: at least one value is required",
            r#"spec.podFailurePolicy.rules[2].onPodConditions[0].type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "spec.podFailurePolicy.rules[2]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported",
            r#"spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed""#,
        ],
    );
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"successPolicy":{"rules":[]}}"#,
        &[r#"spec.successPolicy: Invalid value: {"rules":[]}: requires indexed completion mode"#],
    );
}

#[test]
fn jobs_have_rules_2() {
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completions":3,"completionMode":"Indexed","successPolicy":{"rules":[{},{"succeededIndexes":"0-9","succeededCount":5},{"succeededIndexes":"0","succeededCount":2}]}}"#,
        &[
            "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified",
            r#"spec.successPolicy.rules[1].succeededIndexes: Invalid value: "0-9": error parsing succeededIndexes: too large index: "9""#,
            "spec.successPolicy.rules[1].succeededCount: Invalid value: 5: must be less than or equal to 3 (the number of specified completions)",
            "spec.successPolicy.rules[1].succeededCount: Invalid value: 5: must be less than or equal to 0 (the number of indexes in the specified succeededIndexes field)",
            "spec.successPolicy.rules[2].succeededCount: Invalid value: 2: must be less than or equal to 1 (the number of indexes in the specified succeededIndexes field)",
        ],
    );
    check(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"OnFailure"}},"podFailurePolicy":{"rules":[]}}"#,
        &[
            r#"spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified"#,
        ],
    );
    check(
        "batch",
        "Job",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}"#,
        &[
            "metadata.uid: Required value",
            "spec.template.metadata.labels[controller-uid]: Required value: must be ''",
            "spec.template.metadata.labels[job-name]: Required value: must be 'x'",
            "spec.template.metadata.labels[batch.kubernetes.io/controller-uid]: Required value: must be ''",
            "spec.template.metadata.labels[batch.kubernetes.io/job-name]: Required value: must be 'x'",
            r#"spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` not auto-generated"#,
        ],
    );
}

#[test]
fn jobs_keep_what_they_have() {
    check_update(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completionMode":"Indexed","completions":2,"parallelism":2}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completionMode":"Indexed","completions":3,"parallelism":2}"#,
        &["spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism"],
    );
    check_update(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completionMode":"Indexed","completions":2,"parallelism":2}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completionMode":"Indexed","completions":3,"parallelism":3}"#,
        &[],
    );
    check_update(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"managedBy":"a.b/c"}"#,
        &[r#"spec.managedBy: Invalid value: "a.b/c": field is immutable"#],
    );
    check_update(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"podFailurePolicy":{"rules":[]}}"#,
        &[r#"spec.podFailurePolicy: Invalid value: {"rules":[]}: field is immutable"#],
    );
    check_update(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"suspend":true}"#,
        r#""spec":{"manualSelector":true,"suspend":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never","nodeSelector":{"a":"b"}}}}"#,
        &[],
    );
    check_update(
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"OnFailure"}}}"#,
        &[
            r#"spec.template: Invalid value: {"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}],"restartPolicy":"OnFailure","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},"schedulerName":"default-scheduler"}}: field is immutable"#,
        ],
    );
}

#[test]
fn status_of_jobs_has_rules_1() {
    check_part(
        "status",
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"active":-1,"ready":1,"uncountedTerminatedPods":{"succeeded":["","a","a"],"failed":["a"]}}"#,
        &[
            "status.active: Invalid value: -1: must be greater than or equal to 0",
            r#"status.uncountedTerminatedPods.succeeded[0]: Invalid value: "": must not be empty"#,
            r#"status.uncountedTerminatedPods.succeeded[2]: Duplicate value: "a""#,
            r#"status.uncountedTerminatedPods.failed[0]: Duplicate value: "a""#,
            "status.ready: Invalid value: 1: cannot set more ready pods than active",
        ],
    );
    check_part(
        "status",
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"conditions":[{"type":"Complete","status":"True"},{"type":"Failed","status":"True"}]}"#,
        &[
            "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
            "status.completionTime: Required value: completionTime is required for Complete jobs",
            "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition",
            "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
            "status.startTime: Required value: startTime is required for finished job",
        ],
    );
    check_part(
        "status",
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"conditions":[{"type":"Failed","status":"True"}],"active":1}"#,
        &[
            "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition",
            "status.active: Invalid value: 1: active>0 is invalid for finished job",
            "status.startTime: Required value: startTime is required for finished job",
        ],
    );
    check_part(
        "status",
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"completionTime":"2026-01-01T00:00:00Z"}"#,
        &[
            r#"status.completionTime: Invalid value: "2026-01-01T00:00:00Z": cannot set completionTime when there is no Complete=True condition"#,
        ],
    );
    check_part(
        "status",
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"failed":2,"conditions":[{"type":"FailureTarget","status":"True"}]}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"failed":1}"#,
        &[
            "status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition",
            "status.failed: Invalid value: 1: cannot decrease the failed counter",
        ],
    );
}

#[test]
fn status_of_jobs_has_rules_2() {
    check_part(
        "status",
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}},"completions":3},"status":{"completedIndexes":"5","failedIndexes":"1"}"#,
        &[
            r#"status.completedIndexes: Invalid value: "5": error parsing completedIndexes: too large index: "5""#,
            r#"status.completedIndexes: Invalid value: "5": cannot set non-empty completedIndexes when non-indexed completion mode"#,
            r#"status.failedIndexes: Invalid value: "1": cannot set non-null failedIndexes when backoffLimitPerIndex is null"#,
        ],
    );
    check_part(
        "status",
        "batch",
        "Job",
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"startTime":"2026-01-01T00:00:00Z"}"#,
        r#""spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}},"status":{"conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}],"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:01Z"}"#,
        &[],
    );
}

#[test]
fn cron_jobs_have_rules() {
    check(
        "batch",
        "CronJob",
        r#""spec":{"schedule":"","jobTemplate":{"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}}}"#,
        &["spec.schedule: Required value"],
    );
    check(
        "batch",
        "CronJob",
        r#""spec":{"schedule":"TZ=UTC * * * * *","jobTemplate":{"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}}}"#,
        &[
            r#"spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead"#,
        ],
    );
    check(
        "batch",
        "CronJob",
        r#""spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}},"timeZone":"Odd/Zone","concurrencyPolicy":"Odd","startingDeadlineSeconds":-1,"failedJobsHistoryLimit":-1}"#,
        &[
            "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.timeZone: Invalid value: "Odd/Zone": unknown time zone Odd/Zone"#,
            r#"spec.concurrencyPolicy: Unsupported value: "Odd": supported values: "Allow", "Forbid", "Replace""#,
            "spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
        ],
    );
    check(
        "batch",
        "CronJob",
        r#""spec":{"schedule":"@every 1x","jobTemplate":{"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}},"timeZone":""}"#,
        &[
            r#"spec.schedule: Invalid value: "@every 1x": failed to parse duration @every 1x: time: invalid duration "1x""#,
            r#"spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string"#,
        ],
    );
    check(
        "batch",
        "CronJob",
        r#""spec":{"schedule":"@every 1h","jobTemplate":{"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}},"timeZone":"Europe/Berlin"}"#,
        &[],
    );
    check(
        "batch",
        "CronJob",
        r#""spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}},"timeZone":"local"}"#,
        &[
            r#"spec.timeZone: Invalid value: "local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"#,
            r#"spec.timeZone: Invalid value: "local": unknown time zone local"#,
        ],
    );
    check(
        "batch",
        "CronJob",
        r#""spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}}}}}"#,
        &[
            r#"spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated"#,
            r#"spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false""#,
        ],
    );
}

pub(super) const ALL: &[fn()] = &[
    jobs_have_rules_1,
    jobs_have_rules_2,
    jobs_keep_what_they_have,
    status_of_jobs_has_rules_1,
    status_of_jobs_has_rules_2,
    cron_jobs_have_rules,
];

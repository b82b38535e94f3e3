//! Flags of kube-apiserver whose features Mizzen does not have yet: refused by name, never passed over.

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// Without the dashes.
const FLAGS: &[&str] = &[
    "admission-control-config-file",
    "aggregator-reject-forwarding-redirect",
    "allow-metric-labels",
    "allow-metric-labels-manifest",
    "apiserver-count",
    "audit-log-batch-buffer-size",
    "audit-log-batch-max-size",
    "audit-log-batch-max-wait",
    "audit-log-batch-throttle-burst",
    "audit-log-batch-throttle-enable",
    "audit-log-batch-throttle-qps",
    "audit-log-compress",
    "audit-log-format",
    "audit-log-maxage",
    "audit-log-maxbackup",
    "audit-log-maxsize",
    "audit-log-mode",
    "audit-log-path",
    "audit-log-truncate-enabled",
    "audit-log-truncate-max-batch-size",
    "audit-log-truncate-max-event-size",
    "audit-log-version",
    "audit-policy-file",
    "audit-webhook-batch-buffer-size",
    "audit-webhook-batch-max-size",
    "audit-webhook-batch-max-wait",
    "audit-webhook-batch-throttle-burst",
    "audit-webhook-batch-throttle-enable",
    "audit-webhook-batch-throttle-qps",
    "audit-webhook-config-file",
    "audit-webhook-initial-backoff",
    "audit-webhook-mode",
    "audit-webhook-truncate-enabled",
    "audit-webhook-truncate-max-batch-size",
    "audit-webhook-truncate-max-event-size",
    "audit-webhook-version",
    "authentication-config",
    "authentication-token-webhook-cache-ttl",
    "authentication-token-webhook-config-file",
    "authentication-token-webhook-version",
    "authorization-config",
    "authorization-policy-file",
    "authorization-webhook-cache-authorized-ttl",
    "authorization-webhook-cache-unauthorized-ttl",
    "authorization-webhook-config-file",
    "authorization-webhook-version",
    "contention-profiling",
    "coordinated-leadership-lease-duration",
    "coordinated-leadership-renew-deadline",
    "coordinated-leadership-retry-period",
    "cors-allowed-origins",
    "debug-socket-path",
    "delete-collection-workers",
    "disable-http2-serving",
    "disabled-metrics",
    "egress-selector-config-file",
    "emulated-version",
    "emulation-forward-compatible",
    "enable-aggregator-routing",
    "enable-garbage-collector",
    "enable-logs-handler",
    "enable-priority-and-fairness",
    "encryption-provider-config",
    "encryption-provider-config-automatic-reload",
    "etcd-count-metric-poll-period",
    "etcd-db-metric-poll-interval",
    "etcd-servers-overrides",
    "goaway-chance",
    "identity-lease-duration-seconds",
    "identity-lease-renew-interval-seconds",
    "kubelet-port",
    "kubelet-read-only-port",
    "lease-max-object-count",
    "livez-grace-period",
    "log-flush-frequency",
    "log-json-info-buffer-size",
    "log-json-split-stream",
    "log-text-info-buffer-size",
    "log-text-split-stream",
    "max-connection-bytes-per-sec",
    "min-compatibility-version",
    "oidc-ca-file",
    "oidc-client-id",
    "oidc-groups-claim",
    "oidc-groups-prefix",
    "oidc-issuer-url",
    "oidc-required-claim",
    "oidc-signing-algs",
    "oidc-username-claim",
    "oidc-username-prefix",
    "peer-advertise-ip",
    "peer-advertise-port",
    "peer-ca-file",
    "profiling",
    "proxy-client-cert-file",
    "proxy-client-key-file",
    "runtime-config-emulation-forward-compatible",
    "service-account-signing-endpoint",
    "show-hidden-metrics-for-version",
    "shutdown-send-retry-after",
    "shutdown-watch-termination-grace-period",
    "storage-initialization-timeout",
    "strict-transport-security-directives",
    "tracing-config-file",
    "vmodule",
];

/// Values that ask for nothing that is not so already.
const HARMLESS: &[(&str, &str)] = &[
    ("contention-profiling", "false"),
    ("enable-aggregator-routing", "false"),
    ("enable-garbage-collector", "true"),
    ("enable-logs-handler", "false"),
    ("enable-priority-and-fairness", "false"),
    ("goaway-chance", "0"),
    ("profiling", "false"),
    ("shutdown-send-retry-after", "false"),
];

/// Takes the flags, to refuse them.
#[derive(Debug)]
pub(super) struct Unsupported;

impl Args for Unsupported {
    fn augment_args(command: Command) -> Command {
        FLAGS.iter().fold(command, |command, name| {
            let arg = Arg::new(*name).long(*name).hide(true).num_args(0..=1).action(ArgAction::Append);
            command.arg(arg.default_missing_value("true"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Unsupported {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        for name in FLAGS {
            if matches.value_source(name) != Some(ValueSource::CommandLine) {
                continue;
            }
            let mut values = matches.get_many::<String>(name).into_iter().flatten();
            if values.all(|value| HARMLESS.contains(&(name, value.as_str()))) {
                continue;
            }
            return Err(clap::Error::raw(
                ErrorKind::InvalidValue,
                format!("--{name} is not supported yet\n"),
            ));
        }
        Ok(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Unsupported, String> {
        let command = Unsupported::augment_args(Command::new("test"));
        let matches = command.try_get_matches_from([&["test"], arguments].concat());
        let matches = matches.map_err(|error| error.to_string())?;
        Unsupported::from_arg_matches(&matches).map_err(|error| error.to_string())
    }

    #[test]
    fn refused_by_name() {
        let error = parse(&["--oidc-issuer-url", "https://issuer"]).expect_err("refused");
        assert!(error.contains("--oidc-issuer-url is not supported yet"), "{error}");
        parse(&["--profiling"]).expect_err("refused");
        parse(&["--profiling=true"]).expect_err("refused");
        parse(&["--profiling=false"]).expect("nothing is profiled anyway");
        parse(&[]).expect("nothing asked for");
        let error = parse(&["--no-such-flag"]).expect_err("unknown");
        assert!(error.contains("unexpected argument '--no-such-flag'"), "{error}");
    }
}

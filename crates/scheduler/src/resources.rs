//! Amounts of resources: processor time in thousandths, everything else in whole units.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Text;
use mizzen_machinery::quantity::Quantity;

/// What a container without a request counts as when nodes are compared, so that many of them spread out.
/// Source: kube-scheduler's defaults, 100m and 200 MB.
const CPU_MILLI_UNSET: i64 = 100;
const MEMORY_UNSET: i64 = 200 * 1024 * 1024;

/// Amounts of each resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Resources {
    pub(crate) cpu_milli: i64,
    pub(crate) memory: i64,
    pub(crate) ephemeral_storage: i64,
    pub(crate) pods: i64,
    /// Huge pages and extended resources.
    pub(crate) others: BTreeMap<String, i64>,
}

impl Resources {
    /// Reads quantities; malformed ones, which the API server refuses, count as nothing.
    pub(crate) fn of(quantities: &BTreeMap<String, Text>) -> Self {
        let mut resources = Self::default();
        for (name, Text(text)) in quantities {
            let Ok(quantity) = text.parse::<Quantity>() else { continue };
            match name.as_str() {
                "cpu" => resources.cpu_milli = quantity.milli_value(),
                "memory" => resources.memory = quantity.value(),
                "ephemeral-storage" => resources.ephemeral_storage = quantity.value(),
                "pods" => resources.pods = quantity.value(),
                _ => {
                    resources.others.insert(name.clone(), quantity.value());
                }
            }
        }
        resources
    }

    /// Each amount of `other` put together with the one here by `join`.
    fn combine(&mut self, other: &Self, join: impl Fn(i64, i64) -> i64) {
        self.cpu_milli = join(self.cpu_milli, other.cpu_milli);
        self.memory = join(self.memory, other.memory);
        self.ephemeral_storage = join(self.ephemeral_storage, other.ephemeral_storage);
        self.pods = join(self.pods, other.pods);
        for (name, amount) in &other.others {
            let own = self.others.entry(name.clone()).or_default();
            *own = join(*own, *amount);
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.combine(other, i64::saturating_add);
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        self.combine(other, i64::saturating_sub);
        self.others.retain(|_, amount| *amount != 0);
    }
}

/// What a pod asks for: exactly, and for comparing nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Requests {
    /// As asked for.
    pub(crate) exact: Resources,
    /// The same with something for containers that ask for nothing.
    pub(crate) nonzero: Resources,
}

impl Requests {
    /// The requests of one container.
    pub(crate) fn of(quantities: &BTreeMap<String, Text>) -> Self {
        let exact = Resources::of(quantities);
        let mut nonzero = exact.clone();
        if !quantities.contains_key("cpu") {
            nonzero.cpu_milli = CPU_MILLI_UNSET;
        }
        if !quantities.contains_key("memory") {
            nonzero.memory = MEMORY_UNSET;
        }
        Self { exact, nonzero }
    }

    /// The same amounts for both purposes.
    pub(crate) fn exactly(resources: Resources) -> Self {
        Self { nonzero: resources.clone(), exact: resources }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.exact.add(&other.exact);
        self.nonzero.add(&other.nonzero);
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        self.exact.subtract(&other.exact);
        self.nonzero.subtract(&other.nonzero);
    }

    pub(crate) fn at_least(&mut self, other: &Self) {
        self.exact.combine(&other.exact, i64::max);
        self.nonzero.combine(&other.nonzero, i64::max);
    }

    /// Amounts that are set in `resources` win.
    pub(crate) fn replace(&mut self, resources: &Resources) {
        let join = |own: i64, other: i64| if other > 0 { other } else { own };
        self.exact.combine(resources, join);
        self.nonzero.combine(resources, join);
    }
}

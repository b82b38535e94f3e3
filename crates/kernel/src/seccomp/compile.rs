//! From profiles to filters.
//!
//! A filter of seccompiler knows two actions: one for what matches, one for the rest. A profile with more becomes
//! several filters; the kernel asks all of them, and the most severe answer counts.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

use super::profile::{Action, Argument, Comparison, Profile, Rule, number};
use super::{Program, pack};

/// Why a profile is no filter.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// This processor has no system call filters here.
    #[error("no seccomp filters for {0}")]
    Architecture(&'static str),
    /// The back end refuses.
    #[error("compile a seccomp profile")]
    Backend(#[from] seccompiler::BackendError),
}

type Chains = BTreeMap<i64, Vec<SeccompRule>>;

/// Compiles a profile. System calls that this processor does not have are left out.
pub fn compile(profile: &Profile) -> Result<Vec<Program>, CompileError> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)
        .map_err(|_| CompileError::Architecture(std::env::consts::ARCH))?;
    let mut programs = Vec::new();
    let mut add = |chains: Chains, rest: Action, matched: Action| -> Result<(), CompileError> {
        let filter = SeccompFilter::new(chains, action(rest), action(matched), architecture)?;
        programs.push(words(&BpfProgram::try_from(filter)?));
        Ok(())
    };
    if profile.default != Action::Allow {
        // What any rule names leaves the default action; rules that do more than allow follow below.
        add(
            chains(profile.rules.iter().filter(|rule| rule.action != profile.default))?,
            profile.default,
            Action::Allow,
        )?;
    }
    let mut severe = Vec::<Action>::new();
    for rule in &profile.rules {
        if rule.action != Action::Allow && rule.action != profile.default && !severe.contains(&rule.action) {
            severe.push(rule.action);
        }
    }
    for wanted in severe {
        add(chains(profile.rules.iter().filter(|rule| rule.action == wanted))?, Action::Allow, wanted)?;
    }
    Ok(programs)
}

/// Each system call's conditions; an empty list matches always.
fn chains<'a>(rules: impl Iterator<Item = &'a Rule>) -> Result<Chains, CompileError> {
    let mut chains = BTreeMap::<i64, Option<Vec<SeccompRule>>>::new();
    for rule in rules {
        for name in &rule.names {
            let Some(number) = number(name) else { continue };
            let entry = chains.entry(number).or_insert_with(|| Some(Vec::new()));
            if rule.arguments.is_empty() {
                *entry = None;
            } else if let Some(list) = entry {
                let conditions = rule.arguments.iter().map(condition).collect::<Result<Vec<_>, _>>()?;
                list.push(SeccompRule::new(conditions)?);
            }
        }
    }
    Ok(chains.into_iter().map(|(number, chain)| (number, chain.unwrap_or_default())).collect())
}

fn condition(argument: &Argument) -> Result<SeccompCondition, CompileError> {
    let operator = match argument.comparison {
        Comparison::Equal => SeccompCmpOp::Eq,
        Comparison::NotEqual => SeccompCmpOp::Ne,
        Comparison::Less => SeccompCmpOp::Lt,
        Comparison::LessOrEqual => SeccompCmpOp::Le,
        Comparison::Greater => SeccompCmpOp::Gt,
        Comparison::GreaterOrEqual => SeccompCmpOp::Ge,
        Comparison::MaskedEqual(mask) => SeccompCmpOp::MaskedEq(mask),
    };
    let length = if argument.wide { SeccompCmpArgLen::Qword } else { SeccompCmpArgLen::Dword };
    Ok(SeccompCondition::new(argument.index, length, operator, argument.value)?)
}

fn action(action: Action) -> SeccompAction {
    match action {
        Action::Allow => SeccompAction::Allow,
        Action::Errno(number) => SeccompAction::Errno(u32::from(number)),
        Action::KillThread => SeccompAction::KillThread,
        Action::KillProcess => SeccompAction::KillProcess,
        Action::Log => SeccompAction::Log,
        Action::Trap => SeccompAction::Trap,
    }
}

fn words(program: &BpfProgram) -> Program {
    program.iter().map(|step| pack(step.code, step.jt, step.jf, step.k)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::runtime_default;
    use super::*;
    use crate::caps::Caps;

    #[test]
    fn the_default_profile_compiles_small() {
        let programs = compile(&runtime_default(Caps::default())).expect("compiled");
        // Refuse by default; and say "no such call" to clone3.
        assert_eq!(programs.len(), 2);
        assert!(programs[0].len() < 4096, "{}", programs[0].len());
        let all = compile(&runtime_default(Caps::ALL)).expect("compiled");
        assert_eq!(all.len(), 1);
    }

    #[test]
    fn every_name_of_the_default_profile_is_a_call() {
        for rule in runtime_default(Caps::ALL).rules {
            for name in rule.names {
                assert!(number(&name).is_some(), "{name}");
            }
        }
    }
}

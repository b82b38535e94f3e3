//! The kubelet's side of the Container Runtime Interface.

mod client;
mod labels;
mod model;

pub(crate) use client::{Cri, CriError};
pub(crate) use labels::*;
pub(crate) use model::{Container, PodRuntime};

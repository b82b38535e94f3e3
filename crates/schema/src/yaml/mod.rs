//! YAML in and out of the tree, as `sigs.k8s.io/yaml` reads and prints it.

mod emit;
mod order;
mod read;

pub use emit::encode;
pub use read::{decode, decode_shape};

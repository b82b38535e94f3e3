//! Tests of whole engines.

mod crash;
mod damage;
mod engines;
mod etcd;
mod model;

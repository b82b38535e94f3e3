//! The API server over a memory store, through the in-process client.

mod attacks;
mod custom;
mod deletion;
mod fields;
mod lists;
mod media;
mod objects;
mod patches;
mod pods;
mod serving;
mod standard;
mod strategies;
mod support;
mod watches;
mod writes;

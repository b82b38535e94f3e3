//! Machinery against the reference data of the API level, and its laws on objects of every built-in kind.

mod applies;
mod codecs;
mod conversions;
mod defaults;
mod fill;
mod merges;

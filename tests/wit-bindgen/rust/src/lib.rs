//! Two guests made by wit-bindgen for Rust, to send values to and from guests of as-rill: `--features echo` or `runner`.
#[cfg(feature = "echo")]
mod echo;
#[cfg(feature = "runner")]
mod runner;

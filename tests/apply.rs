//! Manifests, and what `apply` makes of them.

mod command;
mod manifest;
mod rights;
mod service;

//! Manifests, and what `apply` makes of them.

mod manifest;
mod service;

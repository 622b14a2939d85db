//! Workspaces: directories with a life of their own on a mounted share (Amazon EFS, another NFS, a local disk).
//!
//! [`domain`] is pure; [`share`] is the only room that makes file calls; [`service`] puts both together; [`serve`] speaks the
//! job-storage API over HTTP. What is kept on disk, and what holds after a kill, is in `docs/WORKSPACE.md`.
//!
//! # Features
//!
//! - `serve` (on): the HTTP server.

pub mod domain;
#[cfg(feature = "serve")]
pub mod serve;
pub mod service;
pub mod share;

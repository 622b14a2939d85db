//! The words of the field, as values: ids, what is asked for, what is there, and the difference.
//!
//! Pure: no async, no SDK, no clock, no printing.

pub mod access_point;
pub mod action;
pub mod advice;
pub mod alarm;
pub mod deployment;
pub mod diff;
pub mod endpoint;
pub mod event;
pub mod expiry;
pub mod field;
pub mod finding;
pub mod goal;
pub mod ids;
pub mod inventory;
pub mod keyword;
pub mod leftover;
pub mod lifecycle_state;
#[cfg(test)]
pub(crate) mod mutants;
pub mod network;
pub mod observed;
pub mod orphan;
pub mod partition;
pub mod placement;
pub mod plan;
pub mod ranges;
pub mod region;
pub mod resource;
pub mod settings;
pub mod spec;
pub mod state;
pub mod tags;
pub mod text;
pub mod variables;
pub mod verification;
pub(crate) mod wildcard;
pub mod word;
pub mod zones;

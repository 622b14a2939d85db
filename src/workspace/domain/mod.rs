//! What a workspace is: names, paths, states, limits, the files that describe it. Pure: no file calls, no clock.

pub mod download;
pub mod due;
pub mod lease;
pub mod limits;
pub mod metadata;
pub mod name;
pub mod path;
pub mod plan;
pub mod pretty;
pub mod record;
pub mod stamp;
pub mod state;
pub mod step;
pub mod text;

//! The sandbox.
#![allow(
    clippy::pedantic,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that fails should stop where it fails, and processes know only real time"
)]

mod attached;
mod ec2_instances;
mod ec2_interfaces;
mod ec2_listing;
mod ec2_network;
mod ec2_prefix_lists;
mod ec2_regions;
mod ec2_rules;
mod ec2_security_groups;
mod ec2_support;
mod ec2_tags;
mod ec2_wire;
mod efs_access_points;
mod efs_creation;
mod efs_day_two;
mod efs_file_systems;
mod efs_interfaces;
mod efs_mount_targets;
mod efs_replication;
mod efs_settings;
mod efs_support;
mod efs_throughput;
mod efs_wire;
mod host;
mod order;
mod recorded;
mod surroundings;
mod tomorrow;
mod worlds;

//! What the fields of a request are called on the command line.

use crate::domain::field::Field;

/// The flag of each field.
pub const FLAGS: &[(Field, &str)] = &[
    (Field::Vpc, "--vpc"),
    (Field::Subnet, "--subnet"),
    (Field::Zone, "--az"),
    (Field::OneZone, "--one-zone"),
    (Field::SecurityGroup, "--security-group"),
    (Field::AllowFrom, "--allow-from"),
    (Field::RemoveAllowFrom, "--remove-allow-from"),
    (Field::OpenToTheWorld, "--open-to-the-world"),
    (Field::RulesPerGroup, "--rules-per-group"),
    (Field::IpType, "--ip-type"),
    (Field::KmsKey, "--kms-key"),
    (Field::Unencrypted, "--unencrypted"),
    (Field::Throughput, "--throughput"),
    (Field::Performance, "--performance"),
    (Field::TransitionToIa, "--transition-to-ia"),
    (Field::TransitionToArchive, "--transition-to-archive"),
    (Field::TransitionToPrimary, "--transition-to-primary"),
    (Field::Transitions, "--transition-to-…"),
    (Field::Backup, "--backup"),
    (Field::Policy, "--policy"),
    (Field::BypassLockoutCheck, "--bypass-lockout-check"),
    (Field::Hardened, "--hardened"),
    (Field::ReplicateTo, "--replicate-to"),
    (Field::ReplicaKmsKey, "--replica-kms-key"),
    (Field::AccessPoint, "--access-point"),
    (Field::Tag, "--tag"),
    (Field::Expires, "--expires"),
    (Field::Yes, "--yes"),
    (Field::Force, "--force"),
    (Field::WithData, "--with-data"),
    (Field::RequireTag, "--require-tag"),
    (Field::Client, "--client"),
    (Field::Timeout, "--timeout"),
    (Field::Region, "--region"),
    (Field::Profile, "--profile"),
    (Field::EndpointUrl, "--endpoint-url"),
    (Field::FailOn, "--fail-on"),
    (Field::Baseline, "--baseline"),
    (Field::Strict, "--strict"),
    (Field::Fix, "--fix"),
    (Field::Any, "--any"),
    (Field::Resolver, "--resolver"),
    (Field::CaFile, "--cafile"),
    (Field::DryRun, "--dry-run"),
    (Field::For, "--for"),
    (Field::Iam, "--iam"),
    (Field::NoTls, "--no-tls"),
    (Field::PlainNfs, "--plain-nfs"),
    (Field::ReadOnly, "--read-only"),
    (Field::Path, "--path"),
    (Field::As, "--as"),
    (Field::MountPoint, "--mount-point"),
    (Field::ContainerPath, "--container-path"),
    (Field::Container, "--container"),
    (Field::Owner, "--owner"),
    (Field::Mode, "--mode"),
    (Field::Ip, "--ip"),
    (Field::Schedule, "--schedule"),
    (Field::Var, "--var"),
    (Field::Write, "--write"),
];

/// What they are called where they are keys of a manifest, if not by their names: that of a zone, and flags of `apply`.
pub const KEYS: &[(Field, &str)] = &[
    (Field::Zone, "az"),
    (Field::Transitions, "transition_to_…"),
    (Field::Tag, "tags"),
    (Field::Yes, "--yes"),
    (Field::Timeout, "--timeout"),
    (Field::Region, "--region"),
    (Field::Profile, "--profile"),
    (Field::EndpointUrl, "--endpoint-url"),
    (Field::DryRun, "--dry-run"),
];

/// What they are called by `doctor`, whose client is where it is asked from.
pub const DOCTOR: &[(Field, &str)] = &[
    (Field::Client, "--from"),
    (Field::Timeout, "--timeout"),
    (Field::Region, "--region"),
    (Field::Profile, "--profile"),
    (Field::EndpointUrl, "--endpoint-url"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_field_has_a_flag_that_some_command_takes() {
        let cli = Cli::command();
        let arguments = cli
            .get_arguments()
            .chain(cli.get_subcommands().flat_map(clap::Command::get_arguments));
        let long = arguments.filter_map(clap::Arg::get_long);
        let flags: BTreeSet<String> = long.map(|name| format!("--{name}")).collect();
        for field in Field::ALL {
            let (_, flag) = FLAGS.iter().find(|(known, _)| *known == field).unwrap();
            let begin = flag.trim_end_matches('…');
            assert!(
                flags
                    .iter()
                    .any(|known| known == flag || begin != *flag && known.starts_with(begin)),
                "{field}: {flag}"
            );
        }
        assert_eq!(FLAGS.len(), Field::ALL.len());
    }
}

//! `efsctl doctor`.

use std::str::FromStr;

use clap::Args;

use crate::audit::clients::ClientRef;
use crate::domain::ids::Reference;

/// What `efsctl doctor --help` begins with.
pub const ABOUT: &str = "Find out why a file system cannot be mounted or used

Reads what AWS shows, what this host shows, and the message of the client, and names the causes, the most likely one first, with the command \
that removes each. Changes nothing. What cannot be read is `unknown`, never a pass. Exits 3 if a cause is certain or likely. docs/DOCTOR.md \
lists the causes.";

/// `efsctl doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,
    /// Where it is mounted from; repeatable. `here`: this host is asked (programs, kernel, names, NFS, mounts). An instance `i-…`, a
    /// security group `sg-…`, a subnet `subnet-…`, a VPC `vpc-…` or an address range: its security groups, network ACLs and routes are judged.
    /// Default: here
    #[arg(long, value_name = "CLIENT|here")]
    from: Vec<From>,
    /// Begin with this message of the client, for example "mount.nfs4: Connection timed out"
    #[arg(long, value_name = "TEXT", value_parser = message)]
    pub error: Option<String>,
}

/// Where a file system is mounted from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum From {
    /// This host.
    Here,
    /// A client that AWS knows.
    Client(ClientRef),
}

impl FromStr for From {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "here" {
            return Ok(Self::Here);
        }
        let client = text.parse().map(Self::Client);
        client.map_err(|_| {
            format!(
                "`{text}` is not where a client is: expected `here`, an instance `i-…`, a security group `sg-…`, a subnet `subnet-…`, a VPC `vpc-…`, or an address range such as `10.0.0.0/16`"
            )
        })
    }
}

impl DoctorArgs {
    /// Whether this host is asked.
    pub fn asks_this_host(&self) -> bool {
        self.from.is_empty() || self.from.contains(&From::Here)
    }

    /// The clients whose way is judged.
    pub fn clients(&self) -> Vec<ClientRef> {
        let clients = self.from.iter().filter_map(|from| match from {
            From::Client(client) => Some(client.clone()),
            From::Here => None,
        });
        clients.collect()
    }
}

fn message(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("the message is empty: expected what the client printed".to_owned());
    }
    Ok(text.to_owned())
}

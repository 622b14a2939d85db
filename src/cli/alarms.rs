//! `efsctl alarms`.

use clap::Args;

use super::keyword::keyword;
use crate::cost::Size;
use crate::cost::exact::ceiling;
use crate::domain::alarm::AlarmWish;
use crate::domain::ids::Reference;
use crate::export::alarms::AlarmFormat;

/// What `efsctl alarms --help` begins with.
pub const ABOUT: &str = "Show the CloudWatch alarms that a file system should have, or print them for another tool

They follow from its throughput and performance mode, its size and its replication; docs/ALARMS.md has the thresholds. Reads only: what is \
printed with --format puts them, by CloudFormation, Terraform or the AWS CLI. Their names are the same each time, so that putting them again \
changes nothing.";

/// `efsctl alarms`.
#[derive(Debug, Args)]
pub struct AlarmsArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,
    /// ARN of an SNS topic that hears of them; several: repeat it
    #[arg(long = "sns-topic", value_name = "ARN", value_parser = topic)]
    pub topics: Vec<String>,
    /// Also alarm where more than that is stored: 500GiB
    #[arg(long, value_name = "SIZE")]
    budget: Option<Size>,
    /// Also alarm where no client is connected for 15 minutes
    #[arg(long)]
    expect_clients: bool,
    /// Print them for that tool
    #[arg(long, value_parser = keyword::<AlarmFormat>(), value_name = "FORMAT")]
    pub format: Option<AlarmFormat>,
}

impl AlarmsArgs {
    /// What is asked for besides what every file system should have.
    pub fn wish(&self) -> AlarmWish {
        AlarmWish {
            budget: self.budget.as_ref().and_then(|size| ceiling(size.bytes())),
            expects_clients: self.expect_clients,
        }
    }
}

/// The ARN of a topic: `arn:aws:sns:eu-west-1:111122223333:ops`.
fn topic(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_plain = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !name.is_empty() && name.chars().all(plain)
    };
    match parts.as_slice() {
        ["arn", partition, "sns", region, account, name]
            if is_plain(partition)
                && is_plain(region)
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && is_plain(name) =>
        {
            Ok(text.to_owned())
        }
        _ => Err(format!(
            "`{text}` is not the ARN of a topic: expected one such as arn:aws:sns:eu-west-1:111122223333:ops"
        )),
    }
}

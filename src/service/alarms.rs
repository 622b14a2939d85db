//! Alarms that a file system should have. Makes no writing call.

use super::EfsService;
use crate::audit::gather::known;
use crate::cloud::Cloud;
use crate::domain::advice::Advice;
use crate::domain::alarm::{Alarm, AlarmWish, proposed};
use crate::domain::ids::Reference;
use crate::domain::state::FileSystem;
use crate::domain::word::Word;
use crate::error::Error;
use crate::provision::explain::explain;

/// What is proposed for a file system.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProposedAlarms {
    /// As AWS shows it.
    pub file_system: FileSystem,
    /// The alarms.
    pub alarms: Vec<Alarm>,
    /// What may be missing among them, and why.
    pub gaps: Vec<Advice>,
}

impl<C: Cloud> EfsService<C> {
    /// The alarms that a file system should have, by its throughput and performance mode, its size and its replication.
    ///
    /// # Errors
    ///
    /// As [`EfsService::find`]. Replications that may not be read are a gap in what is returned.
    pub async fn alarms(
        &self,
        reference: &Reference,
        wish: &AlarmWish,
    ) -> Result<ProposedAlarms, Error> {
        self.read(async || {
            let file_system = self.find(reference).await?;
            let read = known(self.cloud.replications_of(&file_system.id).await);
            let read = read.map_err(|error| explain(&error, "reading the replications"))?;
            let mut gaps = Vec::new();
            let replications = read.unwrap_or_else(|unavailable| {
                let why = Advice::from("no alarm for the lag of a replication: ");
                gaps.push(why.then(unavailable.why));
                Vec::new()
            });
            let throughput = file_system.throughput();
            if let Word::Other(word) = &throughput {
                gaps.push(Advice::from(format!(
                    "alarms that depend on the throughput mode may be missing: it is {word}"
                )));
            }
            Ok(ProposedAlarms {
                alarms: proposed(&file_system, &replications, wish),
                file_system,
                gaps,
            })
        })
        .await
    }
}

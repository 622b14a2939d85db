//! The zones of a region, and in which of them EFS has mount targets.

use super::ids::Zone;
use super::state::State;

/// A zone of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneFacts {
    /// Its name.
    pub zone: Zone,
    /// Its kind, where EC2 tells: `availability-zone`, `local-zone`, `wavelength-zone`.
    pub kind: Option<String>,
    /// Its state, where EC2 tells: `available`, `constrained`, `impaired`, `unavailable`.
    pub state: Option<State>,
}

impl ZoneFacts {
    /// Why no mount target can be created in it.
    pub fn obstacle(&self) -> Option<String> {
        let kind = self.kind.as_ref();
        kind.filter(|kind| *kind != "availability-zone")
            .map(|kind| format!("is a {kind}, not an Availability Zone of this region"))
    }

    /// What makes a mount target in it doubtful. AWS decides: zones are `impaired` for hours, and what is there already stays.
    pub fn doubt(&self) -> Option<String> {
        let state = self.state.as_ref();
        state
            .filter(|state| **state != State::Available)
            .map(|state| {
                format!(
                    "{} is {state}, not available: a mount target there may fail",
                    self.zone
                )
            })
    }
}

/// Why no mount target can be made in that zone, by all that EC2 tells of the zones of the region; `None`: one can be.
pub fn obstacle_in(zone: &Zone, listed: &[ZoneFacts]) -> Option<String> {
    match listed.iter().find(|facts| facts.zone == *zone) {
        Some(facts) => facts.obstacle(),
        None => Some("is not an Availability Zone of this region".to_owned()),
    }
}

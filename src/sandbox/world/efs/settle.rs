//! The passing of time: what was being deleted goes.

use super::super::{Millis, Region};

impl Region {
    /// Sets the time of the call in progress, and removes the mount targets, access points and file systems
    /// whose deletion is over, and the sides of replications that are. States need nothing more: they follow from the time.
    pub fn settle(&mut self, now: Millis) {
        self.now = now;
        self.settle_mount_targets();
        self.settle_file_systems();
        self.access_points
            .retain(|_, access_point| !access_point.life.is_over(now));
    }

    fn settle_mount_targets(&mut self) {
        let over: Vec<String> = self
            .mount_targets
            .values()
            .filter(|target| target.life.is_over(self.now))
            .map(|target| target.id.clone())
            .collect();
        for id in over {
            if let Some(target) = self.mount_targets.remove(&id) {
                self.release_interface(&target.network_interface_id);
            }
        }
    }

    fn settle_file_systems(&mut self) {
        for file_system in self.file_systems.values_mut() {
            file_system.leave_replication(self.now);
        }
        let over: Vec<String> = self
            .file_systems
            .values()
            .filter(|file_system| file_system.life.is_over(self.now))
            .map(|file_system| file_system.id.clone())
            .collect();
        for id in over {
            self.file_systems.remove(&id);
            self.access_points
                .retain(|_, access_point| access_point.file_system_id != id);
        }
    }
}

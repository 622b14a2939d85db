//! What belongs to a file system: mount targets and access points.

use super::super::hcl::{Body, Expression};
use super::super::held;
use super::super::model::{ExportedFileSystem, ExportedMountTarget};
use super::{Resource, Writer, set_tags};
use crate::domain::access_point::AccessPoint;
use crate::domain::spec::IpType;

impl Writer<'_> {
    pub(super) fn mount_target(&mut self, of: &ExportedFileSystem, target: &ExportedMountTarget) {
        let shape = &target.mount_target;
        let mut resource = Resource::default();
        let what = format!("mount target {}", shape.id);
        if !held::stays(&what, &shape.state, &mut resource.notes) {
            return self.say(resource.notes);
        }
        resource.body.set("file_system_id", self.of(of));
        resource
            .body
            .set("subnet_id", Expression::text(&shape.subnet));
        if let Some(attachment) = held::attachment(target, &mut resource.notes) {
            let groups = attachment.groups.iter().map(|id| self.group_reference(id));
            resource
                .body
                .set("security_groups", Expression::List(groups.collect()));
            // IPv4 is the default, and older versions of the provider know nothing else.
            if attachment.ip_type() != IpType::Ipv4 {
                resource.body.set(
                    "ip_address_type",
                    Expression::text(attachment.ip_type().as_str()),
                );
            }
            for (argument, address) in [
                ("ip_address", attachment.ipv4),
                ("ipv6_address", attachment.ipv6),
            ] {
                if let Some(address) = address {
                    resource.body.set(argument, Expression::text(&address));
                }
            }
        }
        self.put(
            "aws_efs_mount_target",
            shape.id.as_str(),
            &shape.zone.to_string(),
            resource,
        );
    }

    pub(super) fn access_point(&mut self, of: &ExportedFileSystem, point: &AccessPoint) {
        let mut resource = Resource::default();
        let what = format!("access point {}", point.id);
        if !held::stays(&what, &point.state, &mut resource.notes) {
            return self.say(resource.notes);
        }
        if let Some(token) = held::token(point) {
            resource.notes.push(format!("client token: {token}"));
        }
        let body = &mut resource.body;
        body.set("file_system_id", self.of(of));
        let tags = held::tags(&point.tags, &mut resource.notes);
        set_tags(body, &tags);
        if let Some(user) = &point.user {
            let mut block = Body::default();
            block.set("uid", Expression::number(&user.uid));
            block.set("gid", Expression::number(&user.gid));
            if !user.secondary_gids.is_empty() {
                let gids = user.secondary_gids.iter().map(Expression::number);
                block.set("secondary_gids", Expression::List(gids.collect()));
            }
            body.block("posix_user", &[], block);
        }
        let mut root = Body::default();
        root.set("path", Expression::text(&point.path));
        if let Some(creation) = &point.creation {
            let mut block = Body::default();
            block.set("owner_uid", Expression::number(&creation.owner_uid));
            block.set("owner_gid", Expression::number(&creation.owner_gid));
            block.set("permissions", Expression::text(&creation.permissions));
            root.block("creation_info", &[], block);
        }
        body.block("root_directory", &[], root);
        let title = point.tags.get("Name").cloned().unwrap_or_default();
        self.put("aws_efs_access_point", point.id.as_str(), &title, resource);
    }
}

//! A `StorageClass`, a `PersistentVolume` and a `PersistentVolumeClaim` of the EFS CSI driver.

use serde_json::{Value, json};

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::yaml;

/// The volume, as the driver names it: `fs-…`, `fs-…:/path`, `fs-…::fsap-…` (aws-efs-csi-driver, `docs/README.md`).
fn handle(mount: &Mount<'_>) -> String {
    let (id, path) = (mount.id(), mount.path());
    match mount.access_point() {
        Some(point) => format!("{id}::{point}"),
        None if path.is_root() => id.to_owned(),
        None => format!("{id}:{path}"),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let id = mount.id();
    let class = format!("efs-{id}");
    let modes = if mount.request.read_only {
        json!(["ReadOnlyMany"])
    } else {
        json!(["ReadWriteMany"])
    };
    // Volumes of a class have access points of their own, of which each has a range of its own for group ids.
    let mut storage = json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": { "name": class },
        "provisioner": "efs.csi.aws.com",
        "parameters": {
            "provisioningMode": "efs-ap",
            "fileSystemId": id,
            "directoryPerms": "700",
            "basePath": "/dynamic",
            "subPathPattern": "${.PVC.namespace}/${.PVC.name}",
            "ensureUniqueDirectory": "true",
        },
    });
    let mut source = json!({ "driver": "efs.csi.aws.com", "volumeHandle": handle(mount) });
    if let (Value::Object(source), false) = (&mut source, mount.tls()) {
        let attributes = json!({ "encryptInTransit": "false" });
        source.insert("volumeAttributes".to_owned(), attributes);
    }
    let mut volume = json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": { "name": id },
        "spec": {
            // Kubernetes wants one, and nothing enforces it.
            "capacity": { "storage": "5Gi" },
            "volumeMode": "Filesystem",
            "accessModes": modes,
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": "",
            "csi": source,
        },
    });
    let options = options(mount);
    if !options.is_empty() {
        if let Some(Value::Object(spec)) = volume.get_mut("spec") {
            spec.insert("mountOptions".to_owned(), options.clone().into());
        }
        if let Value::Object(storage) = &mut storage {
            storage.insert("mountOptions".to_owned(), options.into());
        }
    }
    let claim = json!({
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": { "name": id },
        "spec": {
            "accessModes": modes,
            "resources": { "requests": { "storage": "5Gi" } },
            "storageClassName": "",
            "volumeName": id,
        },
    });
    let documents = [storage, volume, claim].map(|one| yaml::document(&one));
    Ok(Artefact::of(documents.join("---\n"))
        .note(format!("a claim of the class {class} gets an access point of its own, whose directory stays when the claim is deleted; the claim {id} is the file system itself, or the directory or access point that was named"))
        .note("the examples of driver 3 write efs: before the volume handle; this form is the one that older drivers take too"))
}

/// Options that the driver hands on to efs-utils. It adds `tls` and the access point itself.
fn options(mount: &Mount<'_>) -> Vec<String> {
    let is_own = |option: &&str| {
        !option.is_empty() && *option != "tls" && !option.starts_with("accesspoint=")
    };
    let options = mount.options(&[]);
    options
        .split(',')
        .filter(is_own)
        .map(str::to_owned)
        .collect()
}
